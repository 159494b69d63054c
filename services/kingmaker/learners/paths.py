"""The bars of trades: the one they were decided on, and those that followed."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from kingmaker.learners.bars import NOWHERE, Bars
from kingmaker.learners.experience import Experience, UnfitDataError

type Places = NDArray[np.int64]


def told(batch: Experience) -> Experience:
    """Return the trades whose records tell their terms: those of 0.1 do not."""
    return batch[batch.interval_ms > 0]


def decided_at(batch: Experience) -> Places:
    """Return [N] numbers of the bars at whose close the trades were decided.

    UnfitDataError names a trade without one.
    """
    return _places(batch, after=0)


def entered_at(batch: Experience) -> Places:
    """Return [N] numbers of the bars at whose open the trades were entered; errors as above."""
    return _places(batch, after=1)


@dataclass(frozen=True, slots=True)
class Paths:
    """L bars of each of N trades from its entry on, of one symbol or many."""

    open_ms: NDArray[np.int64]  # [N, L]
    open: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]

    @classmethod
    def of(cls, batch: Experience, length: int) -> Self:
        """Return the paths of trades that all have so many bars: see `whole`."""
        entered = entered_at(batch)
        names = ("open_ms", "open", "high", "low", "close")
        columns: dict[str, Any] = {
            name: np.empty((len(batch), length), np.int64 if name == "open_ms" else np.float64)
            for name in names
        }
        for number, bars in enumerate(batch.bars):
            mine = batch.symbol == number
            steps = entered[mine][:, None] + np.arange(length)
            for name in names:
                columns[name][mine] = getattr(bars, name)[steps]
        return cls(**columns)

    def __getitem__(self, chosen: slice | NDArray[np.bool_]) -> Self:
        """Return the chosen trades."""
        return type(self)(
            self.open_ms[chosen],
            self.open[chosen],
            self.high[chosen],
            self.low[chosen],
            self.close[chosen],
        )


def whole(batch: Experience, length: int) -> NDArray[np.bool_]:
    """Tell which trades have so many bars from their entry on.

    By time, not by what became of them: whoever drops only the open ones keeps the quick ends.
    """
    entered = entered_at(batch)
    ends = np.array([len(bars) for bars in batch.bars], np.int64)
    found: NDArray[np.bool_] = entered + length <= ends[batch.symbol]
    return found


def longest(batch: Experience) -> int:
    """Return how many bars the longest trade saw: as long as its desk lets one last."""
    entered, held = entered_at(batch), np.zeros(len(batch), np.int64)
    for number, bars in enumerate(batch.bars):
        mine = batch.symbol == number
        ends = np.searchsorted(bars.close_ms, batch.resolved_ms[mine], side="right")
        held[mine] = ends - entered[mine]
    return int(held.max(initial=1))


def _places(batch: Experience, after: int) -> Places:
    places = np.full(len(batch), NOWHERE, np.int64)
    for number, bars in enumerate(batch.bars):
        mine = batch.symbol == number
        closes_ms = batch.decided_ms[mine] + after * batch.interval_ms[mine]
        places[mine] = bars.places(closes_ms)
    if (places == NOWHERE).any():
        _refuse(batch, int(np.argmax(places == NOWHERE)), batch.bars, after)
    return places


def _refuse(batch: Experience, trade: int, bars: tuple[Bars, ...], after: int) -> None:
    symbol = int(batch.symbol[trade])
    known = ", ".join(one.symbol for one in bars) or "none"
    name = (
        bars[symbol].symbol if symbol != NOWHERE else f"a symbol without bars (there are {known})"
    )
    what = "entered at" if after else "decided on"
    raise UnfitDataError(
        f"{name}: the bar is missing that the trade of {int(batch.decided_ms[trade])} was {what}"
    )
