"""How a strategy fares by itself: its signals traded by the exits and costs of the trader.

A signal is a bar at which the strategy begins to want a direction. Entry is at the next bar's open;
stop and target lie a number of average true ranges away; breakeven at 1 R and the longest holding
time as where no exit model has learned. Trades may overlap, each at full size, as opportunities do.
Nothing is learned here and nobody is left out: it is the raw rule, after costs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import fsum

import numpy as np

from kingmaker.market import exits
from kingmaker.market.exits import Leg, Terms
from kingmaker.trader import gauges, judgement
from kingmaker.trader.checks.columns import Columns, Floats
from kingmaker.trader.checks.own_file import OwnStrategy, true_ranges
from kingmaker.trader.heard import BarClosed
from kingmaker.trader.policy import Policy
from kingmaker.trader.window import BARS_MIN


@dataclass(frozen=True, slots=True)
class Trade:
    """One signal and what became of it; `net` is a fraction of the capital base."""

    symbol: str
    decided_ms: int
    exit_ms: int
    direction: int
    net: float
    reason: str


def simulate(strategy: OwnStrategy, bars: Columns, policy: Policy) -> list[Trade]:
    """Return the trades of a strategy in one series; those the data end before are left out."""
    known = [bars.bar(place) for place in range(len(bars))]
    terms = Terms(policy.fee, policy.impact, policy.price_tolerance, policy.max_age_ms)
    trades = []
    for place, leg in starts(strategy, bars, policy):
        after = known[place + 1 : place + 2 + policy.max_holding]
        if not after or after[0].open_ms != leg.entry_ms:
            continue  # nobody could enter
        result = exits.outcome(leg, terms, after)
        if result is not None:
            place_of = (bars.symbol, leg.entry_ms, result.exit_ms)
            trades.append(Trade(*place_of, leg.direction, result.net, result.reason))
    return trades


def starts(strategy: OwnStrategy, bars: Columns, policy: Policy) -> Iterator[tuple[int, Leg]]:
    """Yield the bar of each signal, and the trade that it asks for."""
    fired, ranges = began(strategy.signals(bars), usable(bars, policy)), true_ranges(bars)
    for place in np.flatnonzero(fired).tolist():
        atr = fsum(ranges[max(0, place + 1 - gauges.ATR_BARS) : place + 1]) / gauges.ATR_BARS
        if atr > 0.0:
            bar = bars.bar(place)
            scale = atr / bar.close
            stop, target = strategy.stop_atr * scale, strategy.target_atr * scale
            yield place, _leg(bar, int(fired[place]), stop, target, policy)


def began(signals: Floats, usable_bars: np.ndarray) -> Floats:
    """Return the direction at each bar at which one begins, and 0 elsewhere."""
    before = np.concatenate([[0.0], signals[:-1]])
    return np.where((signals != before) & (usable_bars >= BARS_MIN), signals, 0.0)


def usable(bars: Columns, policy: Policy) -> np.ndarray:
    """Return how many bars end with each one without a hole that is too long."""
    steps = np.diff(bars.open_ms, prepend=bars.open_ms[:1])
    long_hole = steps - bars.interval_ms > policy.hole_ms_max(bars.interval_ms)
    places = np.arange(len(bars))
    return places - np.maximum.accumulate(np.where(long_hole, places, 0)) + 1


def _leg(bar: BarClosed, direction: int, stop: float, target: float, policy: Policy) -> Leg:
    breakeven_r, trail_r, _ = judgement.EXITS
    return Leg(
        bar.close_ms,
        bar.interval_ms,
        direction,
        stop,
        target,
        breakeven_r,
        trail_r,
        policy.max_holding,
    )
