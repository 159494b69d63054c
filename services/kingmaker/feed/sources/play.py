"""The bars of all desks as one play: in market-time order, and resumable at any row."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from kingmaker.contracts.codec import Codec
from kingmaker.feed.domain import BarRead
from kingmaker.feed.sources.series import Series
from kingmaker.kernel.lane import Draft

MESSAGES = {"kingmaker.feed.v1": (BarRead,)}


@dataclass(frozen=True, slots=True)
class PlayRow:
    """Row `number` (from 0) of one desk: known at `close_ms`."""

    close_ms: int
    desk: int  # index, as in the settings
    number: int
    bar: Draft  # a BarRead, as the feed hears it


class Play:
    """What is to be played: by desk, its series."""

    def __init__(self, desks: Sequence[Sequence[Series]]) -> None:
        """Take checked series."""
        self.desks = tuple(tuple(series) for series in desks)
        self._codec = Codec[BarRead](MESSAGES)

    def rows(self, start: Sequence[int] | None = None) -> Iterator[PlayRow]:
        """Yield the rows of all desks by close, then desk, then the desk's order of files.

        `start`: for each desk, the number of its first row that is still to come.
        """
        firsts = start or (0,) * len(self.desks)
        desks = [self._rows_of(desk, first) for desk, first in enumerate(firsts)]
        assert len(desks) == len(self.desks), f"{len(firsts)} places for {len(self.desks)} desks"
        return heapq.merge(*desks, key=lambda row: (row.close_ms, row.desk))

    def symbols(self, desk: int) -> list[tuple[str, list[int]]]:
        """Return what a desk trades: each symbol with the opens of its bars."""
        return [(series.file.symbol, list(series.open_ms)) for series in self.desks[desk]]

    def gaps(self) -> list[str]:
        """List all gaps, each with file, length and place."""
        return [
            f"{series.file.path.name}: {gap}"
            for desk in self.desks
            for series in desk
            for gap in series.gaps
        ]

    def bars(self, desk: int | None = None) -> int:
        """Count the bars, of one desk or of all."""
        chosen = self.desks if desk is None else (self.desks[desk],)
        return sum(len(series) for each in chosen for series in each)

    @property
    def first_open_ms(self) -> int:
        """When the play begins."""
        return min(series.open_ms[0] for desk in self.desks for series in desk)

    @property
    def last_close_ms(self) -> int:
        """When the play is over."""
        ends = [s.open_ms[-1] + s.file.interval_ms for desk in self.desks for s in desk]
        return max(ends)

    def _rows_of(self, desk: int, first: int) -> Iterator[PlayRow]:
        series = self.desks[desk]
        merged = heapq.merge(*(_marks(place, one) for place, one in enumerate(series)))
        for number, (close_ms, place, bar) in islice(enumerate(merged), first, None):
            draft = self._codec.encode(series[place].bar(bar))
            yield PlayRow(close_ms, desk, number, draft)


def _marks(place: int, series: Series) -> Iterator[tuple[int, int, int]]:
    interval_ms = series.file.interval_ms
    for number, open_ms in enumerate(series.open_ms):
        yield open_ms + interval_ms, place, number
