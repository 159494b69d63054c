"""Head weights by way of the learners' table: ticks, commands, and what goes back."""

from collections.abc import Sequence
from functools import reduce
from typing import Any

import pytest

from kingmaker.contracts import head_weights
from kingmaker.governance.orders import RefusedError
from kingmaker.kernel.service import Tick
from kingmaker.learners import about_heads, decider, service
from kingmaker.learners.decider import Window
from kingmaker.learners.domain import (
    Event,
    OpportunityResolved,
    ParametersRestored,
    PolicyApplied,
    State,
)
from kingmaker.learners.heads import Outcome, WeightsLearned
from kingmaker.learners.heads_policy import DAILY, WEEKLY
from kingmaker.learners.looking_back import (
    LearningJobCompleted,
    LearningJobSkipped,
    TriggerFired,
)
from kingmaker.learners.people import RestoreHeadWeights, RunLearningJob
from kingmaker.learners.weights import EVEN
from tests.services.learners.test_heads import AT_ONCE, DESK, DESKS, lived, resolved

DAY = 86_400_000
OUTCOMES = [resolved(number) for number in range(25, 36)]  # of the second day
NOON = DAY + DAY // 2
NAMES = (DESK, "minutes")
CLASSIC = PolicyApplied("divide", AT_ONCE.values | {"learning.normalise": "divide"})

decide = decider.build(DESKS, ("online_learning",), service.seal())


def learned(*more: OpportunityResolved) -> State:
    """Return the state after some outcomes that each moved the weights."""
    return lived(reduce(decider.evolve, [AT_ONCE], State()), *OUTCOMES, *more)[0]


def told(state: State, events: Sequence[Event]) -> State:
    """Return the state after these events."""
    return reduce(decider.evolve, events, state)


def run(schedule: str = DAILY) -> RunLearningJob:
    """Return a person's wish that a job runs."""
    return RunLearningJob("c-1", schedule, "ada", "to see", 0, 0)


def restore(**other: Any) -> RestoreHeadWeights:  # noqa: ANN401 - any field
    """Return a person's wish that even weights come back."""
    fields: dict[str, Any] = {"desk": DESK, "version": 0, "weights": EVEN} | other
    return RestoreHeadWeights(
        command_id="c-2",
        actor="ada",
        reason="drift",
        issued_at_ms=0,
        not_after_ms=0,
        **fields,
    )


def of[E](kind: type[E], said: Sequence[object]) -> list[E]:
    """Return the events of one kind."""
    return [event for event in said if isinstance(event, kind)]


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        ({"desk": "elm"}, "no head weight of 'elm' was ever learned"),
        ({"version": 99}, "the versions are 0 to 11"),
        ({"version": -1}, "the versions are 0 to 11"),
        ({"version": 3, "weights": (0.5, 0.5)}, "2 weights"),
        ({"version": 3, "weights": (0.9, *[0.0125] * 8)}, "a weight lies between"),
        ({"version": 0, "weights": (0.12, 0.1022222222222222, *EVEN[2:])}, "version 0 is"),
        ({"version": 11}, "version 11 is in force, and these are not its weights"),
    ],
)
def test_weights_that_cannot_have_been_are_not_restored(wish: dict[str, Any], why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        about_heads.on_command(learned(), restore(**wish), NAMES, NOON)


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ((), "0 weights"),
        ((0.5, 0.5), "2 weights"),
        ((float("nan"), *EVEN[1:]), "a weight lies between 0 and 1"),
        ((1.2, -0.2, *[0.0] * 7), "a weight lies between 0 and 1"),
        ((0.5, *EVEN[1:]), "they sum to"),
    ],
)
def test_the_classic_rule_restores_only_what_can_have_been_weights(
    wanted: tuple[float, ...], why: str
) -> None:
    state = told(learned(), [CLASSIC])
    with pytest.raises(RefusedError, match=why):
        about_heads.on_command(state, restore(version=3, weights=wanted), NAMES, NOON)


def test_the_classic_rule_restores_weights_beyond_the_bounds() -> None:
    wanted = (0.6, *[0.05] * 8)
    wish = restore(version=3, weights=wanted)
    [event] = about_heads.on_command(told(learned(), [CLASSIC]), wish, NAMES, NOON)
    assert isinstance(event, WeightsLearned)
    assert event.weights == wanted


def test_weights_in_force_are_not_restored() -> None:
    state = learned()
    same = restore(version=11, weights=state.heads[DESK].weights)
    with pytest.raises(RefusedError, match="in force already, as version 11"):
        about_heads.on_command(state, same, NAMES, NOON)


def test_a_former_version_comes_back_as_a_new_one() -> None:
    state = learned()
    [event] = about_heads.on_command(state, restore(), NAMES, NOON)
    assert isinstance(event, WeightsLearned)
    assert (event.version, event.cause, event.restored) == (12, "restore", 0)
    assert event.old == state.heads[DESK].weights
    assert told(state, [event]).heads[DESK].weights == EVEN


def test_nothing_is_run_where_no_weight_is_learned() -> None:
    with pytest.raises(RefusedError, match=r"learning\.head_weights is off"):
        about_heads.on_command(State(), run(), NAMES, NOON)


def test_a_job_that_is_none_is_refused_by_the_names_there_are() -> None:
    with pytest.raises(RefusedError, match="daily_learning, weekly_retraining"):
        about_heads.on_command(learned(), run("monthly"), NAMES, NOON)


def test_a_person_runs_a_job_on_every_desk_and_a_second_time_changes_nothing() -> None:
    state = learned()
    said = about_heads.on_command(state, run(), NAMES, NOON)
    [trigger] = of(TriggerFired, said)
    assert (trigger.cause, trigger.actor, trigger.reason) == ("person", "ada", "to see")
    assert [one.desk for one in of(LearningJobCompleted, said)] == [DESK]
    assert [one.desk for one in of(LearningJobSkipped, said)] == ["minutes"]
    again = about_heads.on_command(told(state, said), run(), NAMES, NOON + 1)
    assert not of(WeightsLearned, again)
    assert len(of(LearningJobSkipped, again)) == 2


def test_a_fire_time_is_dealt_with_once_in_one_answer() -> None:
    state = learned()
    said = decide(state, Window(), Tick(2 * DAY), {})
    assert [one.fire_time_ms for one in of(TriggerFired, said)] == [2 * DAY]
    assert [one.version for one in of(WeightsLearned, said)] == [12]
    after = told(state, said)
    later = [decide(after, Window(), Tick(2 * DAY + minute), {}) for minute in (0, 1, 9)]
    fired = [one for said in later for one in of(TriggerFired, said)]
    assert DAILY not in {one.schedule for one in fired}


def test_of_two_schedules_that_are_due_one_fires_and_the_other_sees_its_weights() -> None:
    state, sunday = learned(), 3 * DAY
    first = decide(state, Window(), Tick(sunday + DAY // 8), {})
    second = decide(told(state, first), Window(), Tick(sunday + DAY // 8 + 1), {})
    fired = [[one.schedule for one in of(TriggerFired, said)] for said in (first, second)]
    assert fired == [[DAILY], [WEEKLY]]


def test_weights_that_the_watch_took_back_are_the_next_version() -> None:
    state = learned()
    values = head_weights.as_texts(EVEN, 0)
    back = ParametersRestored(f"parameters@{DESK}", values, NOON)
    [event] = decide(state, Window(), back, {})
    assert isinstance(event, WeightsLearned)
    assert (event.version, event.cause, event.weights) == (12, "rollback", EVEN)
    assert event.time_ms == NOON  # the trader's, where its tick was not heard yet
    assert not decide(told(state, [event]), Window(), back, {})


def test_settings_that_went_back_are_no_weights() -> None:
    back = ParametersRestored(f"parameters@{DESK}", {"exits.max_holding": "12"}, NOON)
    assert not decide(learned(), Window(), back, {})


def test_by_default_a_tick_fires_nothing() -> None:
    assert not of(TriggerFired, decide(State(), Window(), Tick(2 * DAY), {}))


def test_outcomes_that_expired_are_nothing_for_a_job() -> None:
    late = resolved(36, outcomes=(Outcome(taken=True, reason="EXPIRED"),))
    assert learned(late).heads[DESK].outcomes == len(OUTCOMES)


def test_a_setting_of_the_schedule_counts_from_when_it_is_recorded() -> None:
    values = AT_ONCE.values | {"learning.daily_time": "06:00"}
    state = told(learned(), [PolicyApplied("six", values)])
    [trigger] = of(TriggerFired, decide(state, Window(), Tick(2 * DAY), {}))
    assert trigger.fire_time_ms == DAY + DAY // 4
