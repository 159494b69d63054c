"""How the crown passes: first, by evidence, directly, and back."""

import pytest

from kingmaker.contracts.desks import COMPONENTS, slot_of
from kingmaker.kernel import snapshot
from kingmaker.kernel.service import Tick
from kingmaker.promotion.domain import State
from kingmaker.promotion.heard import ActivationFailed, ChampionFaulted, ChampionLost
from kingmaker.promotion.said import (
    ActivationOverdue,
    ChampionCrowned,
    ChampionRolledBack,
    ReignAcknowledged,
    RollbackImpossible,
    TrialClosed,
)
from tests.services.promotion.story import (
    BOOTSTRAP,
    DESK,
    OTHER,
    SLOT,
    START_MS,
    TRAINED,
    TRIAL,
    Story,
    activated,
    begun,
    direct,
    kinds,
    measured,
    registered,
    rollback,
    tried,
    warmed,
)

SLOTS = [slot_of(component, DESK) for component in COMPONENTS]


def crowned() -> Story:
    """Return a desk whose trader has not followed the second reign of the first slot yet."""
    story = tried()
    story.hear(measured())
    return story


def test_nine_are_crowned_in_one_step_when_the_ninth_model_is_there() -> None:
    story = Story()
    for slot in SLOTS[:-1]:
        assert kinds(story.hear(registered(slot, BOOTSTRAP, "bootstrap"))) == ["CandidateQueued"]
    _, *nine = story.hear(registered(SLOTS[-1], BOOTSTRAP, "bootstrap"))
    assert [event.slot for event in nine if isinstance(event, ChampionCrowned)] == SLOTS
    first = nine[0]
    assert isinstance(first, ChampionCrowned)
    assert (first.promotion, first.how, first.reign, first.expected) == (
        "p-0001@d",
        "bootstrap",
        1,
        "",
    )
    assert len({event.promotion for event in nine if isinstance(event, ChampionCrowned)}) == 9
    assert not story.state.waiting


def test_a_second_start_adds_no_reign() -> None:
    story = begun()
    for slot in SLOTS:
        assert story.hear(registered(slot, BOOTSTRAP, "bootstrap")) == []


def test_the_same_bootstrap_model_offered_twice_waits_once() -> None:
    story = Story()
    story.hear(registered(SLOT, BOOTSTRAP, "bootstrap"))
    assert story.hear(registered(SLOT, BOOTSTRAP, "bootstrap")) == []


def test_an_activation_is_acknowledged_once() -> None:
    story = crowned()
    told = activated(reign=2, lineup="nine'")
    assert story.hear(told) == [ReignAcknowledged(SLOT, 2, START_MS, "nine'", TRAINED)]
    assert story.state.lineup == "nine'"
    assert story.hear(told) == []


@pytest.mark.parametrize("reign", [1, 3])
def test_an_activation_of_another_reign_is_not_ours(reign: int) -> None:
    assert crowned().hear(activated(reign=reign)) == []


def test_a_failed_activation_is_rolled_back_by_itself() -> None:
    story = crowned()
    [back] = story.hear(ActivationFailed(SLOT, 2, "does not load"))
    assert isinstance(back, ChampionRolledBack)
    assert (back.from_model, back.to_model, back.reign) == (TRAINED, BOOTSTRAP, 3)
    assert (back.trigger, back.reason, back.actor) == ("activation_failed", "does not load", "")
    assert (back.promotion, back.to_digest) == ("p-0011@d", f"{SLOT} {BOOTSTRAP}")
    assert story.slot.rolled_back_ms == START_MS
    assert story.state.frozen == frozenset()


@pytest.mark.parametrize("reign", [1, 3])
def test_a_failure_of_another_reign_is_not_ours(reign: int) -> None:
    assert crowned().hear(ActivationFailed(SLOT, reign, "late")) == []
    assert crowned().hear(ChampionLost(SLOT, reign, "late")) == []


def test_a_failure_after_the_acknowledgement_is_not_believed() -> None:
    story = crowned()
    story.hear(activated(reign=2))
    assert story.hear(ActivationFailed(SLOT, 2, "odd")) == []


def test_a_lost_champion_is_rolled_back_and_its_trials_end() -> None:
    story = crowned()
    story.hear(activated(reign=2), registered(model="v1.2.0-trained"))
    back, closed = story.hear(ChampionLost(SLOT, 2, "gone"))
    assert isinstance(back, ChampionRolledBack)
    assert (back.trigger, back.to_model) == ("champion_lost", BOOTSTRAP)
    assert isinstance(closed, TrialClosed)
    assert closed.reason == "champion_changed"


def test_what_did_not_load_is_not_gone_back_to_by_itself() -> None:
    story = crowned()
    story.hear(ActivationFailed(SLOT, 2, "broken"))
    [impossible] = story.hear(ActivationFailed(SLOT, 3, "broken too"))
    assert impossible == RollbackImpossible(SLOT, 3, "activation_failed", "broken too", START_MS)
    assert story.slot.champion.model == BOOTSTRAP


def test_an_older_reign_is_gone_back_to_when_the_one_before_did_not_load() -> None:
    story = crowned()
    story.hear(activated(reign=2), registered(model="v1.2.0-trained"))
    story.hear(warmed("t-0002@d", model="v1.2.0-trained"), measured(trial="t-0002@d"))
    story.hear(ActivationFailed(SLOT, 3, "broken"))  # back to v1.1.0
    [back] = story.hear(ActivationFailed(SLOT, 4, "broken too"))
    assert isinstance(back, ChampionRolledBack)
    assert (back.to_model, back.reign) == (BOOTSTRAP, 5)


def test_a_first_champion_that_fails_has_nobody_to_go_back_to_and_that_is_said() -> None:
    story = Story()
    story.hear(*(registered(slot, BOOTSTRAP, "bootstrap") for slot in SLOTS))
    [impossible] = story.hear(ActivationFailed(SLOT, 1, "broken"))
    assert isinstance(impossible, RollbackImpossible)
    assert not story.slot.settled  # so nobody of the desk is crowned


def test_a_model_that_reigns_again_may_be_gone_back_to_again() -> None:
    story = crowned()
    story.hear(ActivationFailed(SLOT, 2, "broken"), activated(reign=3, model=BOOTSTRAP))
    assert story.slot.failed == {TRAINED}
    story.hear(rollback())  # a person may try
    story.hear(activated(reign=4, model=TRAINED))
    assert story.slot.failed == frozenset()


@pytest.mark.parametrize(
    "broken",
    [ChampionLost(SLOT, 3, "gone"), ChampionFaulted(SLOT, 3, "nonsense", 3, START_MS)],
)
def test_whom_a_person_removed_does_not_return_by_itself(
    broken: ChampionLost | ChampionFaulted,
) -> None:
    story = crowned()
    story.hear(activated(reign=2), rollback(), activated(reign=3, model=BOOTSTRAP))
    assert kinds(story.hear(broken)) == ["RollbackImpossible"]
    _, back = story.hear(rollback("c2"))
    assert isinstance(back, ChampionRolledBack)
    assert (back.to_model, back.trigger) == (TRAINED, "person")
    story.hear(activated(reign=4))
    assert story.slot.removed == {BOOTSTRAP}


def test_a_rollback_by_hand_that_the_trader_cannot_follow_leaves_the_crown_where_it_was() -> None:
    story = crowned()
    story.hear(activated(reign=2), rollback())
    [back] = story.hear(ActivationFailed(SLOT, 3, "broken"))
    assert isinstance(back, ChampionRolledBack)
    assert (back.to_model, back.reign) == (TRAINED, 4)


def test_silence_of_the_trader_is_said_once_after_ten_seconds() -> None:
    story = crowned()
    assert story.hear(Tick(START_MS + 9_999)) == []
    overdue = ActivationOverdue(SLOT, 2, START_MS + 10_000)
    assert story.hear(Tick(START_MS + 10_000)) == [overdue]
    assert story.hear(Tick(START_MS + 20_000)) == []


def test_a_state_from_a_snapshot_says_the_same_in_the_same_order() -> None:
    story = Story()
    story.hear(*(registered(slot, BOOTSTRAP, "bootstrap") for slot in SLOTS))
    restored = Story(state=snapshot.decode(State, snapshot.encode(story.state)))
    late = Tick(START_MS + 60_000)
    assert len(overdue := story.hear(late)) == len(SLOTS)
    assert restored.hear(late) == overdue


def test_a_direct_promotion_says_that_there_is_no_evidence() -> None:
    story = tried()
    _, promoted, closed = story.hear(direct())
    assert isinstance(promoted, ChampionCrowned)
    assert (promoted.how, promoted.model, promoted.actor) == ("direct", TRAINED, "ada")
    assert (promoted.findings, promoted.alpha, promoted.notice) == (
        (),
        0.0,
        "no evidence: crowned by command",
    )
    assert closed == TrialClosed(TRIAL, SLOT, "crowned", 0, 0.0, START_MS)
    assert story.state.budget.crowned == 0  # only evidence earns others a larger share
    assert story.state.slots[OTHER].reign == 1
