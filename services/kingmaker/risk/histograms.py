"""How far the features of a stretch of bars lie from those of a reference, bit for bit anywhere.

Only + - * / and our own logarithm: what is said of drift is replayed on every machine. Bins are of
the feature, not of the data: features are scaled (average true ranges, shares), so a table will do.
Where bins lie touches the power of the comparison only; what is usual follows from the reference.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from kingmaker.kernel.arithmetic import ln
from kingmaker.market.features import NAMES, Row

BINS = 20
# Where most values lie; the outer bins are open. The calendar's three features cannot drift.
PLACES: Mapping[str, tuple[float, float]] = {
    "volatility_ratio": (0.4, 2.0),
    **dict.fromkeys(
        ("return_1", "return_3", "return_6", "return_12", "return_24", "return_48"), (-2.0, 2.0)
    ),
    "body": (-1.5, 1.5),
    "wick_up": (0.0, 1.2),
    "wick_down": (0.0, 1.2),
    "range": (0.0, 2.5),
    "z_20": (-2.5, 2.5),
    "z_48": (-3.0, 3.0),
    "place_20": (-1.0, 1.0),
    "place_96": (-1.0, 1.0),
    "rsi_14": (-1.0, 1.0),
    "efficiency_12": (0.0, 1.0),
    "deviation_20": (0.2, 3.0),
    "volume": (-1.0, 3.0),
    "volume_6": (-1.0, 2.0),
}
SCALE = "atr_percent"  # the one that has a unit: its bins widen by a factor
SCALE_FIRST, SCALE_FACTOR = 0.02, 1.28
FEATURES = tuple(name for name in NAMES if name in PLACES or name == SCALE)

type Counts = bytes  # of every feature its bins, one byte each: a window has at most 255 bars


def _edges(name: str) -> tuple[float, ...]:
    if name == SCALE:
        edges = [SCALE_FIRST]
        while len(edges) < BINS - 1:
            edges.append(edges[-1] * SCALE_FACTOR)
        return tuple(edges)
    low, high = PLACES[name]
    return tuple(low + (high - low) * k / BINS for k in range(1, BINS))


_COLUMNS = tuple((NAMES.index(name), _edges(name)) for name in FEATURES)


def counts_of(rows: Sequence[Row]) -> Counts:
    """Count the rows of a window, at most 255, into the bins of every feature."""
    counts = bytearray(BINS * len(FEATURES))
    for number, (column, edges) in enumerate(_COLUMNS):
        first = number * BINS
        for row in rows:
            counts[first + bisect_right(edges, row[column])] += 1
    return bytes(counts)


def total_of(windows: Sequence[Counts]) -> tuple[int, ...]:
    """Add windows up."""
    return tuple(map(sum, zip(*windows, strict=True)))


def divergences(window: Counts, reference: Sequence[int]) -> list[float]:
    """Return of every feature the Kullback-Leibler divergence of a window from a reference.

    Half a row is added to each bin of both, so that an empty one is not infinitely surprising.
    """
    return [
        _divergence(window[first:last], reference[first:last])
        for first, last in pairwise(range(0, len(reference) + 1, BINS))
    ]


def without(total: Sequence[int], window: Counts) -> list[int]:
    """Return what is left of a total: a window is not compared with itself."""
    return [all_ - own for all_, own in zip(total, window, strict=True)]


def _divergence(window: Sequence[int], reference: Sequence[int]) -> float:
    rows, of = 2 * sum(window) + BINS, 2 * sum(reference) + BINS
    apart = _ln(of) - _ln(rows)
    weighed = [
        (2 * own + 1) * (_ln(2 * own + 1) - _ln(2 * usual + 1) + apart)
        for own, usual in zip(window, reference, strict=True)
    ]
    return sum(weighed) / rows


@lru_cache(maxsize=65_536)
def _ln(number: int) -> float:
    return ln(float(number))
