"""What becomes of a trade, bar by bar: a pure function of its numbers and the bars since its entry.

Entry at the first bar's open. Then, a bar at a time: a hole in front of the bar (out at its open);
an open beyond the stop (out there); the stop before the target, where both are in one bar; moves of
the stop, which hold from the next bar on; the end of its time, at the close. A level counts as hit
within a tolerance, at the price really reached. Costs are paid on both sides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kingmaker.kernel.frozen import quick
from kingmaker.market.bars import Bar

NEAR = 0.1  # the tolerance is capped at this share of the way from the entry to the level

TARGET, STOP, BREAKEVEN, TRAILED = "TP_HIT", "SL_HIT", "BREAKEVEN", "TRAILED"
TIME, EXPIRED, FLATTENED = "TIME_EXIT", "EXPIRED", "FLATTENED"


@quick
@dataclass(frozen=True, slots=True)
class Leg:
    """One way to trade a signal. Distances are fractions of the entry price; 0 R never acts."""

    entry_ms: int
    interval_ms: int
    direction: int
    stop_distance: float
    target_distance: float
    breakeven_r: float
    trail_r: float
    time_bars: int


@quick
@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every trade of a desk. Costs are fractions, a side."""

    fee: float
    impact: float  # half spread and slippage, against us
    tolerance: float
    max_age_ms: int


@quick
@dataclass(frozen=True, slots=True)
class Result:
    """How a trade ended; prices as filled, `net` as a fraction of the capital base at full size."""

    reason: str
    net: float
    entry: float
    exit: float
    exit_ms: int
    best_r: float  # best and worst excursion in units of risk
    worst_r: float


@dataclass(slots=True)
class _Trade:
    """A trade under way."""

    leg: Leg
    terms: Terms
    entry: float  # as quoted, before costs
    stop: float
    target: float
    stop_reason: str = STOP
    best_r: float = 0.0
    worst_r: float = 0.0


def outcome(leg: Leg, terms: Terms, bars: Sequence[Bar]) -> Result | None:
    """Return how the trade ended; None while it lasts. `bars` begin at its entry."""
    trade = _begin(leg, terms, bars[0].open)
    expected_ms = leg.entry_ms
    ends_ms = leg.entry_ms + min(leg.time_bars * leg.interval_ms, terms.max_age_ms)
    for bar in bars:
        if bar.open_ms != expected_ms:
            return _leave_after_hole(trade, bar)
        expected_ms = bar.open_ms + leg.interval_ms
        if hit := _hit(trade, bar):
            return _leave(trade, *hit, expected_ms)
        _follow(trade, bar)
        if expected_ms >= ends_ms:
            return _leave(trade, bar.close, _timely(trade, expected_ms), expected_ms)
    return None


def expired(leg: Leg, terms: Terms, bars: Sequence[Bar], now_ms: int) -> Result:
    """Return a trade that no bar ever ended: out at the last known close. `bars` begin at entry."""
    trade = _begin(leg, terms, bars[0].open)
    for bar in bars:
        _follow(trade, bar)
    return _leave(trade, bars[-1].close, EXPIRED, now_ms)


def flattened(leg: Leg, terms: Terms, bars: Sequence[Bar]) -> Result:
    """Return a trade that a person ended: out at the open of the last bar. `bars` as above."""
    trade = _begin(leg, terms, bars[0].open)
    for bar in bars[:-1]:
        _follow(trade, bar)
    return _leave(trade, bars[-1].open, FLATTENED, bars[-1].open_ms)


def levels(leg: Leg, terms: Terms, quoted: float) -> tuple[float, float, float]:
    """Return the price of entry as filled, stop and target."""
    trade = _begin(leg, terms, quoted)
    return _filled(quoted, leg.direction, terms), trade.stop, trade.target


def _begin(leg: Leg, terms: Terms, quoted: float) -> _Trade:
    stop = quoted - leg.direction * leg.stop_distance * quoted
    target = quoted + leg.direction * leg.target_distance * quoted
    return _Trade(leg, terms, quoted, stop, target)


def _hit(trade: _Trade, bar: Bar) -> tuple[float, str] | None:
    """Return price and reason if the bar reaches stop or target, the stop first."""
    side, stop, target = trade.leg.direction, trade.stop, trade.target
    if side * (bar.open - stop) <= 0.0:
        return bar.open, trade.stop_reason
    adverse, favourable = (bar.low, bar.high) if side > 0 else (bar.high, bar.low)
    beyond = side * (adverse - stop)
    if beyond <= _tolerance(trade, stop):
        return (stop if beyond <= 0.0 else adverse), trade.stop_reason
    beyond = side * (favourable - target)
    if beyond >= -_tolerance(trade, target):
        return (target if beyond >= 0.0 else favourable), TARGET
    return None


def _tolerance(trade: _Trade, level: float) -> float:
    """Return how near is near enough: never so wide that the entry itself is."""
    return min(trade.terms.tolerance * level, NEAR * abs(trade.entry - level))


def _follow(trade: _Trade, bar: Bar) -> None:
    """Note the excursions and move the stop, from the next bar on."""
    side, leg = trade.leg.direction, trade.leg
    adverse, favourable = (bar.low, bar.high) if side > 0 else (bar.high, bar.low)
    trade.best_r = max(trade.best_r, _in_risks(trade, favourable))
    trade.worst_r = min(trade.worst_r, _in_risks(trade, adverse))
    if 0.0 < leg.breakeven_r <= trade.best_r:
        _tighten(trade, trade.entry, BREAKEVEN)
    if 0.0 < leg.trail_r <= trade.best_r:
        risk = leg.stop_distance * trade.entry
        _tighten(trade, trade.entry + side * (trade.best_r - leg.trail_r) * risk, TRAILED)


def _tighten(trade: _Trade, stop: float, reason: str) -> None:
    if trade.leg.direction * (stop - trade.stop) > 0.0:
        trade.stop, trade.stop_reason = stop, reason


def _leave_after_hole(trade: _Trade, bar: Bar) -> Result:
    """Leave at the first price after a hole: what the market did inside it nobody knows."""
    side = trade.leg.direction
    if side * (bar.open - trade.stop) <= 0.0:
        reason = trade.stop_reason
    elif side * (bar.open - trade.target) >= 0.0:
        reason = TARGET
    else:
        reason = _timely(trade, bar.open_ms)
    return _leave(trade, bar.open, reason, bar.open_ms)


def _timely(trade: _Trade, now_ms: int) -> str:
    return EXPIRED if now_ms - trade.leg.entry_ms >= trade.terms.max_age_ms else TIME


def _leave(trade: _Trade, quoted: float, reason: str, exit_ms: int) -> Result:
    side, terms = trade.leg.direction, trade.terms
    entry, leave = _filled(trade.entry, side, terms), _filled(quoted, -side, terms)
    ratio = leave / entry
    here = _in_risks(trade, quoted)
    return Result(
        reason,
        side * (ratio - 1.0) - terms.fee * (1.0 + ratio),
        entry,
        leave,
        exit_ms,
        max(trade.best_r, here),
        min(trade.worst_r, here),
    )


def _in_risks(trade: _Trade, price: float) -> float:
    way = trade.leg.direction * (price - trade.entry)
    return way / (trade.leg.stop_distance * trade.entry)


def _filled(quoted: float, side: int, terms: Terms) -> float:
    """Return the price paid: half the spread and the slippage are against us."""
    return quoted * (1.0 + side * terms.impact)
