"""Where the evidence of each trial stands, and the watch of each reign."""

from collections.abc import Mapping, Sequence

from kingmaker.contracts.desks import desk_of, is_twin
from kingmaker.runtime.views.changes import Change, Event, Fold, Set, Value, Where
from kingmaker.runtime.views.folds import revisions

STANDS = ("log_evidence", "log_evidence_max", "log_evidence_of_segment", "segment")


def _measured(event: Event, where: Where) -> Sequence[Change]:
    if is_twin(event.trial):
        return revisions.measured(event, where)
    stands = {name: getattr(event, name) for name in STANDS}
    point = {**stands, "slot": event.slot, "time_ms": event.time_ms, "event": where.event}
    values = {**stands, "pairs": event.pairs}
    for side, tally in (("champion", event.champion), ("challenger", event.challenger)):
        values |= {
            f"{side}_taken": tally.taken,
            f"{side}_won": tally.won,
            f"{side}_sum": tally.sum,
        }
    values["segment_pairs"] = event.challenger.pairs
    values["log_evidence_at_segment"] = min(
        event.mean.log_evidence_at_segment, event.sharpe.log_evidence_at_segment
    )
    return [
        Set("trials", (event.trial,), values),
        Set("evidence", (event.trial, event.pairs), point),
    ]


def _segment(event: Event, where: Where) -> Sequence[Change]:
    if is_twin(event.trial):
        return []
    values = {
        "segment": event.segment,
        "segment_pairs": 0,
        "segment_ms": where.time_ms,
        "log_evidence_at_segment": event.log_evidence,
        "log_evidence_of_segment": 0.0,
    }
    return [Set("trials", (event.trial,), values)]


def _watched(event: Event, _where: Where) -> Sequence[Change]:
    values = {name: getattr(event, name) for name in ("canary", "rule", "trial")}
    values |= {
        "desk": desk_of(event.slot),
        "state": "watching",
        "slack": event.parameters.get("slack", 0.0),
        "pairs": 0,
    }
    return [_canary(event, values)]


def _unwatched(event: Event, _where: Where) -> Sequence[Change]:
    reason = f"unmeasurable: {event.reason}"
    return [_canary(event, {"canary": event.canary, "desk": desk_of(event.slot), "state": reason})]


def _canary_measured(event: Event, where: Where) -> Sequence[Change]:
    values = {name: getattr(event, name) for name in ("pairs", "statistic", "threshold", "time_ms")}
    values["statistic_max"] = event.detector.statistic_max
    for side, tally in (("champion", event.champion), ("reference", event.reference)):
        values |= {
            f"{side}_taken": tally.taken,
            f"{side}_won": tally.won,
            f"{side}_sum": tally.sum,
            f"{side}_squares": tally.squares,
            f"{side}_drawdown": tally.drawdown_max,
        }
    point = {name: values[name] for name in ("statistic", "threshold", "time_ms")}
    at = (event.slot, event.reign, event.pairs)
    return [
        _canary(event, values),
        Set("canary_evidence", at, {**point, "event": where.event}),
    ]


def _canary_closed(event: Event, _where: Where) -> Sequence[Change]:
    return [_canary(event, {"state": "closed"})]


def _canary(event: Event, values: Mapping[str, Value]) -> Change:
    return Set("canaries", (event.slot, event.reign), values)


FOLDS: Mapping[str, Fold] = {
    "EvidenceMeasured": _measured,
    "SegmentStarted": _segment,
    "CanaryOpened": _watched,
    "CanaryUnmeasurable": _unwatched,
    "CanaryMeasured": _canary_measured,
    "CanaryClosed": _canary_closed,
}
