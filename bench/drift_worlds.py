"""Markets that never change, whose features are held against themselves: what drift calls false."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, sqrt

from kingmaker.market import features
from kingmaker.market.columns import Columns
from kingmaker.market.features import NAMES, Row
from kingmaker.risk.histograms import Counts, counts_of
from kingmaker.risk.references import LOG_KL, WINDOW, Reference, usual

HOUR_MS = 3_600_000
STEPS, STEP = 8, 0.001  # of a random walk, in a bar
KEEPS, SPREAD = 0.95, 0.5  # of a clustered walk's log volatility, from bar to bar; its deviation
MIDDLES = {"volatility_ratio": (0.4, 2.0), "deviation_20": (0.2, 3.0)}

type Rows = Iterator[Row]
type Windows = Sequence[Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Walked:
    """A bar of a random walk."""

    open_ms: int
    open: float
    high: float
    low: float
    close: float
    volume: float


def independent(seed: int, shift: float = 0.0) -> Rows:
    """Yield rows whose every feature is normal about the middle of its bins, moved by sigmas."""
    draw = random.Random(seed)  # noqa: S311 - simulation, not secrets
    while True:
        z = [draw.gauss(shift, 1.0) for _ in NAMES]
        yield tuple([_value(name, one) for name, one in zip(NAMES, z, strict=True)])


def walking(seed: int, *, clustered: bool = False) -> Rows:
    """Yield the features of a random walk; clustered, calm and wild stretches follow each other."""
    bars, columns = _walk(seed, SPREAD if clustered else 0.0), Columns(HOUR_MS)
    for place, bar in enumerate(bars):
        columns.add(bar, place)
        columns.keep(features.BARS)
        row = columns.features(features.BARS) if place >= features.BARS else None
        if row is not None:
            yield row


def windows(of: Rows, count: int) -> Windows:
    """Return the next windows."""
    return [[next(of) for _ in range(WINDOW)] for _ in range(count)]


def reference(seen: Sequence[Counts], rule: str = LOG_KL) -> Reference:
    """Return what is usual of windows."""
    total, each = usual(seen, rule)
    means, sigmas = (tuple([getattr(one, name) for one in each]) for name in ("mean", "sigma"))
    return Reference(1, "", 0, len(seen), rule, total, means, sigmas)


def counted(seen: Windows) -> list[Counts]:
    """Return the counts of windows."""
    return [counts_of(rows) for rows in seen]


def moved(seen: Windows, by: Sequence[float]) -> Windows:
    """Return windows each of whose features is moved."""
    return [
        [tuple([one + more for one, more in zip(row, by, strict=True)]) for row in rows]
        for rows in seen
    ]


def deviations(seen: Windows) -> list[float]:
    """Return the standard deviation of each feature."""
    found = []
    for column in zip(*[row for rows in seen for row in rows], strict=True):
        mean = sum(column) / len(column)
        found.append(sqrt(sum([(one - mean) ** 2 for one in column]) / len(column)))
    return found


def _value(name: str, z: float) -> float:
    if name == "atr_percent":
        return float(0.2 * 1.5**z)
    low, high = MIDDLES.get(name, (-1.0, 1.0))
    return (low + high) / 2 + z * (high - low) / 5


def _walk(seed: int, spread: float) -> Iterator[Walked]:
    draw = random.Random(seed)  # noqa: S311 - simulation, not secrets
    open_ms, price, wild = 0, 100.0, 0.0
    while True:
        if spread:
            wild = KEEPS * wild + draw.gauss(0.0, spread * sqrt(1.0 - KEEPS * KEEPS))
        path = [price]
        for _ in range(STEPS):
            path.append(path[-1] * exp(draw.gauss(0.0, STEP * exp(wild))))
        volume = exp(draw.gauss(0.0, 0.5) + wild)
        yield Walked(open_ms, price, max(path), min(path), path[-1], volume)
        open_ms, price = open_ms + HOUR_MS, path[-1]
