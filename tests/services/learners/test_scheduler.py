"""The scheduler: each fire time once, a missed one made up for once."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from kingmaker.contracts import schedule
from kingmaker.learners import scheduler
from kingmaker.learners.heads import DAY_MS, Heads
from kingmaker.learners.heads_policy import DAILY, WEEKLY, HeadPolicy
from kingmaker.learners.looking_back import (
    DUE,
    PERSON,
    LearningJobCompleted,
    LearningJobSkipped,
    TriggerFired,
)
from kingmaker.learners.scheduler import Said
from tests.services.learners.outcomes import MIDNIGHT_MS, world

ON = HeadPolicy(head_weights=True)
HOUR_MS = DAY_MS // 24


@dataclass
class Believed:
    """What the scheduler reads of a state."""

    heads: dict[str, Heads] = field(default_factory=dict)
    fired: dict[str, int] = field(default_factory=dict)


def lived(state: Believed, ticks: Sequence[int], policy: HeadPolicy = ON) -> list[Said]:
    """Return what the ticks make it say; its state learns the triggers."""
    said: list[Said] = []
    for time_ms in ticks:
        for event in scheduler.due(state, policy, ("oak",), time_ms):
            said.append(event)
            if isinstance(event, TriggerFired):
                state.fired = dict(scheduler.learn(state.fired, event))
    return said


def fired(said: Sequence[Said]) -> list[tuple[str, int]]:
    """Return what fired, and when it was due."""
    return [(one.schedule, one.fire_time_ms) for one in said if isinstance(one, TriggerFired)]


def test_nothing_fires_where_no_weight_is_learned() -> None:
    assert lived(Believed(), [MIDNIGHT_MS], HeadPolicy()) == []


def test_every_day_fires_once_and_every_sunday() -> None:
    state = Believed(fired={DAILY: MIDNIGHT_MS, WEEKLY: MIDNIGHT_MS})
    ticks = range(MIDNIGHT_MS, MIDNIGHT_MS + 14 * DAY_MS + 1, HOUR_MS)
    times = fired(lived(state, ticks))
    daily = [time_ms for name, time_ms in times if name == DAILY]
    assert daily == [MIDNIGHT_MS + day * DAY_MS for day in range(1, 15)]
    weekly = [time_ms for name, time_ms in times if name == WEEKLY]
    assert [schedule.latest("0 2 * * SUN", time_ms) for time_ms in weekly] == weekly
    assert len(weekly) == 2


def test_fires_that_were_missed_are_made_up_for_once() -> None:
    state = Believed(fired={DAILY: MIDNIGHT_MS, WEEKLY: MIDNIGHT_MS + 30 * DAY_MS})
    late = MIDNIGHT_MS + 5 * DAY_MS + 7 * HOUR_MS
    assert fired(lived(state, [late, late + 1, late + HOUR_MS])) == [
        (DAILY, MIDNIGHT_MS + 5 * DAY_MS)
    ]


def test_two_that_are_due_together_follow_each_other_tick_by_tick() -> None:
    ticks = [MIDNIGHT_MS, MIDNIGHT_MS + 1, MIDNIGHT_MS + 2]
    assert [name for name, _ in fired(lived(Believed(), ticks))] == [DAILY, WEEKLY]


def test_a_trigger_and_what_its_job_decided_are_one_answer() -> None:
    state = Believed({"oak": world(1, 100, 3)})
    trigger, job, *_ = scheduler.due(state, ON, ("oak", "elm"), MIDNIGHT_MS)
    assert isinstance(trigger, TriggerFired)
    assert trigger.cause == DUE
    assert isinstance(job, LearningJobCompleted)
    elm = scheduler.due(state, ON, ("oak", "elm"), MIDNIGHT_MS)[-1]
    assert isinstance(elm, LearningJobSkipped)
    assert elm.desk == "elm"


def test_a_run_of_a_person_takes_no_turn_of_the_schedule() -> None:
    asked = TriggerFired(DAILY, MIDNIGHT_MS, PERSON, "ada", "to see", MIDNIGHT_MS)
    assert scheduler.learn({}, asked) == {}


def test_another_time_of_day_is_another_fire_time() -> None:
    later = HeadPolicy(head_weights=True, daily_time="06:30", weekly_day="WED")
    assert later.schedules[DAILY] == "30 6 * * *"
    assert later.schedules[WEEKLY] == "0 2 * * WED"
