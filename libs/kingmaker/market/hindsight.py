"""What other exits would have made of a trade, in numbers and in a sentence each.

Every point is played by the simulator of the product on the bars that the trade saw. A tick is the
smallest step of the symbol's price; without one told it is read from the prices themselves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import gcd

from kingmaker.kernel.frozen import replace
from kingmaker.market import exits
from kingmaker.market.bars import Bar
from kingmaker.market.exits import Leg, Result, Terms

UNIT = 100_000_000  # prices have at most eight decimals

ENDED = {
    exits.TARGET: "target hit",
    exits.STOP: "stopped out",
    exits.BREAKEVEN: "stopped out",
    exits.TRAILED: "trailed out",
    exits.TIME: "out of time",
    exits.EXPIRED: "expired",
}
WOULD = {
    exits.TARGET: "target would have been hit",
    exits.STOP: "stop would have been hit",
    exits.TIME: "time would have run out",
    exits.EXPIRED: "it would have expired",
}

type Point = tuple[float, float, int]  # breakeven R, trail R, bars


@dataclass(frozen=True, slots=True)
class Otherwise:
    """One other way to leave: None for a result that its bars do not show to the end."""

    point: Point
    result: Result | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Hindsight:
    """A closed trade, looked back on."""

    entry: float  # as filled
    stop: float
    target: float
    bars: int  # that it lasted
    result: Result
    best_ticks: int
    worst_ticks: int
    others: tuple[Otherwise, ...]


def look_back(
    leg: Leg, terms: Terms, bars: Sequence[Bar], points: Iterable[Point], tick: float | None = None
) -> Hindsight | None:
    """Return what became of a trade, and what would have; None while it lasts.

    `bars` begin at its entry. ValueError if there are none, or if the tick is not above zero.
    """
    if not bars:
        raise ValueError("there are no bars since the entry")
    step = tick_of(bars) if tick is None else tick
    if not step > 0.0:
        raise ValueError(f"tick={step!r}: give a number above zero")
    result = exits.outcome(leg, terms, bars)
    if result is None:
        return None
    entry, stop, target = exits.levels(leg, terms, bars[0].open)
    risk_ticks = leg.stop_distance * bars[0].open / step
    left_alone = exits.outcome(replace(leg, breakeven_r=0.0, trail_r=0.0), terms, bars)
    return Hindsight(
        entry,
        stop,
        target,
        sum(bar.open_ms < result.exit_ms for bar in bars),
        result,
        round(result.best_r * risk_ticks),
        round(result.worst_r * risk_ticks),
        tuple(
            [
                Otherwise(
                    point,
                    other := _played(leg, terms, bars, point),
                    f"{_rules(leg, point, risk_ticks)}: {_told(other, left_alone)}",
                )
                for point in points
            ]
        ),
    )


def tick_of(bars: Iterable[Bar]) -> float:
    """Return the largest step of which all prices are multiples: the more bars, the surer.

    Prices have at most eight decimals; finer ones are taken for rounding.
    """
    found = 0
    for bar in bars:
        for price in (bar.open, bar.high, bar.low, bar.close):
            found = gcd(found, round(price * UNIT))
    return found / UNIT


def _played(leg: Leg, terms: Terms, bars: Sequence[Bar], point: Point) -> Result | None:
    breakeven, trail, time = point
    other = replace(leg, breakeven_r=breakeven, trail_r=trail, time_bars=time)
    return exits.outcome(other, terms, bars)


def _rules(leg: Leg, point: Point, risk_ticks: float) -> str:
    """Name the rules of a point, its distances in ticks."""
    breakeven, trail, time = point
    rules = [f"breakeven at {round(breakeven * risk_ticks)} ticks"] if breakeven > 0.0 else []
    rules += [f"trailing {round(trail * risk_ticks)} ticks behind"] if trail > 0.0 else []
    if time < leg.time_bars or not rules:
        rules.append(f"out after {time} {'bar' if time == 1 else 'bars'}")
    return ", ".join(rules)


def _told(result: Result | None, left_alone: Result | None) -> str:
    """Say how it ended, and what the rules prevented or saved."""
    if result is None:
        return "its bars do not tell"
    ended = ENDED[result.reason]
    if left_alone is None or result.reason == left_alone.reason:
        return ended
    return f"{ended}, {WOULD[left_alone.reason]}"
