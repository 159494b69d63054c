"""Model versions, and bundles that were refused."""

from collections.abc import Mapping, Sequence

from kingmaker.contracts.desks import component_of, desk_of
from kingmaker.runtime.views.changes import Change, Event, Fold, Set, Where
from kingmaker.runtime.views.folds import searches, work
from kingmaker.runtime.views.texts import as_json


def _registered(event: Event, where: Where) -> Sequence[Change]:
    names = (
        "digest",
        "size_bytes",
        "origin",
        "source",
        "parent",
        "data_from_ms",
        "data_until_ms",
        "trades",
        "seed",
        "dataset_digest",
    )
    values = {name: getattr(event, name) for name in names}
    values |= {
        "desk": desk_of(event.slot),
        "component": component_of(event.slot),
        "metrics": as_json(dict(event.metrics)),
        "registered_ms": event.time_ms,
        "event": where.event,
    }
    checked = work.ended(work.CHECKS, work.check_of(event), work.DONE, "", where)
    tagged = searches.tagged(event, where)
    return [Set("models", (event.slot, event.model), values), checked, *tagged]


def _refused(event: Event, where: Where) -> Sequence[Change]:
    names = ("origin", "source", "reason", "detail", "time_ms")
    values = {name: getattr(event, name) for name in names}
    refused = Set("refusals", (event.slot, event.digest), {**values, "event": where.event})
    return [
        refused,
        work.ended(work.CHECKS, work.check_of(event), work.REFUSED, event.reason, where),
    ]


def _checked(event: Event, where: Where) -> Sequence[Change]:
    return [work.check_begun(event, where)]


FOLDS: Mapping[str, Fold] = {
    "VerificationRequested": _checked,
    "ModelRegistered": _registered,
    "ModelRefused": _refused,
}
