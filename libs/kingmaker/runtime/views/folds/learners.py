"""Trainings: what each saw, and whether its product is worth a trial."""

import json
from collections.abc import Mapping, Sequence

from kingmaker.contracts.desks import desk_of
from kingmaker.runtime.views.changes import Add, Change, Event, Fold, Set, Where


def _started(event: Event, where: Where) -> Sequence[Change]:
    names = ("slot", "cause", "trades", "new_trades", "until_ms")
    values = {name: getattr(event, name) for name in names}
    values |= {"desk": desk_of(event.slot), "started_ms": event.time_ms, "event": where.event}
    return [Set("trainings", (event.training,), values)]


def _completed(event: Event, where: Where) -> Sequence[Change]:
    values = {
        "digest": event.digest,
        "candidate": int(event.candidate),
        "reason": event.reason,
        "metrics": json.dumps(dict(event.metrics), sort_keys=True),
        "completed_ms": event.time_ms,
        "event": where.event,
    }
    return [Set("trainings", (event.training,), values)]


def _failed(event: Event, _where: Where) -> Sequence[Change]:
    return [
        Add("trainings", (event.training,), {"failures": 1}),
        Set("trainings", (event.training,), {"reason": event.reason}),
    ]


FOLDS: Mapping[str, Fold] = {
    "TrainingStarted": _started,
    "TrainingCompleted": _completed,
    "TrainingFailed": _failed,
}
