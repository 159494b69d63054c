"""Streams side by side, pair by pair: rows on which neither side traded are no pairs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from kingmaker.evidence.batch.arithmetic import Floats
from kingmaker.evidence.batch.tallies import Counts, Mask


@dataclass(frozen=True, slots=True)
class Aligned:
    """Streams in order of their number of pairs, the longest first; pair k stands at `pairs[k]`."""

    pairs: Floats  # (pairs, 2, streams)
    counts: Counts  # pairs of each stream
    rows: Counts  # (streams, rows): of pair k of a stream, counted from 1
    places: NDArray[np.intp]  # where each stream stood
    traded: Mask  # (streams, rows)

    @classmethod
    def of(cls, table: Floats) -> Self:
        """Align a table of shape (streams, rows, 2)."""
        traded = (table[..., 0] != 0.0) | (table[..., 1] != 0.0)
        counts = traded.sum(axis=1)
        places = np.argsort(-counts, kind="stable")
        traded, counts = traded[places], counts[places]
        columns = np.argsort(~traded, axis=1, kind="stable")  # pairs first, in their order
        pairs = np.take_along_axis(table[places], columns[..., None], axis=1)
        return cls(
            np.ascontiguousarray(pairs.transpose(1, 2, 0)), counts, columns + 1, places, traded
        )

    def steps(self) -> Iterator[tuple[int, int]]:
        """Yield each pair's index, and how many streams have such a pair."""
        ends = np.sort(self.counts)
        for k in range(int(ends[-1]) if len(ends) else 0):
            yield k, len(ends) - int(np.searchsorted(ends, k, side="right"))

    def starts(self, segments: tuple[int, ...]) -> dict[int, list[Mask]]:
        """Return, by pair, in which streams a segment starts before it."""
        found: dict[int, list[Mask]] = {}
        for row in segments:
            if row <= self.traded.shape[1]:
                before = self.traded[:, : row - 1].sum(axis=1)
                for k in np.unique(before[before < self.counts]).tolist():
                    found.setdefault(k, []).append((before == k) & (before < self.counts))
        return found

    def late_starts(self, stream: int, segments: tuple[int, ...]) -> int:
        """Return how many segments start after the last pair of a stream."""
        of_input = [row for row in segments if row <= self.traded.shape[1]]
        return sum(not self.traded[stream, row - 1 :].any() for row in of_input)
