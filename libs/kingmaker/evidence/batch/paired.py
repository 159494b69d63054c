"""Which of two did better on the same days: the mean of paired differences, and its interval.

The interval is a bootstrap of blocks of days that go round (Politis and Romano 1992; a block is as
long as the cube root of the days), by percentiles, seeded: the same differences give the same
figures. Such intervals are too short where days are few: of 20 independent ones they hold the truth
89 times in 100 in place of 95, of 40 some 92, of 80 some 93, and less where days cling together.
They say what one look may claim; who looks often, or at many, wants `kingmaker judge`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ROUNDS = 2_000
LOW, HIGH = 2.5, 97.5  # per cent: a 95 % interval
DAYS_MIN = 20  # on which something differs: below, an interval says nothing

type Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Paired:
    """By how much one exceeded the other, a row; None where there are no rows, or too few days."""

    mean: float | None
    low: float | None
    high: float | None
    rows: int
    days: int  # on which a row differs
    same: bool  # no row differs

    def verdict(self, other: str) -> str:
        """Return what may be said of the one against the other, which is named."""
        if self.rows and self.same:
            return f"the same as {other}"
        if self.low is None or self.high is None:
            return f"too few days to tell ({self.days} of {DAYS_MIN})"
        if self.low > 0.0:
            return f"better than {other}"
        if self.high < 0.0:
            return f"worse than {other}"
        return f"not distinguishable from {other}"


def paired(
    differences: Sequence[float] | Floats, days: Sequence[int] | NDArray[np.int64]
) -> Paired:
    """Return the mean difference a row; rows of one day, by its number, are drawn together."""
    values = np.asarray(differences, np.float64)
    known, place = np.unique(np.asarray(days, np.int64), return_inverse=True)
    telling = len(np.unique(place[values != 0.0]))
    mean = float(values.mean()) if len(values) else None
    if telling < DAYS_MIN:
        return Paired(mean, None, None, len(values), telling, same=telling == 0)
    sums = np.bincount(place, weights=values)
    rows = np.bincount(place)
    drawn = drawn_days(len(known))
    means = sums[drawn].sum(axis=1) / rows[drawn].sum(axis=1)
    low, high = np.percentile(means, [LOW, HIGH])
    return Paired(mean, float(low), float(high), len(values), telling, same=False)


def drawn_days(count: int) -> NDArray[np.int64]:
    """Return places of days drawn anew, [ROUNDS, count], in blocks; after the last the first."""
    block = 1
    while _cube(2 * block + 1) <= 8 * count:  # to the nearest whole number
        block += 1
    starts = np.random.default_rng(0).integers(count, size=(ROUNDS, -(-count // block)))
    places: NDArray[np.int64] = (starts[:, :, None] + np.arange(block)) % count
    return places.reshape(ROUNDS, -1)[:, :count]


def _cube(number: int) -> int:
    return number * number * number
