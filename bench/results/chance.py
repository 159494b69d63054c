"""What trades came to, and whether chance alone might have done it.

Sharpe ratios are those of daily net returns, a year. Days are trading days: where a market closes
over the weekend, its Sunday evening belongs to Monday. A day without a trade counts 0. Trades of
several symbols on one day are one number, so what they have in common is not counted twice.

The standard error is that of Lo (2002), by the delta method, robust to autocorrelation and to
unequal variances: Newey and West (1987) with Bartlett weights and floor(4 (n / 100)^(2/9)) lags.
Interval and p (of a ratio of 0, two-sided) come from Student's t with n - 1 degrees of freedom.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from bench.results.plays import Trade
from kingmaker.evidence.student import two_sided_tail
from kingmaker.trader.checks.returns import ALWAYS_OPEN, TRADING_DAYS, YEAR_DAYS, trading_day

DAYS_MIN = 20  # fewer tell nothing
LEVEL = 0.05

type Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Days:
    """The trading days of a market, in order."""

    numbers: tuple[int, ...]
    calendar: str

    @classmethod
    def of(cls, opens: Iterable[int], calendar: str, from_ms: int = 0) -> "Days":
        """Return the days on which bars opened, at `from_ms` or later."""
        chosen = np.array([open_ms for open_ms in opens if open_ms >= from_ms], np.int64)
        return cls(tuple(np.unique(trading_day(chosen, calendar)).tolist()), calendar)

    def sums(self, trades: Sequence[Trade]) -> Floats:
        """Return the net return of each day; a trade belongs to the day of its exit.

        An exit with the last bar of a day, or in a hole, belongs to the day before.
        """
        totals = np.zeros(len(self.numbers))
        ends = np.array([trade.exit_ms for trade in trades], np.int64)
        exits = trading_day(ends - 1, self.calendar)
        places = np.searchsorted(np.array(self.numbers), exits, side="right") - 1
        np.add.at(totals, places, [trade.net for trade in trades])
        return totals

    @property
    def a_year(self) -> int:
        """How many there are in a year."""
        return YEAR_DAYS if self.calendar == ALWAYS_OPEN else TRADING_DAYS


@dataclass(frozen=True, slots=True)
class Ratio:
    """An annual Sharpe ratio, its 95 % interval, and how likely chance alone is as far from 0."""

    value: float
    low: float
    high: float
    p: float


def ratio(days: Floats, a_year: int) -> Ratio | None:
    """Return the ratio of daily returns; None where too few days, or equal ones, tell nothing."""
    count = len(days)
    if count < DAYS_MIN or not days.std() > 0.0:
        return None
    value, error = _of(days)
    if not error > 0.0:
        return None
    t_max = _critical(count - 1)
    scale = sqrt(a_year)
    return Ratio(
        value=scale * value,
        low=scale * (value - t_max * error),
        high=scale * (value + t_max * error),
        p=two_sided_tail(value / error, count - 1),
    )


@dataclass(frozen=True, slots=True)
class Shift:
    """By how much full-size trades brought more than others, and its chance as above."""

    value: float
    p: float


def shift(after: Sequence[Trade], before: Sequence[Trade], days: Days) -> Shift | None:
    """Return how the net return a full-size trade changed; None where too few days tell nothing.

    The error is that of two ratios of sums a day, on the same days, by the delta method.
    """
    count = len(days.numbers)
    if count < DAYS_MIN or not after or not before:
        return None
    means, influences = zip(*[_a_trade(trades, days) for trades in (after, before)], strict=True)
    variance = _long_run(influences[0] - influences[1])
    if not variance > 0.0:
        return None
    value = means[0] - means[1]
    return Shift(value, two_sided_tail(value / sqrt(variance / count), count - 1))


def holm(chances: Sequence[float]) -> list[float]:
    """Return p of many tests, adjusted for their number (Holm 1979), in the same order.

    The chance that any is below a level by luck alone is at most that level.
    """
    order = sorted(range(len(chances)), key=chances.__getitem__)
    adjusted, highest = [0.0] * len(chances), 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(chances) - rank) * chances[place]))
        adjusted[place] = highest
    return adjusted


def verdict(found: Ratio | None, adjusted: float | None, other: str) -> str:
    """Return what may be said of a row against `other`, by its p adjusted for all rows."""
    if found is None or adjusted is None:
        return "too few days to tell"
    if adjusted >= LEVEL:
        return "not distinguishable from chance"
    return f"{'better' if found.value > 0.0 else 'worse'} than {other}"


def _of(days: Floats) -> tuple[float, float]:
    """Return a day's ratio and its standard error."""
    count = len(days)
    deviation = days.std(ddof=1)
    value = days.mean() / deviation
    scaled = (days - days.mean()) / deviation
    influence = scaled - 0.5 * value * (scaled**2 - 1.0)
    return float(value), sqrt(_long_run(influence - influence.mean()) / count)


def _a_trade(trades: Sequence[Trade], days: Days) -> tuple[float, Floats]:
    """Return the net return a full-size trade, and what each day moves it by, times the days."""
    sizes = [one._replace(net=abs(one.side)) for one in trades]
    sums, counts = days.sums(trades), days.sums(sizes)
    mean = sums.sum() / counts.sum()
    return float(mean), (sums - mean * counts) / counts.mean()


def _long_run(values: Floats) -> float:
    """Return the variance of the mean of days that cling together, times their number."""
    count = len(values)
    lags = int(4 * (count / 100) ** (2 / 9))
    variance = values @ values
    for lag in range(1, lags + 1):
        weight = 2.0 * (1.0 - lag / (lags + 1))
        variance += weight * (values[lag:] @ values[:-lag])
    return float(variance) / (count - 1 - lags)


def _critical(degrees: int) -> float:
    """Return beyond which t a ratio of 0 is at the level, by halving."""
    low, high = 0.0, 100.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if two_sided_tail(middle, degrees) > LEVEL else (low, middle)
    return high
