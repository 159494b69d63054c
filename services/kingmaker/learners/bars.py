"""Closed bars as arrays, a symbol each: what a learner sees of the market beside the trades."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from kingmaker.contracts.models import FEATURES
from kingmaker.market import features
from kingmaker.market.bars import Bar, true_range

NOWHERE = -1  # in place of a bar's number


class SymbolBar(Bar, Protocol):
    """One `BarClosed` of the feed, as far as learners read it."""

    @property
    def symbol(self) -> str:
        """Whose bar."""

    @property
    def interval_ms(self) -> int:
        """How long it lasted."""


@dataclass(frozen=True, slots=True)
class Bars:
    """T closed bars of one symbol, oldest first. Where some are missing, `open_ms` steps wider."""

    symbol: str
    interval_ms: int
    open_ms: NDArray[np.int64]
    open: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]
    volume: NDArray[np.float64]

    @classmethod
    def of(cls, symbol: str, bars: Sequence[SymbolBar]) -> Self:
        """Return the bars of one symbol, which are in order of time."""
        columns = [field.name for field in fields(cls)][3:]
        numbers = [np.array([getattr(bar, name) for bar in bars], np.float64) for name in columns]
        open_ms = np.array([bar.open_ms for bar in bars], np.int64)
        return cls(symbol, bars[0].interval_ms, open_ms, *numbers)

    def __len__(self) -> int:
        """Count the bars."""
        return len(self.open_ms)

    @property
    def close_ms(self) -> NDArray[np.int64]:
        """When each was known."""
        return self.open_ms + self.interval_ms

    def until(self, time_ms: int) -> Self:
        """Return what was known at a time: the bars that had closed."""
        end = int(np.searchsorted(self.close_ms, time_ms, side="right"))
        columns = [getattr(self, field.name)[:end] for field in fields(self)[2:]]
        return type(self)(self.symbol, self.interval_ms, *columns)

    def places(self, close_ms: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the numbers of the bars that closed at these times; -1 where none did."""
        places = np.searchsorted(self.close_ms, close_ms)
        there = np.minimum(places, max(len(self) - 1, 0))
        found = (self.close_ms[there] == close_ms) if len(self) else np.zeros(len(places), bool)
        return np.where(found, places, NOWHERE)

    def features(self, places: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float64]:
        """Return [M, FEATURES] at these bars, by the trader's own function; NaN where it has none.

        A row needs 96 bars before its end. Holes are looked across, however long.
        """
        columns = {
            "opens": self.open.tolist(),
            "highs": self.high.tolist(),
            "lows": self.low.tolist(),
            "closes": self.close.tolist(),
            "volumes": self.volume.tolist(),
            "ranges": self._ranges(),
        }
        rows = np.full((len(places), FEATURES), np.nan)
        for number, place in enumerate(places):
            end = int(place) + 1
            if end < features.BARS:
                continue
            part = slice(end - features.BARS, end)
            cut = {name: column[part] for name, column in columns.items()}
            row = features.row(int(self.open_ms[place]), **cut)
            if row is not None:
                rows[number] = row
        return rows

    def closes(self, places: NDArray[np.int64], width: int) -> NDArray[np.float64]:
        """Return [M, width] closes up to and with each bar; NaN where so many are not there."""
        rows = np.full((len(places), width), np.nan)
        whole = places >= width - 1
        steps = places[whole][:, None] + np.arange(1 - width, 1)
        rows[whole] = self.close[steps]
        return rows

    def _ranges(self) -> list[float]:
        before = [*self.close[:1].tolist(), *self.close[:-1].tolist()]
        prices = zip(self.high.tolist(), self.low.tolist(), before, strict=True)
        return [true_range(high, low, last) for high, low, last in prices]


def by_symbol(bars: Iterable[SymbolBar]) -> tuple[Bars, ...]:
    """Return the bars of a desk, a symbol each, in order of names."""
    found: dict[str, list[SymbolBar]] = {}
    for bar in bars:
        found.setdefault(bar.symbol, []).append(bar)
    return tuple(Bars.of(symbol, found[symbol]) for symbol in sorted(found))
