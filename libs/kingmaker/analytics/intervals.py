"""What 95 of 100 repetitions would hold: intervals of rates, means and differences.

Rates by Wilson (1927), which stays within 0 and 1 and is honest for few trials; differences of two
rates by Newcombe (1998, method 10), which puts two Wilson intervals together; means by the normal
approximation, which outcomes of trades of one day, being alike, make too narrow rather than wide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

Z = 1.959963984540054  # 97.5 % of a normal distribution
FEW = 30  # below so many the normal approximation of a mean is not shown


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, from how many observations, and its interval; None where nothing can be said."""

    value: float | None
    n: int
    low: float | None
    high: float | None

    @property
    def is_above_zero(self) -> bool:
        """Whether chance alone would hardly make it so large."""
        return self.low is not None and self.low > 0.0

    @property
    def is_below_zero(self) -> bool:
        """Whether chance alone would hardly make it so small."""
        return self.high is not None and self.high < 0.0


NOTHING = Estimate(None, 0, None, None)


def rate(successes: int, n: int) -> Estimate:
    """Return a rate with its interval."""
    if n <= 0:
        return NOTHING
    share, square = successes / n, Z * Z
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = Z * sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return Estimate(share, n, max(0.0, centre - half), min(1.0, centre + half))


def difference(of: Estimate, against: Estimate) -> Estimate:
    """Return by how much one rate exceeds another that was measured apart from it."""
    sides = (of.value, of.low, of.high, against.value, against.low, against.high)
    if any(side is None for side in sides):
        return NOTHING
    value, low, high, other, other_low, other_high = (side or 0.0 for side in sides)
    down = sqrt((value - low) ** 2 + (other_high - other) ** 2)
    up = sqrt((high - value) ** 2 + (other - other_low) ** 2)
    gap = value - other
    return Estimate(gap, min(of.n, against.n), gap - down, gap + up)


def mean(values: Sequence[float]) -> Estimate:
    """Return a mean with its interval, where there are enough values."""
    n = len(values)
    if n == 0:
        return NOTHING
    centre = fsum(values) / n
    if n < FEW:
        return Estimate(centre, n, None, None)
    spread = fsum((value - centre) ** 2 for value in values) / (n - 1)
    half = Z * sqrt(spread / n)
    return Estimate(centre, n, centre - half, centre + half)
