"""Opportunities: what every branch decided, and what came of it. Part of `trader`."""

from collections.abc import Mapping, Sequence

from kingmaker.runtime.views.changes import Add, Change, Event, Fold, Set, Value, Where
from kingmaker.runtime.views.folds import learning
from kingmaker.runtime.views.texts import as_json


def _decided(event: Event, where: Where) -> Sequence[Change]:
    champion, *others = event.decisions
    names = ("symbol", "time_ms", "bucket", "lineup", "feature_hash", "price")
    values: dict[str, Value] = {
        **{name: getattr(event, name) for name in names},
        **_answer(champion),
        "p_win": champion.p_win,
        "consensus": champion.consensus,
        "heads": as_json(
            {
                vote.component: vote.confidence if vote.agrees else -vote.confidence
                for vote in champion.votes
                if vote.confidence
            }
        ),
        "state": "decided",
        "event": where.event,
    }
    at = (where.desk, event.opportunity)
    return [
        Add("desks", (where.desk,), {"opportunities": 1}),
        Set("decisions", at, values),
        *(Set("branches", (*at, other.branch), _answer(other)) for other in others),
    ]


def _answer(decision: Event) -> dict[str, Value]:
    fault = f"{decision.faulted}: {decision.fault}" if decision.faulted else ""
    return {
        "taken": int(decision.taken),
        "strategy": decision.strategy,
        "direction": decision.direction,
        "size": decision.size,
        "refusal": decision.refusal,
        "fault": fault,
    }


def _missed(event: Event, where: Where) -> Sequence[Change]:
    values: dict[str, Value] = {
        "state": "missed",
        "resolved_ms": event.time_ms,
        "resolved_event": where.event,
    }
    return [
        Add("desks", (where.desk,), {"missed": 1}),
        Set("decisions", (where.desk, event.opportunity), values),
    ]


def _resolved(event: Event, where: Where) -> Sequence[Change]:
    """Keep what each branch returned; sum by lineup what the champion did and left alone."""
    champion, *others = event.outcomes
    amounts = {
        "resolved": 1,
        "taken": int(champion.taken),
        "won": int(champion.taken and champion.net > 0),
        "net": champion.net,
        "signal_net": event.signal_net,
        "left_alone_net": 0.0 if champion.taken else event.signal_net,
    }
    values: dict[str, Value] = {
        "state": "resolved",
        "resolved_ms": event.time_ms,
        "signal_net": event.signal_net,
        "risk": event.risk,
        "resolved_event": where.event,
        **_outcome(champion),
    }
    at = (where.desk, event.opportunity)
    return [
        Add("desks", (where.desk,), {"resolved": 1}),
        Add("lineups", (where.desk, event.lineup), amounts),
        Set("decisions", at, values),
        *(Set("branches", (*at, other.branch), _outcome(other)) for other in others),
        learning.outcome(event, champion, where),
    ]


def _outcome(outcome: Event) -> dict[str, Value]:
    return {"net": outcome.net, "exit_reason": outcome.reason}


FOLDS: Mapping[str, Fold] = {
    "OpportunityDecided": _decided,
    "OpportunityMissed": _missed,
    "OpportunityResolved": _resolved,
}
