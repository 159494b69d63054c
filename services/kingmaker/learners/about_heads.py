"""All that concerns head weights, for the learners' table: what is said, and what is believed."""

from collections.abc import Sequence
from typing import assert_never

from kingmaker.contracts import head_weights
from kingmaker.contracts.desks import desk_of
from kingmaker.governance.orders import RefusedError
from kingmaker.kernel.frozen import replace
from kingmaker.learners import heads, scheduler, weights
from kingmaker.learners.domain import (
    AboutHeads,
    OpportunityResolved,
    ParametersRestored,
    State,
)
from kingmaker.learners.heads import Heads, OutcomeJudged, WeightsLearned
from kingmaker.learners.history import SCHEDULE
from kingmaker.learners.looking_back import (
    PERSON,
    LearningJobCompleted,
    LearningJobSkipped,
    TriggerFired,
)
from kingmaker.learners.people import RestoreHeadWeights, RunLearningJob
from kingmaker.learners.weights import EVEN, PROJECT

RESTORE, ROLLBACK = "restore", "rollback"  # causes of a version


def on_outcome(state: State, resolved: OpportunityResolved) -> Sequence[AboutHeads]:
    """Learn from one outcome."""
    return heads.judge(_held(state, resolved.desk), state.policy.heads, resolved)


def on_tick(state: State, desks: Sequence[str], time_ms: int) -> Sequence[AboutHeads]:
    """Run what is due."""
    return scheduler.due(state, state.policy.heads, desks, time_ms)


def on_restored(state: State, restored: ParametersRestored, now_ms: int) -> Sequence[AboutHeads]:
    """Take weights back that the watch of a weekly change took back; the trader did already."""
    before = head_weights.from_texts(restored.values)
    desk = desk_of(restored.slot)
    held = _held(state, desk)
    if before is None or before == held.weights:
        return ()
    return (heads.changed(held, desk, before, ROLLBACK, max(now_ms, restored.time_ms)),)


def on_command(
    state: State, command: RunLearningJob | RestoreHeadWeights, desks: Sequence[str], now_ms: int
) -> Sequence[AboutHeads]:
    """Do what a person asks for; raise RefusedError where it cannot be done."""
    if not state.policy.heads.head_weights:
        raise RefusedError("learning.head_weights is off: no weight is learned on these desks")
    if isinstance(command, RunLearningJob):
        return _run(state, command, desks, now_ms)
    return (_restore(state, command, now_ms),)


def evolve(state: State, event: AboutHeads) -> State:
    """Learn one event about weights."""
    match event:
        case OutcomeJudged() | WeightsLearned():
            return _with(state, event.desk, heads.learn(_held(state, event.desk), event))
        case LearningJobCompleted(schedule, desk, date):
            held = _held(state, desk)
            return _with(state, desk, replace(held, done={**held.done, schedule: date}))
        case TriggerFired():
            return replace(state, fired=dict(scheduler.learn(state.fired, event)))
        case LearningJobSkipped():
            return state
        case _:
            assert_never(event)


def _run(
    state: State, command: RunLearningJob, desks: Sequence[str], now_ms: int
) -> Sequence[AboutHeads]:
    if command.schedule not in scheduler.JOBS:
        known = ", ".join([*scheduler.JOBS, SCHEDULE])
        raise RefusedError(f"there is no such job; there are {known}")
    fired = TriggerFired(command.schedule, now_ms, PERSON, command.actor, command.reason, now_ms)
    return scheduler.fire(state, state.policy.heads, desks, fired)


def _restore(state: State, command: RestoreHeadWeights, now_ms: int) -> WeightsLearned:
    """Put a former version in force, as a new one. The command brings its weights along."""
    held, wanted = _held(state, command.desk), tuple(command.weights)
    if command.desk not in state.heads:
        raise RefusedError(f"no head weight of {command.desk[:32]!r} was ever learned")
    if not 0 <= command.version <= held.version:
        raise RefusedError(f"the versions are 0 to {held.version}")
    bounded = state.policy.heads.normalise == PROJECT
    fault = weights.why_not(wanted) if bounded else weights.why_not(wanted, 0.0, 1.0)
    if command.version == 0 and wanted != EVEN:
        fault = "version 0 is one ninth each"
    if wanted == held.weights:
        fault = f"these are in force already, as version {held.version}"
    elif command.version == held.version:
        fault = f"version {held.version} is in force, and these are not its weights"
    if fault:
        raise RefusedError(fault)
    learned = heads.changed(held, command.desk, wanted, RESTORE, now_ms)
    return replace(learned, restored=command.version)


def _held(state: State, desk: str) -> Heads:
    return state.heads.get(desk, Heads())


def _with(state: State, desk: str, held: Heads) -> State:
    return replace(state, heads=state.heads | {desk: held})
