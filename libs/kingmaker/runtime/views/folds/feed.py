"""Bars, gaps and refused rows, counted by symbol and desk."""

from collections.abc import Mapping, Sequence

from kingmaker.runtime.views.changes import Add, Change, Event, Fold, Set, Where


def _added(event: Event, where: Where) -> Sequence[Change]:
    values = {"interval_ms": event.interval_ms}
    return [Set("symbols", (where.desk, event.symbol), values)]


def _closed(event: Event, where: Where) -> Sequence[Change]:
    symbol = (where.desk, event.symbol)
    return [
        Set("desks", (where.desk,), {"last_ms": event.open_ms + event.interval_ms}),
        Add("desks", (where.desk,), {"bars": 1}),
        Set("symbols", symbol, {"last_open_ms": event.open_ms}),
        Add("symbols", symbol, {"bars": 1}),
    ]


def _gap(event: Event, where: Where) -> Sequence[Change]:
    amounts = {"gaps": 1, "bars_missing": event.bars_missing}
    values = {
        "before_open_ms": event.before_open_ms,
        "bars_missing": event.bars_missing,
        "event": where.event,
    }
    return [
        Add("desks", (where.desk,), amounts),
        Add("symbols", (where.desk, event.symbol), amounts),
        Set("gaps", (where.desk, event.symbol, event.after_open_ms), values),
    ]


def _refused(event: Event, where: Where) -> Sequence[Change]:
    return [
        Add("desks", (where.desk,), {"rows_refused": 1}),
        Add("symbols", (where.desk, event.symbol), {"refused": 1}),
    ]


def _calendar(event: Event, where: Where) -> Sequence[Change]:
    return [Set("desks", (where.desk,), {"market_open": int(event.open)})]


FOLDS: Mapping[str, Fold] = {
    "SymbolAdded": _added,
    "BarClosed": _closed,
    "GapRecorded": _gap,
    "BarRefused": _refused,
    "CalendarChanged": _calendar,
}
