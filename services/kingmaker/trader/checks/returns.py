"""What trades came to: net a trade, and the Sharpe ratio of daily returns with its interval.

The interval is the bootstrap of `kingmaker.evidence.batch.paired`. Days without a trade count as 0.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kingmaker.evidence.batch.paired import DAYS_MIN, HIGH, LOW, drawn_days

DAY_MS = 86_400_000
DAYS_OF_YEAR = {"24x7": 365}
TRADING_DAYS = 252

type Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fared:
    """Trades in figures. Sharpe ratios are annual; None where too few days or trades tell."""

    trades: int
    won: int
    net: float  # sum, as a fraction of the capital base
    net_a_trade: float | None
    days: int
    sharpe: float | None
    sharpe_low: float | None
    sharpe_high: float | None

    @property
    def verdict(self) -> str:
        """Return what may be said: better or worse than doing nothing, or neither."""
        if self.sharpe_low is None or self.sharpe_high is None:
            return "too few days to tell"
        if self.sharpe_low > 0.0:
            return "better than doing nothing"
        if self.sharpe_high < 0.0:
            return "worse than doing nothing"
        return "not distinguishable from chance"


def fared(
    trades: Iterable[tuple[int, float]], opens: Iterable[Sequence[int]], calendar: str
) -> Fared:
    """Return the figures of (exit time, net return) on the days on which there were bars.

    `opens` are the opens of the bars, a symbol each, UTC milliseconds.
    """
    rows = list(trades)
    days = daily(rows, opens)
    nets = np.array([net for _, net in rows], np.float64)
    year = DAYS_OF_YEAR.get(calendar, TRADING_DAYS)
    ratio, low, high = _sharpe(days, year)
    return Fared(
        trades=len(rows),
        won=int((nets > 0).sum()),
        net=float(nets.sum()),
        net_a_trade=float(nets.mean()) if rows else None,
        days=len(days),
        sharpe=ratio,
        sharpe_low=low,
        sharpe_high=high,
    )


def daily(trades: Iterable[tuple[int, float]], opens: Iterable[Sequence[int]]) -> Floats:
    """Return the net return of each day (UTC) on which there was a bar, in order."""
    return np.array([net for _, net, _ in by_day(trades, opens)])


def by_day(
    trades: Iterable[tuple[int, float]], opens: Iterable[Sequence[int]]
) -> list[tuple[int, float, int]]:
    """Return each such day's begin (UTC milliseconds), net return and number of trades."""
    known = sorted({day for one in opens for day in (np.asarray(one) // DAY_MS).tolist()})
    sums, counts = np.zeros(len(known)), np.zeros(len(known), np.int64)
    for exit_ms, net in trades:
        # One that ends with a bar at midnight, or later in a hole, belongs to the day before.
        place = bisect_right(known, exit_ms // DAY_MS) - 1
        sums[place] += net
        counts[place] += 1
    return [
        (day * DAY_MS, float(total), int(count))
        for day, total, count in zip(known, sums, counts, strict=True)
    ]


def _sharpe(days: Floats, year: int) -> tuple[float | None, float | None, float | None]:
    if len(days) < DAYS_MIN or not days.any():
        return None, None, None
    low, high = np.percentile(_ratio(days[drawn_days(len(days))], year), [LOW, HIGH])
    return float(_ratio(days[None, :], year)[0]), float(low), float(high)


def _ratio(rows: Floats, year: int) -> Floats:
    deviation = rows.std(axis=1, ddof=1)
    safe = np.where(deviation > 0.0, deviation, 1.0)
    ratio: Floats = np.where(deviation > 0.0, rows.mean(axis=1) / safe, 0.0) * np.sqrt(year)
    return ratio
