"""What risk says starts a training of every slot that learns on the desk, once, for some days."""

from dataclasses import replace

from kingmaker.kernel.service import Tick
from kingmaker.learners.decider import Window
from kingmaker.learners.domain import CauseNoted, GuardChanged, State
from tests.services.learners.test_triggers import (
    DAY,
    HOUR,
    NIGHT_FELL,
    NOON,
    ONLINE,
    PPO,
    counted,
    decide,
    given,
    run_of,
    started,
)

LEFT = GuardChanged("hourly", 1, "reduced", "normal", 46, 0.4, 0.03, 6, NOON - HOUR)
NUMBERS = {"change": 1.0, "trades": 46.0, "win_rate": 0.4, "drawdown": 0.03, "losses": 6.0}
NOTED = CauseNoted("hourly", "guard", NOON - HOUR, NUMBERS)
# Every trade there is was learned from long ago: no other cause finds anything new.
LEARNED = (
    NIGHT_FELL,
    counted(1000),
    *run_of(ONLINE, 1000, NOON - 9 * HOUR),
    *run_of(PPO, 1000, NOON - 9 * HOUR),
)


def said(state: State, step: GuardChanged) -> list[object]:
    return list(decide(state, Window(NOON), step, {}))


def test_leaving_normal_is_noted_and_no_other_step_is() -> None:
    state = given(*LEARNED)
    assert said(state, LEFT) == [NOTED]
    assert said(state, replace(LEFT, level="paused")) == [NOTED]
    assert said(state, replace(LEFT, level="paused", before="reduced")) == []
    assert said(state, replace(LEFT, level="normal", before="reduced")) == []


def test_it_alone_starts_one_training_of_each_slot_that_names_it() -> None:
    assert started(given(*LEARNED)) == []
    found = started(given(*LEARNED, NOTED))
    assert [(one.slot, one.cause, one.numbers) for one in found] == [
        (PPO, "guard", NUMBERS),
        (ONLINE, "guard", NUMBERS),
    ]
    assert started(given(*LEARNED, NOTED, *found)) == []


def test_a_training_that_began_since_has_answered_it() -> None:
    since = run_of(ONLINE, 1000, NOON - HOUR)
    later = given(*LEARNED, NOTED, *since)
    assert [one.slot for one in started(later, NOON + 9 * HOUR)] == [PPO]


def test_a_slot_that_was_trained_of_late_waits_and_then_answers() -> None:
    before = run_of(ONLINE, 1000, NOON - 2 * HOUR)
    state = given(*LEARNED, *before, NOTED)
    assert [one.slot for one in started(state)] == [PPO]
    assert ONLINE in [one.slot for one in started(state, NOON + 4 * HOUR)]


def test_nobody_answers_what_is_a_week_old() -> None:
    state = given(*LEARNED, NOTED)
    week = NOON - HOUR + 7 * DAY
    assert len(started(state, week)) == 2
    assert started(state, week + 1) == []


def test_a_desk_with_too_few_trades_waits() -> None:
    assert started(given(NIGHT_FELL, counted(999), NOTED)) == []
    causes = {one.slot: one.cause for one in started(given(NIGHT_FELL, counted(1000), NOTED))}
    assert causes == {PPO: "experiences", ONLINE: "guard"}


def test_others_desks_are_left_alone() -> None:
    assert started(given(*LEARNED, replace(NOTED, desk="daily"))) == []
    assert not decide(given(*LEARNED), Window(NOON), Tick(NOON), {})
