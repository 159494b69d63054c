"""Trainings: what each saw, and whether its product is worth a trial."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kingmaker.contracts.desks import desk_of
from kingmaker.runtime.views.changes import Add, Change, Event, Fold, Set, Where
from kingmaker.runtime.views.folds import (
    governance,
    history,
    learning,
    lineages,
    searches,
    work,
)
from kingmaker.runtime.views.texts import as_json


def _started(event: Event, where: Where) -> Sequence[Change]:
    names = ("slot", "cause", "trades", "new_trades", "until_ms")
    values = {name: getattr(event, name) for name in names}
    values |= {"desk": desk_of(event.slot), "started_ms": event.time_ms, "event": where.event}
    job = learning.job(event.slot, event.training, "started", event.cause, where)
    begun = work.training_begun(event, where)
    whose = [*lineages.begun(event, where), *searches.begun(event, where)]
    return [Set("trainings", (event.training,), values), job, begun, *whose]


def _completed(event: Event, where: Where) -> Sequence[Change]:
    values = {
        "digest": event.digest,
        "candidate": int(event.candidate),
        "reason": event.reason,
        "metrics": as_json(dict(event.metrics)),
        "completed_ms": event.time_ms,
        "event": where.event,
    }
    if history.is_lesson(event.training):  # its run is the job
        return [Set("trainings", (event.training,), {**values, **history.offered(event)})]
    job = learning.job(event.slot, event.training, "completed", event.reason, where)
    done = work.ended(work.TRAININGS, event.training, work.DONE, event.reason, where)
    whose = [*lineages.done(event, where), *searches.found(event, where)]
    return [Set("trainings", (event.training,), values), job, done, *whose]


def _failed(event: Event, where: Where) -> Sequence[Change]:
    return [
        learning.job(event.slot, event.training, "failed", event.reason, where),
        Add("trainings", (event.training,), {"failures": 1}),
        Set("trainings", (event.training,), {"reason": event.reason}),
        *work.failed(event.training, event, where),
    ]


def _abandoned(event: Event, where: Where) -> Sequence[Change]:
    if history.is_run(event.job):
        return [learning.job(event.slot, event.job, "abandoned", event.reason, where)]
    return [
        Set("trainings", (event.job,), {"abandoned_ms": event.time_ms, "reason": event.reason}),
        learning.job(event.slot, event.job, "abandoned", event.reason, where),
        work.ended(work.TRAININGS, event.job, work.ABANDONED, event.reason, where),
    ]


def _cancelled(event: Event, where: Where) -> Sequence[Change]:
    why = f"{event.actor}: {event.reason}"
    return [
        Set("trainings", (event.training,), {"reason": f"cancelled by {why}"}),
        learning.job(event.slot, event.training, "cancelled", why, where),
        work.ended(work.TRAININGS, event.training, work.CANCELLED, why, where),
    ]


def _taken(event: Event, where: Where) -> Sequence[Change]:
    return governance.taken(event, _of_desk(event, where))


def _refused(event: Event, where: Where) -> Sequence[Change]:
    return governance.refused(event, _of_desk(event, where))


def _of_desk(event: Event, where: Where) -> Where:
    """Return the place with the desk of the slot that a command is about; a training names none."""
    return replace(where, desk=desk_of(event.target)) if "@" in event.target else where


FOLDS: Mapping[str, Fold] = {
    "TrainingStarted": _started,
    "TrainingCompleted": _completed,
    "TrainingFailed": _failed,
    "JobAbandoned": _abandoned,
    "WeightsLearned": learning.head_weights,
    "LearningJobCompleted": learning.completed,
    "LearningJobSkipped": learning.skipped,
    "TrainingCancelled": _cancelled,
    "CommandTaken": _taken,
    "CommandRefused": _refused,
    **history.FOLDS,
}
