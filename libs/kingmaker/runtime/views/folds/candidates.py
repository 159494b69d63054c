"""Candidates: who waits for a trial, what for, and what became of it. Part of `promotion`."""

from collections.abc import Mapping, Sequence

from kingmaker.contracts.desks import desk_of
from kingmaker.runtime.views.changes import Change, Event, Fold, Set, Value, Where

SHIPPED = "bootstrap"  # these wait for the first coronation, not for a trial
ENDED: Mapping[str, Value] = dict.fromkeys(("reason", "count", "target", "until"))


def _queued(event: Event, where: Where) -> Sequence[Change]:
    if event.origin == SHIPPED:
        return []
    values: dict[str, Value] = {
        "desk": desk_of(event.slot),
        "digest": event.digest,
        "origin": event.origin,
        "holdout": event.holdout,
        "state": "waiting",
        "queued_ms": where.time_ms,
        "event": where.event,
    }
    changes: list[Change] = [Set("candidates", (event.slot, event.model), values)]
    if event.supersedes:
        left = {**ENDED, "state": f"superseded by {event.model}"}
        changes.append(Set("candidates", (event.slot, event.supersedes), left))
    return changes


def _waits(event: Event, _where: Where) -> Sequence[Change]:
    names = ("reason", "count", "target", "until")
    values = {name: getattr(event, name) for name in names}
    return [Set("candidates", (event.slot, event.model), values)]


def _refused(event: Event, where: Where) -> Sequence[Change]:
    values: dict[str, Value] = {
        "desk": desk_of(event.slot),
        "state": "refused",
        "reason": event.reason,
        "event": where.event,
    }
    return [Set("candidates", (event.slot, event.model), values)]


def tried(event: Event) -> Change:
    """Return what a trial that opened makes of its candidate."""
    values: dict[str, Value] = {**ENDED, "state": "tried", "trial": event.trial}
    return Set("candidates", (event.slot, event.challenger), values)


FOLDS: Mapping[str, Fold] = {
    "CandidateQueued": _queued,
    "CandidateWaits": _waits,
    "CandidateRefused": _refused,
}
