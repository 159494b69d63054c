"""The bars of a desk as hours of UTC: an hour is there once it has closed, and never before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from kingmaker.learners.bars import NOWHERE, Bars
from kingmaker.learners.contract import Floats
from kingmaker.learners.experience import UnfitDataError
from kingmaker.market.features import COSINES, HOUR_MS, SINES

USUAL = 24  # hours whose mean is the scale of an hour's range and volume
LIMIT = 5.0
NAMES = ("move", "range", "place", "volume", "volatility", "hour_sine", "hour_cosine")
DAY_HOURS = 24

type Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hours:
    """H closed hours of one symbol, oldest first; the first have no scale and are left out.

    An hour is made of the bars that it has: where some are missing, of the others.
    """

    close_ms: Integers  # [H]: when each was known
    rows: Floats  # [H, 7], as `NAMES` says

    @classmethod
    def of(cls, bars: Bars) -> Self:
        """Return the hours of a symbol that were over when its last bar closed."""
        require_whole_parts(bars)
        hour = bars.open_ms // HOUR_MS
        begins = np.flatnonzero(np.diff(hour, prepend=hour[:1] - 1))
        close_ms = (hour[begins] + 1) * HOUR_MS
        over = close_ms <= (bars.close_ms[-1] if len(bars) else 0)
        if over.sum() <= USUAL:
            return cls(np.zeros(0, np.int64), np.zeros((0, len(NAMES))))
        rows = _rows(bars, begins)[over[USUAL:]]
        return cls(close_ms[USUAL:][over[USUAL:]], rows)

    def at(self, times_ms: Integers, length: int) -> Integers:
        """Return the number of the last hour over at each time; -1 where fewer than `length` are.

        Holes are looked across, however long, as the market's features do.
        """
        last = np.searchsorted(self.close_ms, times_ms, side="right") - 1
        return np.where(last >= length - 1, last, NOWHERE)


def require_whole_parts(bars: Bars) -> None:
    """Refuse bars that straddle the end of an hour."""
    if HOUR_MS % bars.interval_ms:
        raise UnfitDataError(
            f"{bars.symbol}: bars of {bars.interval_ms / 60_000:g} minutes do not divide an hour,"
            " and the teacher of a distillation looks at whole hours. Train this slot without it"
        )


def sequences(rows: Floats, last: Integers, length: int) -> Floats:
    """Return [N, length, 7]: the hours up to and with each of these."""
    return np.asarray(rows[last[:, None] + np.arange(1 - length, 1)])


def joined(parts: Sequence[Hours]) -> tuple[Floats, Integers]:
    """Return the rows of all symbols in sequence, and where each symbol begins."""
    begins = np.cumsum([0, *[len(part.close_ms) for part in parts]])[:-1]
    return np.concatenate([part.rows for part in parts]), begins.astype(np.int64)


def _rows(bars: Bars, begins: Integers) -> Floats:
    """Return what is known of each hour from the 25th on, in units of the day before it."""
    ends = np.append(begins[1:], len(bars)) - 1
    high, low = np.maximum.reduceat(bars.high, begins), np.minimum.reduceat(bars.low, begins)
    close, volume = bars.close[ends], np.add.reduceat(bars.volume, begins)
    width = np.log(high / low)
    scale, usual = np.maximum(_mean(width), 1e-9), _mean(volume)
    high, low, width, now = high[USUAL:], low[USUAL:], width[USUAL:], close[USUAL:]
    spread = high - low
    place = np.divide(2.0 * (now - low), spread, out=np.ones_like(spread), where=spread > 0.0)
    busy = np.divide(volume[USUAL:], usual, out=np.ones_like(usual), where=usual > 0.0)
    clock = bars.open_ms[begins[USUAL:]] // HOUR_MS % DAY_HOURS
    return np.column_stack(
        [
            np.clip(np.log(now / close[USUAL - 1 : -1]) / scale, -LIMIT, LIMIT),
            np.clip(width / scale, 0.0, LIMIT),
            place - 1.0,
            np.clip(busy - 1.0, -LIMIT, LIMIT),
            np.clip(100.0 * scale, 0.0, LIMIT),
            np.asarray(SINES)[clock],
            np.asarray(COSINES)[clock],
        ]
    )


def _mean(values: Floats) -> Floats:
    """Return the mean of the 24 hours before each but the first 24."""
    return np.asarray(sliding_window_view(values, USUAL)[:-1].sum(axis=1) / USUAL)
