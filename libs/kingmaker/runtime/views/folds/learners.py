"""Trainings: what each saw, and whether its product is worth a trial."""

from collections.abc import Mapping, Sequence

from kingmaker.contracts.desks import desk_of
from kingmaker.runtime.views.changes import Add, Change, Event, Fold, Set, Where
from kingmaker.runtime.views.folds import learning
from kingmaker.runtime.views.texts import as_json


def _started(event: Event, where: Where) -> Sequence[Change]:
    names = ("slot", "cause", "trades", "new_trades", "until_ms")
    values = {name: getattr(event, name) for name in names}
    values |= {"desk": desk_of(event.slot), "started_ms": event.time_ms, "event": where.event}
    job = learning.job(event.slot, event.training, "started", event.cause, where)
    return [Set("trainings", (event.training,), values), job]


def _completed(event: Event, where: Where) -> Sequence[Change]:
    values = {
        "digest": event.digest,
        "candidate": int(event.candidate),
        "reason": event.reason,
        "metrics": as_json(dict(event.metrics)),
        "completed_ms": event.time_ms,
        "event": where.event,
    }
    job = learning.job(event.slot, event.training, "completed", event.reason, where)
    return [Set("trainings", (event.training,), values), job]


def _failed(event: Event, where: Where) -> Sequence[Change]:
    return [
        learning.job(event.slot, event.training, "failed", event.reason, where),
        Add("trainings", (event.training,), {"failures": 1}),
        Set("trainings", (event.training,), {"reason": event.reason}),
    ]


def _abandoned(event: Event, where: Where) -> Sequence[Change]:
    return [
        Set("trainings", (event.job,), {"abandoned_ms": event.time_ms, "reason": event.reason}),
        learning.job(event.slot, event.job, "abandoned", event.reason, where),
    ]


FOLDS: Mapping[str, Fold] = {
    "TrainingStarted": _started,
    "TrainingCompleted": _completed,
    "TrainingFailed": _failed,
    "JobAbandoned": _abandoned,
    "WeightsLearned": learning.head_weights,
}
