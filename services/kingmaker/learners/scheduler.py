"""The scheduler (C7): every fire time runs its job once, on every desk, whatever crashes.

That a schedule fired and what its job decided stand in one step: both are in the log, or neither.
A fire time that was missed is made up for once, at the first tick.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from kingmaker.contracts import schedule
from kingmaker.learners import daily, weekly
from kingmaker.learners.heads import Heads, WeightsLearned
from kingmaker.learners.heads_policy import DAILY, WEEKLY, HeadPolicy
from kingmaker.learners.looking_back import (
    DUE,
    LearningJobCompleted,
    LearningJobSkipped,
    Run,
    TriggerFired,
)

type Said = TriggerFired | LearningJobCompleted | LearningJobSkipped | WeightsLearned
type Job = Callable[
    [Heads, HeadPolicy, Run],
    Sequence[LearningJobCompleted | LearningJobSkipped | WeightsLearned],
]

JOBS: Mapping[str, Job] = {DAILY: daily.run, WEEKLY: weekly.run}
NAMES: Mapping[str, str] = {DAILY: "Daily Learning Job", WEEKLY: "Weekly Retraining Job"}


class Believed(Protocol):
    """What the scheduler reads of the learners' state."""

    @property
    def heads(self) -> Mapping[str, Heads]:
        """By desk."""

    @property
    def fired(self) -> Mapping[str, int]:
        """The last fire time that was dealt with, by schedule."""


def due(state: Believed, policy: HeadPolicy, desks: Sequence[str], time_ms: int) -> Sequence[Said]:
    """Return what fires at a tick: of each schedule its latest time, if that was not dealt with."""
    if not policy.head_weights:
        return ()
    said: list[Said] = []
    for name, cron in policy.schedules.items():
        fire_ms = schedule.latest(cron, time_ms)
        if fire_ms is not None and fire_ms > state.fired.get(name, -1):
            said += fire(state, policy, desks, TriggerFired(name, fire_ms, DUE, "", "", time_ms))
            break  # another one that is due follows at the next tick, and sees these weights
    return said


def fire(
    state: Believed, policy: HeadPolicy, desks: Sequence[str], fired: TriggerFired
) -> Sequence[Said]:
    """Return the trigger and what its job says of every desk."""
    said: list[Said] = [fired]
    date = schedule.date_of(fired.fire_time_ms)
    for desk in desks:
        run = Run(fired.schedule, desk, date, fired.fire_time_ms, fired.time_ms)
        said += JOBS[fired.schedule](state.heads.get(desk, Heads()), policy, run)
    return said


def learn(fired: Mapping[str, int], event: TriggerFired) -> Mapping[str, int]:
    """Know a fire time as dealt with; a person's run is none of the schedule's."""
    if event.cause != DUE:
        return fired
    return {**fired, event.schedule: event.fire_time_ms}
