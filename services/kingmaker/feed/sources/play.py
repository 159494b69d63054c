"""The bars of all desks as one play: in market-time order, and resumable at any row."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from kingmaker.feed.domain import BarRead
from kingmaker.feed.sources.series import Series


@dataclass(frozen=True, slots=True)
class PlayRow:
    """Row `number` (from 0) of one desk: known at `close_ms`."""

    close_ms: int
    desk: int  # index, as in the settings
    number: int
    bar: BarRead


class Play:
    """What is to be played: by desk, its series."""

    def __init__(self, desks: Sequence[Sequence[Series]]) -> None:
        """Take checked series."""
        self.desks = tuple(tuple(series) for series in desks)

    def rows(self, start: Sequence[int] | None = None) -> Iterator[PlayRow]:
        """Yield the rows of all desks by close, then desk, then the desk's order of files.

        `start`: for each desk, the number of its first row that is still to come.
        """
        firsts = start or (0,) * len(self.desks)
        desks = [
            islice(self._rows_of(desk), first, None)
            for desk, first in zip(range(len(self.desks)), firsts, strict=True)
        ]
        return heapq.merge(*desks, key=lambda row: (row.close_ms, row.desk))

    def bars(self, desk: int | None = None) -> int:
        """Count the bars, of one desk or of all."""
        chosen = self.desks if desk is None else (self.desks[desk],)
        return sum(len(series) for each in chosen for series in each)

    @property
    def last_close_ms(self) -> int:
        """When the play is over."""
        ends = [s.open_ms[-1] + s.file.interval_ms for desk in self.desks for s in desk]
        return max(ends)

    def _rows_of(self, desk: int) -> Iterator[PlayRow]:
        series = self.desks[desk]
        merged = heapq.merge(*(_marks(place, one) for place, one in enumerate(series)))
        for number, (close_ms, place, bar) in enumerate(merged):
            yield PlayRow(close_ms, desk, number, series[place].bar(bar))


def _marks(place: int, series: Series) -> Iterator[tuple[int, int, int]]:
    interval_ms = series.file.interval_ms
    for number, open_ms in enumerate(series.open_ms):
        yield open_ms + interval_ms, place, number
