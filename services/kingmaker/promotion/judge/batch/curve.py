"""What a curve of evidence looks like, however long it is: so many points and no more."""

from collections.abc import Iterator

import numpy as np

from kingmaker.evidence.batch.arithmetic import Floats
from kingmaker.evidence.batch.tallies import Counts

POINTS_MAX = 4096


class Curve:
    """Keeps the shape of a long curve: neighbours are merged, and no peak is lost."""

    def __init__(self) -> None:
        """Begin with no points, one a height."""
        self._rows: Counts = np.zeros(0, np.int64)
        self._lows, self._highs = np.zeros((2, 0))
        self._stride = 1

    def add(self, rows: Counts, heights: Floats) -> None:
        """Take heights and the rows they stand at, from left to right."""
        if not len(rows):
            return
        starts = np.arange(0, len(rows), self._stride)
        ends = np.minimum(starts + self._stride, len(rows)) - 1
        self._rows = np.concatenate((self._rows, rows[ends]))
        self._lows = np.concatenate((self._lows, np.minimum.reduceat(heights, starts)))
        self._highs = np.concatenate((self._highs, np.maximum.reduceat(heights, starts)))
        while len(self._rows) > POINTS_MAX:
            self._merge()

    def points(self) -> Iterator[tuple[int, float]]:
        """Yield rows and heights, from left to right; two at a row where points were merged."""
        before = 0.0
        columns = (self._rows.tolist(), self._lows.tolist(), self._highs.tolist())
        for row, low, high in zip(*columns, strict=True):
            near, far = (low, high) if abs(low - before) <= abs(high - before) else (high, low)
            if near != far:
                yield row, near
            yield row, far
            before = far

    def _merge(self) -> None:
        """Make one point of two neighbours; a last one without a neighbour stays."""
        starts = np.arange(0, len(self._rows), 2)
        ends = np.minimum(starts + 1, len(self._rows) - 1)
        self._rows = self._rows[ends]
        self._lows = np.minimum.reduceat(self._lows, starts)
        self._highs = np.maximum.reduceat(self._highs, starts)
        self._stride *= 2
