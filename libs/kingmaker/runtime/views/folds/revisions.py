"""What models learned trade by trade, and how their frozen twins fare beside them."""

from collections.abc import Mapping, Sequence

from kingmaker.contracts.desks import is_twin
from kingmaker.contracts.models import SCORES
from kingmaker.runtime.views.changes import Add, Change, Event, Fold, Set, Value, Where

NAMES = ("digest", "branch", "revision", "revised", "strategy", "label", "opportunity", "time_ms")


def _revised(event: Event, where: Where) -> Sequence[Change]:
    if event.hour_ms:
        return _rebalanced(event, where)
    key = (event.slot, event.learner)
    values = {name: getattr(event, name) for name in NAMES}
    return [
        Set("learners", key, {**values, "event": where.event}),
        Add("learners", key, {"lessons": 1}),
    ]


def _rebalanced(event: Event, where: Where) -> Sequence[Change]:
    """Keep what was learned last, under another number: an hour teaches nothing."""
    key = (event.slot, event.learner)
    known = {name: getattr(event, name) for name in ("digest", "branch", "revision")}
    weights = dict(zip(SCORES, event.row, strict=False))  # whatever an event holds, views go on
    hour = {**known, **weights, "hour_ms": event.hour_ms, "event": where.event}
    return [
        Set("learners", key, {**known, "revised": event.revised, "time_ms": event.time_ms}),
        Set("rebalances", key, hour),
        Add("rebalances", key, {"rebalances": 1}),
    ]


def _refused(event: Event, where: Where) -> Sequence[Change]:
    key = (event.slot, event.learner)
    values = {"digest": event.digest, "branch": event.branch, "refused_reason": event.reason}
    return [
        Set("learners", key, {**values, "event": where.event}),
        Add("learners", key, {"refused": 1}),
    ]


def _dropped(event: Event, where: Where) -> Sequence[Change]:
    if not is_twin(event.trial):
        return []
    ended: dict[str, Value] = {"state": "ended", "ended_ms": where.time_ms}
    return [Set("twins", (event.trial, event.slot), ended)]


def warmed(event: Event) -> Sequence[Change]:
    """Return the row of a twin that begins to decide."""
    values = {"model": event.model, "state": "deciding", "started_ms": event.time_ms}
    return [Set("twins", (event.trial, event.slot), values)]


def measured(event: Event, where: Where) -> Sequence[Change]:
    """Return how a twin fares; its evidence speaks for those who never learned."""
    values = {name: getattr(event, name) for name in ("pairs", "log_evidence", "log_evidence_max")}
    values |= {
        "champion_sum": event.champion.sum,
        "twin_sum": event.challenger.sum,
        "time_ms": event.time_ms,
        "event": where.event,
    }
    return [Set("twins", (event.trial, event.slot), values)]


FOLDS: Mapping[str, Fold] = {
    "ModelRevised": _revised,
    "RevisionRefused": _refused,
    "ChallengerDropped": _dropped,
}
