"""What trades came to: net a trade, and the Sharpe ratio of daily returns with its interval.

The interval is the bootstrap of `kingmaker.evidence.batch.paired`. Days without a trade count as 0.
Days are trading days: where a market closes over the weekend, its Sunday evening belongs to Monday.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kingmaker.evidence.batch.paired import DAYS_MIN, HIGH, LOW, drawn_days

DAY_MS = 86_400_000
ALWAYS_OPEN = "24x7"
YEAR_DAYS, TRADING_DAYS = 365, 252
MONDAY, DAYS_A_WEEK, FRIDAY = 4, 7, 4  # 1970-01-05 was a Monday; days of the week from 0

type Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fared:
    """Trades in figures. Sharpe ratios are annual; None where trades ended on too few days."""

    trades: int
    won: int
    net: float  # sum, as a fraction of the capital base
    net_a_trade: float | None
    days: int
    sharpe: float | None
    sharpe_low: float | None
    sharpe_high: float | None


def fared(
    trades: Iterable[tuple[int, float]], opens: Iterable[Sequence[int]], calendar: str
) -> Fared:
    """Return the figures of (exit time, net return) on the days on which there were bars.

    `opens` are the opens of the bars, a symbol each, UTC milliseconds.
    """
    rows = list(trades)
    days = np.array([net for _, net, _ in by_day(rows, opens, calendar)])
    nets = np.array([net for _, net in rows], np.float64)
    ratio, low, high = _sharpe(days, YEAR_DAYS if calendar == ALWAYS_OPEN else TRADING_DAYS)
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


def by_day(
    trades: Iterable[tuple[int, float]], opens: Iterable[Sequence[int]], calendar: str
) -> list[tuple[int, float, int]]:
    """Return each trading day's begin (UTC milliseconds), net return and number of trades.

    A trade belongs to the day of its exit: one at midnight, or in a hole, to the day before.
    """
    every = [trading_day(np.asarray(one, np.int64), calendar).tolist() for one in opens]
    known = sorted({day for days in every for day in days})
    rows = list(trades)
    exits = trading_day(np.array([exit_ms for exit_ms, _ in rows], np.int64) - 1, calendar)
    sums, counts = np.zeros(len(known)), np.zeros(len(known), np.int64)
    for day, (_, net) in zip(exits.tolist(), rows, strict=True):
        place = bisect_right(known, day) - 1
        sums[place] += net
        counts[place] += 1
    return [
        (day * DAY_MS, float(total), int(count))
        for day, total, count in zip(known, sums, counts, strict=True)
    ]


def trading_day(times_ms: NDArray[np.int64], calendar: str) -> NDArray[np.int64]:
    """Return the trading day of each moment (UTC milliseconds), counted from 1970."""
    days = times_ms // DAY_MS
    if calendar == ALWAYS_OPEN:
        return days
    weekday = (days - MONDAY) % DAYS_A_WEEK
    return np.where(weekday > FRIDAY, days + DAYS_A_WEEK - weekday, days)


def _sharpe(days: Floats, year: int) -> tuple[float | None, float | None, float | None]:
    if np.count_nonzero(days) < DAYS_MIN:
        return None, None, None
    low, high = np.percentile(_ratio(days[drawn_days(len(days))], year), [LOW, HIGH])
    return float(_ratio(days[None, :], year)[0]), float(low), float(high)


def _ratio(rows: Floats, year: int) -> Floats:
    deviation = rows.std(axis=1, ddof=1)
    safe = np.where(deviation > 0.0, deviation, 1.0)
    ratio: Floats = np.where(deviation > 0.0, rows.mean(axis=1) / safe, 0.0) * np.sqrt(year)
    return ratio
