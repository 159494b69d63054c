"""What the feed decides: which rows are bars, and which bars are missing."""

from collections.abc import Sequence
from typing import assert_never

from kingmaker.feed import policy
from kingmaker.feed.bar_rules import fault_in, fault_in_order
from kingmaker.feed.domain import (
    ApplyPolicy,
    BarClosed,
    BarRead,
    BarRefused,
    CalendarChanged,
    Event,
    GapRecorded,
    Message,
    PolicyApplied,
    State,
    Symbol,
    SymbolAdded,
)
from kingmaker.kernel.frozen import replace
from kingmaker.kernel.service import Answers
from kingmaker.market import hours


def decide(state: State, _window: None, message: Message, _answers: Answers) -> Sequence[Event]:
    """Return what follows from a row or from new settings."""
    match message:
        case ApplyPolicy(hash_, values, actor):
            return [PolicyApplied(hash_, values, actor)] if hash_ != state.policy_hash else []
        case BarRead():
            return _judge(state, message)
        case _:
            assert_never(message)


def _judge(state: State, row: BarRead) -> Sequence[Event]:
    symbol = state.symbols.get(row.symbol)
    fault = _fault_in(symbol, row)
    if fault:
        return [BarRefused(row.symbol, row.open_ms, fault)]
    return [*_news(state, symbol, row), _closed(row), *_calendar(state, row)]


def _fault_in(symbol: Symbol | None, row: BarRead) -> str:
    if row.interval_ms <= 0 or not row.symbol:
        return "a bar has a symbol and an interval"
    if symbol is not None and symbol.interval_ms != row.interval_ms:
        return f"its interval is {row.interval_ms} ms; this series has {symbol.interval_ms} ms"
    fault = fault_in((row.open, row.high, row.low, row.close), row.volume)
    if fault or symbol is None or symbol.last_open_ms is None:
        return fault
    return fault_in_order(symbol.last_open_ms, row.open_ms, row.interval_ms)


def _news(state: State, symbol: Symbol | None, row: BarRead) -> Sequence[Event]:
    """Return what is to be said before the bar: a new series, or a hole in a known one."""
    if symbol is None:
        return [SymbolAdded(row.symbol, row.interval_ms)]
    if symbol.last_open_ms is None or row.open_ms == symbol.last_open_ms + row.interval_ms:
        return []
    missing = hours.bars_expected(
        state.policy.calendar, symbol.last_open_ms + row.interval_ms, row.open_ms, row.interval_ms
    )
    if not missing:
        return []
    return [GapRecorded(row.symbol, symbol.last_open_ms, row.open_ms, missing)]


def _closed(row: BarRead) -> BarClosed:
    return BarClosed(
        row.symbol,
        row.interval_ms,
        row.open_ms,
        row.open,
        row.high,
        row.low,
        row.close,
        row.volume,
    )


def _calendar(state: State, row: BarRead) -> Sequence[Event]:
    is_open = hours.is_open(state.policy.calendar, row.close_ms)
    return [] if is_open == state.market_open else [CalendarChanged(is_open, row.close_ms)]


def evolve(state: State, event: Event) -> State:
    """Return the state after an event."""
    match event:
        case PolicyApplied(hash_, values):
            return replace(state, policy_hash=hash_, policy=policy.from_values(values))
        case SymbolAdded(symbol, interval_ms):
            return _with(state, symbol, Symbol(interval_ms))
        case BarClosed():
            return _after_bar(state, event)
        case GapRecorded(symbol, bars_missing=missing):
            known = state.symbols[symbol]
            gaps, bars_missing = known.gaps + 1, known.bars_missing + missing
            return _with(state, symbol, replace(known, gaps=gaps, bars_missing=bars_missing))
        case BarRefused():
            return replace(state, refused=state.refused + 1)
        case CalendarChanged(open=is_open):
            return replace(state, market_open=is_open)
        case _:
            assert_never(event)


def _after_bar(state: State, bar: BarClosed) -> State:
    known = state.symbols[bar.symbol]
    after = Symbol(known.interval_ms, bar.open_ms, known.bars + 1, known.gaps, known.bars_missing)
    return _with(state, bar.symbol, after)


def _with(state: State, name: str, symbol: Symbol) -> State:
    return State(
        state.policy_hash,
        state.policy,
        {**state.symbols, name: symbol},
        state.refused,
        state.market_open,
    )
