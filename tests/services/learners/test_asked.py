"""What people ask of the learners: signed, once, in time, or refused on record."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.signing import SigningKey
from kingmaker.governance.answers import CommandRefused, CommandTaken
from kingmaker.governance.keys import Key, KeyRevoked, KeyTrusted
from kingmaker.governance.orders import Signed
from kingmaker.kernel.lane import Draft
from kingmaker.kernel.service import Tick
from kingmaker.learners import decider, service
from kingmaker.learners.decider import Window
from kingmaker.learners.domain import (
    ChampionNoted,
    Event,
    JobAbandoned,
    Message,
    OutcomeCounted,
    PolicyApplied,
    State,
    TrainingBroke,
    TrainingStarted,
)
from kingmaker.learners.history import HistoricalRunStarted
from kingmaker.learners.people import (
    StartTraining,
    TrainingCancelled,
)
from tests import people

HOUR = 3_600_000
NOW = 20_000 * 24 * HOUR
SLOT = "online_learning@hourly"
PACKAGE = "kingmaker.learners.v1"
FIELDS: dict[str, Any] = {
    "command_id": "c-1",
    "actor": "ada",
    "reason": "the market changed",
    "issued_at_ms": NOW,
    "not_after_ms": NOW + HOUR,
}

decide = decider.build((Desk("hourly", 0),), ("neural_ucb", "online_learning"), service.seal())


def trusted(name: str, role: str) -> KeyTrusted:
    signer = people.key_of(name)
    key = Key(signer.key_id, signer.public_key, name, role, 0, 0)
    return KeyTrusted(key, "", "home", "a test", "", 0)


BELIEVED = (trusted("ada", "admin"), trusted("opal", "operator"), trusted("vic", "viewer"))
ALONE = PolicyApplied("h", {"learning.components": "online_learning"})
READY = (ALONE, *BELIEVED, ChampionNoted(SLOT, "v1"), OutcomeCounted("hourly", 40, NOW - HOUR))


def given(*history: Event) -> State:
    return reduce(decider.evolve, history, State())


def when(state: State, message: Message, now_ms: int = NOW) -> Sequence[Event]:
    return decide(state, Window(now_ms), message, {})


def signed(name: str, key: SigningKey = people.OPAL, **fields: object) -> Signed:
    content = message_class(PACKAGE, name)(**{**FIELDS, **fields})
    draft = people.signed(Draft(f"{PACKAGE}.{name}", content.SerializeToString()), key)
    envelope: Any = message_class("kingmaker.governance.v1", "Signed").FromString(draft.value)
    return Signed(envelope.key_id, envelope.type, envelope.payload, envelope.signature)


def asks(**fields: Any) -> Signed:  # noqa: ANN401 - fields of a message
    return signed("StartTraining", slot=SLOT, **fields)


def refusal(said: Sequence[Event]) -> str:
    [refused] = said
    assert isinstance(refused, CommandRefused)
    return refused.reason


def test_a_command_that_nobody_signed_is_refused() -> None:
    bare = StartTraining(slot=SLOT, scheduled=False, dry_run=False, **FIELDS)
    assert "unsigned" in refusal(when(given(*READY), bare))


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (signed("StartTraining", people.EVE, slot=SLOT), "unknown key"),
        (signed("StartTraining", people.VIC, slot=SLOT), "wrong role"),
        (replace(asks(), signature=bytes(64)), "forged"),
        (asks(not_after_ms=NOW - 1), "expired"),
        (asks(reason=""), "mandatory"),
        (
            signed("StartTraining", slot="regime_detector@hourly", scheduled=True),
            "regime_detector trades nothing by itself",
        ),
        (asks(origin="found"), "is no other way to train"),
        (asks(trials=50), "trials belong to a training of origin autogen"),
        (asks(origin="autogen"), "a search makes 2 to 1000 trials, not 0"),
        (asks(origin="autogen", trials=1), "a search makes 2 to 1000 trials, not 1"),
        (asks(origin="autogen", trials=-5), "a search makes 2 to 1000 trials, not -5"),
        (asks(origin="autogen", trials=1001), "a search makes 2 to 1000 trials, not 1001"),
        (signed("StartTraining", slot="cvar_ppo@hourly"), "is no slot that learns"),
        (
            signed("StartTraining", slot="neural_ucb@hourly"),
            "learning.components names online_learning; add it there",
        ),
        (signed("CancelTraining", training="tr-0009"), "no training is"),
        (signed("RetryTraining", training="tr-0009"), "was not abandoned or cancelled"),
        (replace(asks(), payload=b"\xff"), "its payload is no kingmaker.learners.v1.StartTraining"),
        (replace(asks(), type="kingmaker.risk.v1.Kill"), "is no command of learners"),
    ],
)
def test_a_command_that_may_not_act_is_refused_with_the_reason(command: Signed, why: str) -> None:
    assert why in refusal(when(given(*READY), command))


def test_on_a_live_host_a_command_from_the_future_does_not_act() -> None:
    limit = {"governance.max_ahead_minutes": "5"}
    live = given(*READY, PolicyApplied("h2", ALONE.values | limit))
    ahead = asks(issued_at_ms=NOW + 300_001)
    assert "from the future" in refusal(when(live, ahead))
    taken, started = when(live, ahead, NOW + 1)
    assert isinstance(taken, CommandTaken)
    assert isinstance(started, TrainingStarted)


def test_where_old_bars_are_played_the_time_of_people_runs_ahead() -> None:
    taken, *_ = when(given(*READY), asks(issued_at_ms=NOW + 9 * 24 * HOUR, not_after_ms=0))
    assert isinstance(taken, CommandTaken)


def test_without_a_closed_trade_there_is_nothing_to_learn_from() -> None:
    assert "no closed trade" in refusal(when(given(*BELIEVED), asks()))


def test_a_person_starts_a_training_that_names_them_and_is_due_at_once() -> None:
    taken, started = when(given(*READY), asks())
    assert isinstance(taken, CommandTaken)
    assert isinstance(started, TrainingStarted)
    assert (taken.target, taken.key_id) == (SLOT, people.OPAL.key_id)
    assert (started.cause, started.actor, started.command_id) == ("person", "ada", "c-1")
    assert (started.trades, started.due_ms, started.parent) == (40, NOW, "v1")


def test_a_command_acts_once() -> None:
    state = given(*READY, *when(given(*READY), asks()))
    assert "repeated" in refusal(when(state, asks()))


def test_a_command_acts_once_up_to_its_last_moment() -> None:
    first = when(given(*READY), asks())
    over = (*first, *when(given(*READY, *first), cancels("c-2")))
    last = NOW + HOUR
    later = signed("RetryTraining", command_id="c-3", training="tr-0001", issued_at_ms=last)
    state = given(*READY, *over, *when(given(*READY, *over), later, last))
    assert "repeated" in refusal(when(state, asks(), last))


def test_a_retry_forgets_no_trade_that_was_learned_from_since() -> None:
    begun = (*READY, *when(given(*READY), asks()))
    over = (*begun, *when(given(*begun), cancels("c-2")), OutcomeCounted("hourly", 41, NOW))
    soon = NOW + 6 * HOUR
    asked = asks(command_id="c-3", issued_at_ms=soon, not_after_ms=soon)
    second = (*over, *when(given(*over), asked, soon))
    broke = TrainingBroke("tr-0002", "no memory", permanent=True)
    ended = (*second, *when(given(*second), broke, soon))
    retry = signed("RetryTraining", command_id="c-4", training="tr-0001", not_after_ms=soon)
    state = given(*ended, *when(given(*ended), retry, soon))
    assert list(state.jobs) == ["tr-0001"]
    assert state.learned[SLOT] == 41


def test_a_slot_has_one_training_at_a_time_and_one_in_six_hours() -> None:
    begun = given(*READY, *when(given(*READY), asks()))
    assert "tr-0001 is under way" in refusal(when(begun, asks(command_id="c-2")))
    broke = TrainingBroke("tr-0001", "40 trades are too few", permanent=True)
    over = reduce(decider.evolve, when(begun, broke), begun)
    soon, late = NOW + 6 * HOUR - 1, NOW + 6 * HOUR
    again = asks(command_id="c-2", issued_at_ms=late, not_after_ms=late + HOUR)
    assert "one training in 6 hours" in refusal(when(over, again, soon))
    assert len(when(over, again, late)) == 2


def test_a_cancelled_training_is_no_open_effect_and_its_answer_is_dropped() -> None:
    begun = given(*READY, *when(given(*READY), asks()))
    taken, cancelled = when(begun, cancels("c-2"))
    assert isinstance(taken, CommandTaken)
    assert isinstance(cancelled, TrainingCancelled)
    assert (cancelled.slot, cancelled.reason) == (SLOT, "the market changed")
    state = decider.evolve(decider.evolve(begun, taken), cancelled)
    assert decider.effects(state) == []
    assert when(state, TrainingBroke("tr-0001", "killed", permanent=False)) == []
    assert "is not under way" in refusal(when(state, cancels("c-3")))


def cancels(command_id: str) -> Signed:
    return signed("CancelTraining", command_id=command_id, training="tr-0001")


def test_an_abandoned_training_is_tried_again_with_the_same_trades_and_seed() -> None:
    begun = given(*READY, *when(given(*READY), asks()))
    failed, abandoned = when(begun, TrainingBroke("tr-0001", "no memory", permanent=True))
    assert isinstance(abandoned, JobAbandoned)
    later: list[Event] = [failed, abandoned, OutcomeCounted("hourly", 41, NOW)]
    state = reduce(decider.evolve, later, begun)
    taken, started = when(state, signed("RetryTraining", command_id="c-2", training="tr-0001"))
    assert isinstance(started, TrainingStarted)
    first = begun.jobs["tr-0001"].started
    assert started == replace(first, command_id="c-2")
    after = decider.evolve(decider.evolve(state, taken), started)
    assert (after.trainings, after.ended, list(after.jobs)) == (1, {}, ["tr-0001"])


def test_what_came_to_nothing_is_forgotten_after_seven_days() -> None:
    week = 7 * 24 * HOUR
    begun = given(*READY, *when(given(*READY), asks()))
    state = reduce(
        decider.evolve, when(begun, TrainingBroke("tr-0001", "x", permanent=True)), begun
    )
    later = asks(command_id="c-2", issued_at_ms=NOW + week, not_after_ms=NOW + week + HOUR)
    state = reduce(decider.evolve, when(state, later, NOW + week), state)
    state = reduce(
        decider.evolve, when(state, TrainingBroke("tr-0002", "x", permanent=True)), state
    )
    assert list(state.ended) == ["tr-0002"]


def test_keys_are_repeated_once_and_the_earliest_end_of_a_key_counts() -> None:
    ada = trusted("ada", "admin")
    assert when(given(), ada) == (ada,)
    assert when(given(ada), ada) == ()
    late = KeyRevoked(ada.key.key_id, NOW + 2, "", "ben", "lost", "c-9", NOW)
    early = replace(late, from_ms=NOW + 1)
    assert when(given(), late) == ()
    assert when(given(ada), late) == (late,)
    assert when(given(ada, late), early) == (early,)
    assert when(given(ada, early), late) == ()


def test_a_revoked_key_starts_nothing() -> None:
    opal = people.OPAL.key_id
    revoked = KeyRevoked(opal, NOW, "", "ada", "lost", "c-9", NOW)
    assert "revoked key" in refusal(when(given(*READY, revoked), asks()))


def test_a_tick_alone_starts_nothing_of_what_people_may_ask_for() -> None:
    assert [type(said).__name__ for said in when(given(*READY), Tick(NOW))] == ["NightFell"]


def test_a_person_has_past_bars_learned_from_afresh_though_no_calendar_does() -> None:
    state, schedule = given(*READY), "historical_learning"
    said = when(state, signed("RunLearningJob", schedule=schedule))
    started = said[-1]
    assert isinstance(said[0], CommandTaken)
    assert isinstance(started, HistoricalRunStarted)
    assert (started.desk, started.mode, started.cause) == ("hourly", "intensive", "person")
    assert (started.actor, started.known, started.due_ms) == ("ada", "", NOW)
    again = signed("RunLearningJob", schedule=schedule, command_id="c-2")
    assert "hist-0001 is under way" in refusal(when(given(*READY, *said), again))
