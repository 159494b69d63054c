"""Equity and drawdown of returns in order: sums of net returns, and how far below their peak."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """After one return; both are fractions of the capital base, drawdown 0 or above."""

    equity: float
    drawdown: float


def curve(nets: Iterable[float]) -> Iterator[Point]:
    """Yield the point after each return; the peak before the first one is 0."""
    total = peak = 0.0
    for net in nets:
        total += net
        peak = max(peak, total)
        yield Point(total, peak - total)


def deepest(nets: Iterable[float]) -> float:
    """Return the largest drawdown; 0 of no returns."""
    return max((point.drawdown for point in curve(nets)), default=0.0)
