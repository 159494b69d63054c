"""Settings under watch, as a reign is: the set before decides on, and a harmful change goes back.

The account decides with the new set at once; nothing asks it to prove itself first. So the watch
begins cold: no trial came before it, and nothing is known of what the set before was good for.
"""

from collections.abc import Sequence

from kingmaker.contracts.desks import parameters_of
from kingmaker.promotion import canary, limits
from kingmaker.promotion.coronation import Cause
from kingmaker.promotion.domain import Change, Event, State
from kingmaker.promotion.heard import CanaryMeasured, CanaryUnmeasurable, ParameterChanged
from kingmaker.promotion.said import CanaryEnded, ParametersRolledBack, ParametersWatched


def watch(state: State, changed: ParameterChanged) -> Sequence[Event]:
    """Watch a change from here on; one that it follows stays as it is."""
    if changed.slot != parameters_of(state.desk):
        return ()
    return (
        ParametersWatched(
            changed.change,
            changed.slot,
            changed.number,
            changed.canary,
            changed.old,
            changed.new,
            changed.actor,
            changed.time_ms,
        ),
    )


def hear(state: State, measured: CanaryMeasured, now_ms: int) -> Sequence[Event]:
    """Judge the last change on one more pair: warn, take it back, or end its watch."""
    change = state.change
    if change is None or change.watch is None or measured.reign != change.number:
        return ()
    if canary.is_over(state, change.since_ms, measured):
        return (CanaryEnded(measured.slot, change.number, measured.canary, "minutes", now_ms),)
    findings = limits.judge(state.policy, measured)
    warned = canary.warn(change.watch, measured, findings, now_ms)
    cause = canary.cause_of(state.policy.canary_rule, measured, findings)
    if cause is None:
        return warned
    return [*warned, *roll_back(state, change, cause, now_ms)]


def roll_back(state: State, change: Change, cause: Cause, now_ms: int) -> Sequence[Event]:
    """Let the set before be in force again."""
    return (
        ParametersRolledBack(
            change=change.id,
            slot=parameters_of(state.desk),
            values=change.old,
            trigger=cause.trigger,
            actor=cause.actor,
            reason=cause.reason,
            command_id=cause.command_id,
            findings=cause.findings,
            notice=cause.notice,
            canary=change.watch.canary if change.watch else "",
            time_ms=now_ms,
            key_id=cause.key_id,
            key_owner=cause.key_owner,
        ),
    )


def give_up(state: State, broken: CanaryUnmeasurable, now_ms: int) -> Sequence[Event]:
    """End a watch that shadow cannot keep."""
    change = state.change
    if change is None or change.watch is None or broken.reign != change.number:
        return ()
    return (CanaryEnded(broken.slot, change.number, broken.canary, "unmeasurable", now_ms),)
