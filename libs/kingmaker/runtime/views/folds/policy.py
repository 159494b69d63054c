"""Every value that a setting had, service by service; what changed follows from the one before."""

from collections.abc import Mapping, Sequence

from kingmaker.runtime.views.changes import Change, Event, Fold, Set, Value, Where
from kingmaker.runtime.views.folds import learning


def applied(event: Event, where: Where) -> Sequence[Change]:
    """Keep each value as it was applied."""
    service = where.topic.split(".")[1]
    values = _values(service, event.values, where, {"cause": "settings", "actor": event.actor})
    return [*values, *learning.settings(service, event.values, where)]


def restored(event: Event, where: Where) -> Sequence[Change]:
    """Keep each value that went back."""
    cause = f"rollback ({event.trigger}) of {event.change}"
    values = _values("trader", event.values, where, {"cause": cause, "actor": ""})
    return [*values, *learning.restored(event.values, cause, where)]


def _values(
    service: str, values: Mapping[str, str], where: Where, shared: Mapping[str, Value]
) -> Sequence[Change]:
    told = {**shared, "time_ms": where.time_ms, "event": where.event}
    return [
        Set("parameters", (service, where.desk, key, where.seq), {"value": value, **told})
        for key, value in sorted(values.items())
    ]


FOLDS: Mapping[str, Fold] = {"PolicyApplied": applied}
