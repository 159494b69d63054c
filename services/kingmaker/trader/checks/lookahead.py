"""Does a value at a bar depend on bars after it? It is computed anew at every bar and compared.

Three times: with all bars, with those until then alone, and with another future behind them. The
three must agree bit for bit. The product's own features and rules go through the trader's own
`Track`, so that what is checked is what trades; a person's functions are called as they are.

What is memorised (a file that knows the prices of these very days) is not seen by this: only a
market that it does not know tells.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kingmaker.market import features
from kingmaker.trader.checks.columns import Columns, Floats
from kingmaker.trader.checks.own_file import Compute
from kingmaker.trader.window import ARMS, BARS_MIN, MEMORY, Track

FEATURE, STRATEGY = "feature", "strategy"
TRUNCATED, ALTERED = "truncated", "altered"
GLANCE_BARS, GLANCES = 2_000, 20  # of a glance: the first bars, and how many of them it looks at
NOTHING = np.nan  # where the trader has no answer yet

type Tell = Callable[[int], None]  # hears how many bars are done


@dataclass(frozen=True, slots=True)
class Difference:
    """The first bar whose value depends on what came later."""

    symbol: str
    open_ms: int  # of the bar
    whole: float  # the value with all bars
    other: float  # and with the future missing, or another one
    future: str  # truncated or altered
    known: int  # bars that were the same


@dataclass(frozen=True, slots=True)
class Checked:
    """One feature or strategy on one series: at how many bars it was compared; what differed."""

    kind: str
    name: str
    symbol: str
    prefixes: int
    difference: Difference | None


def glance(kind: str, compute: Compute, bars: Columns, reach: int = 0) -> Difference | None:
    """Return the first difference at a few bars of many: what a whole check would begin with."""
    near = bars.between(0, min(len(bars), GLANCE_BARS))
    ends = np.unique(np.linspace(1, len(near), GLANCES).astype(int)).tolist()
    found = check_own(kind, compute, near, lambda _done: None, reach, ends)
    return next((one.difference for one in found if one.difference), None)


def check_own(  # noqa: PLR0913, PLR0917 - what is checked, on what, and where
    kind: str,
    compute: Compute,
    bars: Columns,
    tell: Tell,
    reach: int = 0,
    ends: Sequence[int] = (),
) -> list[Checked]:
    """Check functions of whole series, at every bar: the values so far must stay what they are.

    `ends`: after so many bars each, in place of every bar.
    `reach`: of functions that declare how many bars they look at; they get no more than these, and
    their last value is compared. 0: all bars, and all values.
    """
    whole = dict(compute(bars))
    found: dict[str, Difference] = {}
    places = ends or range(1, len(bars) + 1)
    for end in places:
        first = max(0, end - reach) if reach else 0
        near = bars.between(first, min(end + MEMORY, len(bars))) if reach else bars
        known = end - first
        futures = {TRUNCATED: near.between(0, known), ALTERED: near.other_future(known)}
        compared = slice(known - 1 if reach else 0, known)
        for future, other in futures.items():
            values = compute(other)
            for name in whole.keys() - found.keys():
                pair = whole[name][first:end][compared], _of(values, name, known)[compared]
                if (place := _first_difference(*pair)) is not None:
                    at = (bars, first + compared.start + place, future, end)
                    found[name] = _difference(*at, [float(column[place]) for column in pair])
        tell(end)
    return [Checked(kind, name, bars.symbol, len(places), found.get(name)) for name in whole]


def check_trader(bars: Columns, tell: Tell, *, track: type[Track] = Track) -> list[Checked]:
    """Check the features and rules of the product, through the window that trades by them."""
    names = [*[(FEATURE, name) for name in features.NAMES], *[(STRATEGY, a.name) for a in ARMS]]
    living = track(bars.interval_ms)
    found: dict[int, Difference] = {}
    for place in range(len(bars)):
        living.append(bars.bar(place), place)
        whole = _answer(living)
        for future, other in _recomputed(bars, place, track):
            for column in np.flatnonzero(_differ(whole, other)).tolist():
                values = (float(whole[column]), float(other[column]))
                found.setdefault(column, _difference(bars, place, future, place + 1, values))
        tell(place + 1)
    return [
        Checked(kind, name, bars.symbol, len(bars), found.get(column))
        for column, (kind, name) in enumerate(names)
    ]


def _recomputed(bars: Columns, place: int, track: type[Track]) -> Iterator[tuple[str, Floats]]:
    """Yield what a trader says that began a little before; then when it has seen another future."""
    fresh = track(bars.interval_ms)
    for number in range(max(0, place + 1 - BARS_MIN), place + 1):
        fresh.append(bars.bar(number), number)
    yield TRUNCATED, _answer(fresh)
    later = bars.between(place, min(place + 1 + MEMORY, len(bars))).other_future(1)
    for number in range(1, len(later)):
        fresh.append(later.bar(number), place + number)
    fresh.rows.clear()  # what was computed is computed anew
    yield ALTERED, _answer(fresh, back=len(later) - 1)


def _answer(track: Track, back: int = 0) -> Floats:
    """Return features and wishes of the bar `back` bars ago."""
    row = track.row(back) if len(track.bars) - back >= BARS_MIN else None
    wants = track.wants_at(back)
    return np.array(
        [
            *(row or [NOTHING] * len(features.NAMES)),
            *(wants if wants is not None else [NOTHING] * len(ARMS)),
        ]
    )


def _of(values: Mapping[str, Floats], name: str, end: int) -> Floats:
    """Return the values so far; nothing where the name is gone."""
    return values[name][:end] if name in values else np.full(end, NOTHING)


def _first_difference(whole: Floats, other: Floats) -> int | None:
    differ = _differ(whole, other)
    return int(np.argmax(differ)) if differ.any() else None


def _differ(whole: Floats, other: Floats) -> NDArray[np.bool_]:
    """Tell where the bits differ; one NaN is like another."""
    same = whole.view(np.int64) == other.view(np.int64)
    differ: NDArray[np.bool_] = ~(same | (np.isnan(whole) & np.isnan(other)))
    return differ


def _difference(
    bars: Columns, place: int, future: str, known: int, values: Sequence[float]
) -> Difference:
    whole, other = values
    return Difference(bars.symbol, int(bars.open_ms[place]), whole, other, future, known)
