"""Which trainings are due: a slot that is busy or was trained of late waits, whatever the cause."""

from collections.abc import Sequence

from kingmaker.learners import causes
from kingmaker.learners.domain import Event
from kingmaker.learners.triggers import Seen, Trigger
from tests.services.learners.test_triggers import (
    HOUR,
    NOON,
    ONLINE,
    PPO,
    counted,
    given,
    run_of,
    settings,
)

LOOKED: list[Seen] = []


def _always(seen: Seen) -> dict[str, float]:
    LOOKED.append(seen)
    return {"n": 1.0}


ALWAYS = causes.watch((ONLINE, PPO), (Trigger("always", 0, _always),))


def due(*history: Event, now_ms: int = NOON) -> Sequence[str]:
    state = given(*history)
    return [slot for slot, _, _ in causes.due(state, ALWAYS, now_ms, night=False)]


def test_a_desk_without_a_trade_or_with_nothing_new_is_not_even_looked_at() -> None:
    LOOKED.clear()
    assert due() == []
    assert due(counted(1000), *run_of(ONLINE, 1000, 1), *run_of(PPO, 1000, 1)) == []
    assert LOOKED == []


def test_a_slot_that_learns_waits_and_the_other_does_not() -> None:
    began, _ = run_of(ONLINE, 100, 1)
    assert due(began, counted(1000)) == [PPO]


def test_whatever_asks_a_slot_is_trained_once_in_six_hours() -> None:
    before = (*run_of(ONLINE, 100, NOON - 6 * HOUR + 1), counted(1000))
    assert due(*before) == [PPO]
    assert due(*before, now_ms=NOON + 1) == [ONLINE, PPO]


def test_too_few_trades_in_all_start_nothing() -> None:
    assert due(counted(999)) == []
    assert due(counted(1000)) == [ONLINE, PPO]


def test_a_component_that_does_not_train_here_is_not_looked_at() -> None:
    alone = settings({"learning.components": "online_learning"})
    assert due(alone, counted(1000)) == [ONLINE]
