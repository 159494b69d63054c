"""The registry, told as given / when / then."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import pytest

from kingmaker.contracts.desks import COMPONENTS, Desk, slot_of
from kingmaker.contracts.models import schema_of
from kingmaker.kernel import snapshot
from kingmaker.registry import decider
from kingmaker.registry.domain import (
    ApplyPolicy,
    Event,
    Message,
    ModelRefused,
    ModelRegistered,
    ModelSound,
    ModelUnsound,
    OfferBootstrap,
    OfferModel,
    PolicyApplied,
    State,
    TrainingCompleted,
    VerificationRequested,
)
from kingmaker.registry.service import build

SLOT = "online_learning@btc-1h"
SLOTS = [slot_of(component, "btc-1h") for component in COMPONENTS]
SHIPPED, TRAINED = "a" * 64, "b" * 64
NOW_MS = 1_000_000
DUE_MS = NOW_MS + decider.VERIFICATION_MS
SCHEMA = schema_of("online_learning")

BOOT = OfferBootstrap(SLOT, SHIPPED, 512, NOW_MS)
CHECK_BOOT = VerificationRequested(
    SLOT, SHIPPED, "bootstrap", "shipped", DUE_MS, 1, "v1.0.0-bootstrap", 512
)
TRAINING = TrainingCompleted(
    training="tr-0001",
    slot=SLOT,
    digest=TRAINED,
    size_bytes=900,
    dataset_digest="d" * 64,
    data_from_ms=1,
    data_until_ms=2,
    trades=400,
    seed=7,
    metrics={"log_loss": 0.6},
    candidate=True,
    parent="v1.0.0-bootstrap",
    time_ms=NOW_MS,
)
CHECK_TRAINED = VerificationRequested(
    *(SLOT, TRAINED, "trained", "tr-0001", DUE_MS, 1, "v1.1.0-trained", 900),
    parent="v1.0.0-bootstrap",
    metrics={"log_loss": 0.6},
    data_from_ms=1,
    data_until_ms=2,
    trades=400,
    seed=7,
    dataset_digest="d" * 64,
)
OFFER = OfferModel("c-1", SLOT, TRAINED, 900, "tuned", "ada", "a better prior", NOW_MS, again=False)


def given(*history: Event) -> State:
    """Return what the registry believes after its own history."""
    return reduce(decider.evolve, history, State())


def when(state: State, message: Message) -> Sequence[Event]:
    """Return what the registry says to `message`."""
    return decider.build(SLOTS)(state, None, message, {})


def registered(request: VerificationRequested) -> Event:
    """Return what the registry says when these bytes are sound."""
    schema = schema_of(request.slot.partition("@")[0])
    [event] = when(given(request), ModelSound(request.digest, request.slot, schema))
    return event


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"slot": "alchemy@btc-1h"}, "unknown_component"),
        ({"slot": "online_learning@nowhere"}, "unknown_component"),
        ({"digest": ""}, "digest_missing"),
        ({"digest": "A" * 64}, "digest_mismatch"),
        ({"digest": "../../etc"}, "digest_mismatch"),
        ({"size_bytes": (64 << 20) + 1}, "too_large"),
        ({"size_bytes": 0}, "too_large"),
        ({"origin": "somewhere"}, "untrusted_origin"),
        ({"origin": "bootstrap"}, "untrusted_origin"),
        ({"actor": ""}, "untrusted_origin"),
        ({"reason": ""}, "untrusted_origin"),
    ],
)
def test_an_offer_that_cannot_be_meant_is_refused_unread(
    change: dict[str, str | int], reason: str
) -> None:
    [refused] = when(given(), replace(OFFER, **change))  # type: ignore[arg-type] # by field name
    assert isinstance(refused, ModelRefused)
    assert (refused.reason, refused.source) == (reason, "c-1")


def test_bytes_that_break_a_rule_exist_for_nobody() -> None:
    unsound = ModelUnsound(TRAINED, SLOT, "external_data", "outside")
    [refused] = when(given(CHECK_TRAINED), unsound)
    assert refused == ModelRefused(
        *(SLOT, TRAINED, "trained", "tr-0001", "external_data", "outside", DUE_MS)
    )
    state = given(CHECK_TRAINED, refused)
    assert not decider.effects(state)
    assert not state.slots[SLOT].versions


def test_a_model_checked_by_another_schema_is_refused() -> None:
    [refused] = when(given(CHECK_TRAINED), ModelSound(TRAINED, SLOT, "f" * 64))
    assert isinstance(refused, ModelRefused)
    assert refused.reason == "signature_mismatch"


def test_what_could_not_be_checked_is_tried_three_times() -> None:
    failed = ModelUnsound(SHIPPED, SLOT, "unavailable", "the disk failed")
    state = given(CHECK_BOOT)
    for attempt in (2, 3):
        [again] = when(state, failed)
        assert again == replace(
            CHECK_BOOT, attempt=attempt, due_ms=DUE_MS + (attempt - 1) * decider.VERIFICATION_MS
        )
        state = decider.evolve(state, again)
        assert len(decider.effects(state)) == 1
    [refused] = when(state, failed)
    assert isinstance(refused, ModelRefused)
    assert refused.reason == "unavailable"


def test_a_broken_rule_is_final_at_the_first_attempt() -> None:
    [refused] = when(given(CHECK_BOOT), ModelUnsound(SHIPPED, SLOT, "parity", "off"))
    assert isinstance(refused, ModelRefused)


def test_a_shipped_bundle_is_checked_before_it_exists() -> None:
    assert when(given(), BOOT) == [CHECK_BOOT]
    [effect] = decider.effects(given(CHECK_BOOT))
    assert (effect.kind, effect.due_ms, effect.payload) == ("registry.verify", DUE_MS, CHECK_BOOT)


def test_a_slot_gets_its_bootstrap_once_whatever_happens_between() -> None:
    assert when(given(CHECK_BOOT), BOOT) == []
    filled = given(CHECK_BOOT, registered(CHECK_BOOT))
    assert when(filled, BOOT) == []
    assert when(filled, replace(BOOT, digest="c" * 64, time_ms=9)) == []  # of a later release


def test_a_half_filled_desk_is_filled_at_the_next_start() -> None:
    state = given(CHECK_BOOT, registered(CHECK_BOOT))
    requests = [
        event for slot in SLOTS for event in when(state, OfferBootstrap(slot, SHIPPED, 512, NOW_MS))
    ]
    asked = [event.slot for event in requests if isinstance(event, VerificationRequested)]
    assert asked == [slot for slot in SLOTS if slot != SLOT]


def test_a_bootstrap_that_was_refused_is_offered_again_at_the_next_start() -> None:
    refused = when(given(CHECK_BOOT), ModelUnsound(SHIPPED, SLOT, "digest_mismatch", ""))
    assert when(given(CHECK_BOOT, *refused), BOOT) == [CHECK_BOOT]


def test_a_candidate_becomes_the_next_version_with_all_that_is_known_of_it() -> None:
    state = given(CHECK_BOOT, registered(CHECK_BOOT))
    assert when(state, TRAINING) == [CHECK_TRAINED]
    assert registered(CHECK_TRAINED) == ModelRegistered(
        slot=SLOT,
        model="v1.1.0-trained",
        digest=TRAINED,
        size_bytes=900,
        origin="trained",
        source="tr-0001",
        parent="v1.0.0-bootstrap",
        metrics={"log_loss": 0.6},
        data_from_ms=1,
        data_until_ms=2,
        trades=400,
        seed=7,
        dataset_digest="d" * 64,
        time_ms=DUE_MS,
    )


def test_the_version_of_a_trained_model_names_the_origin_that_its_training_names() -> None:
    [request] = when(
        given(CHECK_BOOT, registered(CHECK_BOOT)), replace(TRAINING, origin="distilled")
    )
    assert isinstance(request, VerificationRequested)
    assert (request.origin, request.version) == ("distilled", "v1.1.0-distilled")


def test_a_training_of_an_origin_that_is_none_is_refused_unread() -> None:
    [refused] = when(given(CHECK_BOOT, registered(CHECK_BOOT)), replace(TRAINING, origin="found"))
    assert isinstance(refused, ModelRefused)
    assert refused.reason == "untrusted_origin"


def test_a_training_that_yields_no_candidate_yields_no_model() -> None:
    assert when(given(), replace(TRAINING, candidate=False)) == []


def test_the_same_bytes_are_one_model_of_a_slot() -> None:
    for history in ((CHECK_TRAINED,), (CHECK_TRAINED, registered(CHECK_TRAINED))):
        assert when(given(*history), replace(TRAINING, training="tr-0002")) == []
        [refused] = when(given(*history), OFFER)
        assert isinstance(refused, ModelRefused)
        assert refused.reason == "known"
        assert given(*history, refused).open == given(*history).open


def test_a_person_may_register_the_same_bytes_again_as_a_new_version() -> None:
    """So returns a model that was rolled back: promotion asks for a registration."""
    first = registered(CHECK_TRAINED)
    again = replace(OFFER, again=True)
    [request] = when(given(CHECK_TRAINED, first), again)
    assert isinstance(request, VerificationRequested)
    assert (request.digest, request.version) == (TRAINED, "v1.2.0-tuned")
    [second] = when(given(CHECK_TRAINED, first, request), ModelSound(TRAINED, SLOT, SCHEMA))
    assert isinstance(second, ModelRegistered)
    assert (second.digest, second.model) == (TRAINED, "v1.2.0-tuned")
    state = given(CHECK_TRAINED, first, request, second)
    assert when(state, replace(again, command_id=OFFER.command_id)) == []  # once
    [refused] = when(given(CHECK_TRAINED, first, request), replace(again, command_id="c-2"))
    assert isinstance(refused, ModelRefused)  # while it is being checked
    assert refused.reason == "known"


def test_a_version_once_reserved_is_never_given_again() -> None:
    state = given(CHECK_TRAINED)
    [second] = when(state, replace(TRAINING, digest="e" * 64, training="tr-0002"))
    assert isinstance(second, VerificationRequested)
    assert second.version == "v1.2.0-trained"
    refused = when(state, ModelUnsound(TRAINED, SLOT, "parity", ""))
    [third] = when(given(CHECK_TRAINED, *refused), OFFER)
    assert isinstance(third, VerificationRequested)
    assert third.version == "v1.2.0-tuned"


def test_only_the_first_answer_to_an_open_check_counts() -> None:
    sound = ModelSound(TRAINED, SLOT, SCHEMA)
    state = given(CHECK_TRAINED, registered(CHECK_TRAINED))
    assert when(state, sound) == []
    assert when(state, ModelUnsound(TRAINED, SLOT, "parity", "")) == []
    assert when(given(), sound) == []


def test_a_command_acts_once() -> None:
    [request] = when(given(), OFFER)
    refused = when(given(request), ModelUnsound(TRAINED, SLOT, "parity", ""))
    assert when(given(request, *refused), OFFER) == []
    [again] = when(given(request, *refused), replace(OFFER, command_id="c-2"))
    assert isinstance(again, VerificationRequested)


def test_the_memory_of_commands_is_bounded() -> None:
    refusals = [
        ModelRefused(SLOT, TRAINED, "tuned", f"c-{n}", "parity", "", NOW_MS) for n in range(300)
    ]
    assert given(*refusals).sources == tuple(f"c-{n}" for n in range(44, 300))


def test_settings_are_recorded_when_they_change() -> None:
    assert when(given(), ApplyPolicy("h", {})) == [PolicyApplied("h", {})]
    assert when(given(PolicyApplied("h", {})), ApplyPolicy("h", {})) == []


def test_words_and_beliefs_survive_being_written_down() -> None:
    service = build([Desk("btc-1h", 0), Desk("eurusd-1h", 1)], 0)
    history = (CHECK_BOOT, registered(CHECK_BOOT), CHECK_TRAINED)
    for event in history:
        draft = service.events.encode(event)
        assert service.events.decode(draft.kind, draft.value) == event
    state = given(*history)
    assert snapshot.decode(State, snapshot.encode(state)) == state
    eurusd = replace(BOOT, slot="pm_optimizer@eurusd-1h")
    assert len(service.decide(state, None, eurusd, {})) == 1


def test_what_a_search_found_is_registered_with_its_origin_its_tag_and_its_parameters() -> None:
    found = {"l2": 30.0, "lookback_share": 0.5}
    [request] = when(given(), replace(TRAINING, origin="autogen", found=found))
    assert isinstance(request, VerificationRequested)
    assert (request.origin, request.version) == ("autogen", "v1.1.0-autogen")
    version = registered(request)
    assert isinstance(version, ModelRegistered)
    assert version.model == "v1.1.0-autogen"
    assert (version.tags, version.found) == ({"autogen": "true"}, found)


def test_who_taught_a_model_is_registered_with_it() -> None:
    taught = replace(TRAINING, origin="distilled", teacher="e" * 64)
    [request] = when(given(), taught)
    assert isinstance(request, VerificationRequested)
    version = registered(request)
    assert isinstance(version, ModelRegistered)
    assert (version.tags, version.source) == ({"teacher": "e" * 64}, TRAINING.training)
