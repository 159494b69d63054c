"""Opportunities, trades, pairs, and whom the trader follows."""

from collections.abc import Mapping, Sequence

from kingmaker.runtime.views.changes import Add, Change, Event, Fold, Set, Where
from kingmaker.runtime.views.folds import policy


def _decided(_event: Event, where: Where) -> Sequence[Change]:
    return [Add("desks", (where.desk,), {"opportunities": 1})]


def _missed(_event: Event, where: Where) -> Sequence[Change]:
    return [Add("desks", (where.desk,), {"missed": 1})]


def _opened(event: Event, where: Where) -> Sequence[Change]:
    names = ("symbol", "direction", "size", "strategy", "entry", "stop", "target", "lineup")
    values = {name: getattr(event, name) for name in names}
    values |= {"opened_ms": event.time_ms, "event": where.event}
    return [
        Set("trades", (where.desk, event.position), values),
        Add("desks", (where.desk,), {"trades": 1}),
    ]


def _closed(event: Event, where: Where) -> Sequence[Change]:
    values = {
        "closed_ms": event.time_ms,
        "exit": event.exit,
        "reason": event.reason,
        "net": event.net,
    }
    return [
        Set("trades", (where.desk, event.position), values),
        Set("desks", (where.desk,), {"equity": event.equity}),
    ]


def _resolved(event: Event, where: Where) -> Sequence[Change]:
    """Sum by lineup what the champion did, and what it left alone."""
    champion = event.outcomes[0]
    amounts = {
        "resolved": 1,
        "taken": int(champion.taken),
        "won": int(champion.taken and champion.net > 0),
        "net": champion.net,
        "signal_net": event.signal_net,
        "left_alone_net": 0.0 if champion.taken else event.signal_net,
    }
    return [
        Add("desks", (where.desk,), {"resolved": 1}),
        Add("lineups", (where.desk, event.lineup), amounts),
    ]


def _pair(event: Event, where: Where) -> Sequence[Change]:
    return [Add("desks", (where.desk,), {"pairs": 1, "pairs_counted": int(event.counted)})]


def _activated(event: Event, where: Where) -> Sequence[Change]:
    since = {"activated_ms": event.time_ms, "activated_event": where.event}
    lineup = {"since_ms": event.time_ms, "slot": event.slot, "model": event.model}
    return [
        Set("champions", (event.slot,), {**since, "lost_reason": None}),
        Set("reigns", (event.slot, event.reign), {**since, "lineup": event.lineup}),
        Set("desks", (where.desk,), {"lineup": event.lineup}),
        Set("lineups", (where.desk, event.lineup), lineup),
    ]


def _lost(event: Event, _where: Where) -> Sequence[Change]:
    return [Set("champions", (event.slot,), {"lost_reason": event.reason})]


def _warmed(event: Event, _where: Where) -> Sequence[Change]:
    return [Set("trials", (event.trial,), {"started_ms": event.time_ms})]


def _faulted(event: Event, _where: Where) -> Sequence[Change]:
    return [Add("trials", (event.trial,), {"faults": 1})]


FOLDS: Mapping[str, Fold] = {
    "OpportunityDecided": _decided,
    "OpportunityMissed": _missed,
    "PositionOpened": _opened,
    "PositionClosed": _closed,
    "OpportunityResolved": _resolved,
    "PairResolved": _pair,
    "ChampionActivated": _activated,
    "ChampionLost": _lost,
    "ChallengerWarmed": _warmed,
    "ChallengerFaulted": _faulted,
    "ParametersRestored": policy.restored,
}
