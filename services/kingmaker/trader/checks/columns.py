"""One series of bars as arrays, oldest first: what a person's own features and strategies read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from kingmaker.trader.heard import BarClosed

type Floats = NDArray[np.float64]

NUMBERS = 5  # a bar: open, high, low, close, volume
STRETCHED = 1.5  # so that a future of constant prices is another one, too


@dataclass(frozen=True, slots=True)
class Columns:
    """T bars of one symbol; prices in quote currency, `open_ms` UTC milliseconds."""

    symbol: str
    interval_ms: int
    open_ms: NDArray[np.int64]
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats

    @classmethod
    def of(
        cls, symbol: str, interval_ms: int, open_ms: Sequence[int], numbers: Sequence[float]
    ) -> Self:
        """Return T bars, of which `numbers` holds five each, in the order of the fields."""
        table = np.asarray(numbers, np.float64).reshape(len(open_ms), NUMBERS).T.copy()
        return cls(symbol, interval_ms, np.asarray(open_ms, np.int64), *table)

    def __len__(self) -> int:
        """Count the bars."""
        return len(self.open_ms)

    def between(self, first: int, end: int) -> Self:
        """Return the bars `first` to `end` - 1, as if there were no others."""
        part = slice(first, end)
        columns = (self.open, self.high, self.low, self.close, self.volume)
        arrays = [column[part].copy() for column in columns]
        return type(self)(self.symbol, self.interval_ms, self.open_ms[part].copy(), *arrays)

    def other_future(self, end: int) -> Self:
        """Return the same bars before place `end`, and from there on others of the same times.

        Prices are mirrored about the last close (in ratios) and raised by half; volumes run
        backwards.
        """
        base = STRETCHED * float(self.close[end - 1]) ** 2
        open_, high, low, close, volume = (
            column.copy() for column in (self.open, self.high, self.low, self.close, self.volume)
        )
        open_[end:], close[end:] = base / self.open[end:], base / self.close[end:]
        high[end:], low[end:] = base / self.low[end:], base / self.high[end:]
        volume[end:] = self.volume[end:][::-1]
        return type(self)(
            self.symbol, self.interval_ms, self.open_ms.copy(), open_, high, low, close, volume
        )

    def bar(self, place: int) -> BarClosed:
        """Return one bar as the trader hears it."""
        columns = (self.open, self.high, self.low, self.close, self.volume)
        numbers = [float(column[place]) for column in columns]
        return BarClosed(self.symbol, self.interval_ms, int(self.open_ms[place]), *numbers)
