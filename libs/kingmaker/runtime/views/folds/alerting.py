"""Alerts, and whether anyone was told."""

from collections.abc import Mapping, Sequence

from kingmaker.runtime.views.changes import Change, Event, Fold, Set, Where


def _fired(event: Event, where: Where) -> Sequence[Change]:
    names = ("type", "severity", "slot", "version", "message", "value", "threshold", "n", "cause")
    values = {name: getattr(event, name) for name in (*names, "undo")}
    values |= {"occurred_ms": event.occurred_at_ms, "state": "fired", "event": where.event}
    return [Set("alerts", (event.key,), values)]


def _sent(event: Event, _where: Where) -> Sequence[Change]:
    return [Set("alerts", (event.key,), {"state": "sent"})]


def _undelivered(event: Event, _where: Where) -> Sequence[Change]:
    return [Set("alerts", (event.key,), {"state": "undelivered"})]


FOLDS: Mapping[str, Fold] = {
    "AlertFired": _fired,
    "AlertSent": _sent,
    "AlertUndelivered": _undelivered,
}
