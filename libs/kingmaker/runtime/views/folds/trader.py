"""Trades, pairs, and whom the trader follows; opportunities are in `opportunities`."""

from collections.abc import Mapping, Sequence

from kingmaker.contracts.desks import is_twin
from kingmaker.runtime.views.changes import Add, Change, Event, Fold, Set, Where
from kingmaker.runtime.views.folds import opportunities, policy, revisions


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


def _pair(event: Event, where: Where) -> Sequence[Change]:
    values = {name: getattr(event, name) for name in ("slot", "bucket", "lineup", "time_ms")}
    for side, summed in (("champion", event.champion), ("challenger", event.challenger)):
        values |= {
            f"{side}_net": summed.net,
            f"{side}_taken": summed.taken,
            f"{side}_won": summed.won,
        }
    values |= {"counted": int(event.counted), "event": where.event}
    return [
        Add("desks", (where.desk,), {"pairs": 1, "pairs_counted": int(event.counted)}),
        Set("pairs", (where.desk, event.trial, event.number), values),
    ]


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
    if event.frozen:
        return revisions.warmed(event)
    return [Set("trials", (event.trial,), {"started_ms": event.time_ms})]


def _faulted(event: Event, _where: Where) -> Sequence[Change]:
    if is_twin(event.trial):
        return []
    return [Add("trials", (event.trial,), {"faults": 1})]


FOLDS: Mapping[str, Fold] = {
    **opportunities.FOLDS,
    **revisions.FOLDS,
    "PositionOpened": _opened,
    "PositionClosed": _closed,
    "PairResolved": _pair,
    "ChampionActivated": _activated,
    "ChampionLost": _lost,
    "ChallengerWarmed": _warmed,
    "ChallengerFaulted": _faulted,
    "ParametersRestored": policy.restored,
}
