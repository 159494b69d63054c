"""Where the evidence of each trial stands."""

from collections.abc import Mapping, Sequence

from kingmaker.runtime.views.changes import Change, Event, Fold, Set, Where


def _measured(event: Event, _where: Where) -> Sequence[Change]:
    names = ("pairs", "log_evidence", "log_evidence_max", "log_evidence_of_segment", "segment")
    values = {name: getattr(event, name) for name in names}
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
    return [Set("trials", (event.trial,), values)]


def _segment(event: Event, where: Where) -> Sequence[Change]:
    values = {
        "segment": event.segment,
        "segment_pairs": 0,
        "segment_ms": where.time_ms,
        "log_evidence_at_segment": event.log_evidence,
        "log_evidence_of_segment": 0.0,
    }
    return [Set("trials", (event.trial,), values)]


FOLDS: Mapping[str, Fold] = {"EvidenceMeasured": _measured, "SegmentStarted": _segment}
