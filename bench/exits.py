"""Exits played again on a grid: the arrays against the plain simulator, on the same trades."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bench.figures import Figure, Goal
from bench.stage import Bench
from kingmaker.learners import exit_grid
from kingmaker.learners.bars import Bars
from kingmaker.learners.exit_grid import REASONS
from kingmaker.learners.learners.pm_optimizer import grid_of
from kingmaker.learners.paths import Paths
from kingmaker.market import exits
from kingmaker.market.exits import Leg, Terms

HOUR_MS = 3_600_000
HELD = 12
PER_PAIR = 100  # trades a pair of the size's; the plain simulator takes a second for a thousand
RISK, TARGET, FEE, IMPACT, TOLERANCE = 0.01, 0.015, 0.0005, 0.0001, 0.001


def measure(bench: Bench) -> Iterator[Figure]:
    """Play every trade at every point both ways; what differs is counted, bit by bit."""
    count = max(20, bench.size.pairs // PER_PAIR)
    trades, paths = _trades(count)
    grid = grid_of(HELD)
    began = time.process_time()
    found = exit_grid.outcomes(trades, paths, grid)  # type: ignore[arg-type] # as much of one as it reads
    arrays = time.process_time() - began
    began = time.process_time()
    plain = [_plain(trades, paths, row, grid.points) for row in range(count)]
    seconds = time.process_time() - began
    differing = sum(
        (result.net.hex(), result.reason)
        != (float(found.net[row, place]).hex(), REASONS[found.reason[row, place]])
        for row, results in enumerate(plain)
        for place, result in enumerate(results)
    )
    yield Figure(
        "exits on a grid: plain simulator : arrays",
        seconds / arrays,
        goal=Goal(20.0, at_least=True),
        notes=(
            f"{count:,} trades at {len(grid.points)} points",
            f"{arrays:.3f} s of processor against {seconds:.2f} s",
            f"{differing:,} results differ in a bit",
        ),
    )


def _trades(count: int) -> tuple["_Trades", Paths]:
    """Return trades on a random walk, one after another, with all their bars."""
    random = np.random.default_rng(1)
    steps = 0.003 * random.standard_normal((count * HELD, 4))
    prices = 100.0 * np.exp(steps.cumsum().reshape(steps.shape))
    opens = np.append(100.0, prices[:-1, -1])
    open_ms = np.arange(len(prices)) * HOUR_MS
    high, low = np.maximum(prices.max(axis=1), opens), np.minimum(prices.min(axis=1), opens)
    bars = Bars("BTC", HOUR_MS, open_ms, opens, high, low, prices[:, -1], np.ones(len(prices)))
    shape = (count, HELD)
    names = ("open_ms", "open", "high", "low", "close")
    path = Paths(*[getattr(bars, name).reshape(shape) for name in names])
    return _Trades(open_ms[::HELD], random.choice([-1, 1], count)), path


class _Trades:
    """As much of an Experience as exits depend on."""

    def __init__(self, decided_ms: np.ndarray, direction: np.ndarray) -> None:
        self.decided_ms, self.direction = decided_ms, direction
        count = len(decided_ms)
        self.interval_ms = np.full(count, HOUR_MS)
        self.max_age_ms = np.full(count, 72 * HOUR_MS)
        self.risk, self.target = np.full(count, RISK), np.full(count, TARGET)
        self.fee, self.impact = np.full(count, FEE), np.full(count, IMPACT)
        self.tolerance = np.full(count, TOLERANCE)

    def __len__(self) -> int:
        return len(self.decided_ms)

    def __getitem__(self, chosen: slice) -> "_Trades":
        return _Trades(self.decided_ms[chosen], self.direction[chosen])


def _plain(
    trades: _Trades, paths: Paths, row: int, points: tuple[tuple[float, float, int], ...]
) -> list[exits.Result]:
    """Play one trade at every point as the product does."""
    terms = Terms(FEE, IMPACT, TOLERANCE, 72 * HOUR_MS)
    columns = [getattr(paths, name)[row].tolist() for name in ("open_ms", "open", "high", "low")]
    bars = [_Bar(*bar) for bar in zip(*columns, paths.close[row].tolist(), strict=True)]
    found = []
    for point in points:
        entry_ms, side = int(trades.decided_ms[row]), int(trades.direction[row])
        leg = Leg(entry_ms, HOUR_MS, side, RISK, TARGET, *point)
        result = exits.outcome(leg, terms, bars)
        assert result, "its bars show it to the end"
        found.append(result)
    return found


@dataclass(frozen=True, slots=True)
class _Bar:
    open_ms: int
    open: float
    high: float
    low: float
    close: float
    volume: float = 1.0
