"""What a cell of the bench says: a number, how sure it is, and of how many.

Limits are one-sided at 99.95 % each: exact for shares (Clopper and Pearson) and for medians (order
statistics), normal for means. A bar is refuted where the whole interval is on its wrong side.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, isfinite, nan, sqrt
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.figures import Goal
from bench.gates.counts import Count, at_most

CONFIDENCE = 0.9995

type Values = NDArray[np.float64] | NDArray[np.int32]


class Key(NamedTuple):
    """Where a figure belongs."""

    cell: str  # a world, or a world and what happens in it
    rule: str
    what: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure with its standard error (NaN where it has none) and its limits."""

    value: float
    error: float
    low: float
    high: float
    n: int

    def refutes(self, goal: Goal) -> bool:
        """Tell whether the goal is missed beyond chance."""
        return self.high < goal.bound if goal.at_least else self.low > goal.bound


type Results = Mapping[Key, Measured]


def share(hits: int, n: int) -> Measured:
    """Return a share that was counted."""
    count = Count(hits, n)
    return Measured(count.share, count.error, count.lower(CONFIDENCE), count.upper(CONFIDENCE), n)


def mean(values: Values) -> Measured:
    """Return a mean."""
    middle = float(np.mean(values))
    error = float(np.std(values, ddof=1)) / sqrt(len(values)) if len(values) > 1 else inf
    margin = NormalDist().inv_cdf(CONFIDENCE) * error
    return Measured(middle, error, middle - margin, middle + margin, len(values))


def median(times: Values) -> Measured:
    """Return a median of times; 0 stands for never, which is later than any time."""
    return quantile(times, 0.5)


def quantile(times: Values, part: float) -> Measured:
    """Return a quantile of times; infinite where so many never came."""
    ordered = np.sort(np.where(np.asarray(times) == 0, inf, times))
    n = len(ordered)
    if n == 0:
        return Measured(nan, nan, -inf, inf, 0)
    low = _rank(n, part, 1.0 - CONFIDENCE)
    high = n - 1 - _rank(n, 1.0 - part, 1.0 - CONFIDENCE)
    return Measured(
        float(ordered[min(n - 1, int(part * n))]),
        nan,
        float(ordered[low]) if low >= 0 else -inf,
        float(ordered[high]) if high < n else inf,
        n,
    )


def finite(measured: Measured) -> bool:
    """Tell whether there is a value."""
    return isfinite(measured.value)


def _rank(n: int, part: float, chance: float) -> int:
    """Return the last place, from 0, that the quantile is below with no more than `chance`."""
    low, high = -1, n
    while high - low > 1:
        middle = (low + high) // 2
        if at_most(middle, n, part) <= chance:
            low = middle
        else:
            high = middle
    return low
