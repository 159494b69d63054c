"""Whether confidence means anything: how often the confident were right, by tenths of confidence.

A probability is honest where what was said lies within the interval of what came (a reliability
diagram; Murphy and Winkler 1977). The confidence of a head is no probability: of it one can only
ask that more of it goes with being right more often.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum

from kingmaker.analytics import intervals
from kingmaker.analytics.heads import Outcome
from kingmaker.analytics.intervals import Estimate

BINS = 10
HONEST, TOO_SURE, TOO_MODEST = "as said", "less often than said", "more often than said"
P_WIN = "p_win"


@dataclass(frozen=True, slots=True)
class Bin:
    """All that was said between two bounds, and how often it was right."""

    low: float
    high: float
    said: float  # mean of what was said
    right: Estimate
    reading: str  # of a probability; of a confidence nothing


@dataclass(frozen=True, slots=True)
class Reliability:
    """One who says how sure it is: its bins, in order, those that are empty left out."""

    name: str  # p_win, or a head
    is_probability: bool
    n: int
    bins: tuple[Bin, ...]


def of_probability(said: Iterable[tuple[float, bool]]) -> Reliability:
    """Return p_win, from (probability that the signal wins, whether it won)."""
    rows = list(said)
    return Reliability(
        P_WIN, n=len(rows), is_probability=True, bins=_bins(rows, is_probability=True)
    )


def of_head(name: str, outcomes: Iterable[Outcome]) -> Reliability:
    """Return a head, over the signals it voted on: right is agreeing with one that won, or not."""
    rows = [
        (abs(vote), (vote > 0.0) == (one.signal_net > 0.0))
        for one in outcomes
        if one.reason != "EXPIRED" and (vote := one.heads.get(name))
    ]
    return Reliability(
        name, n=len(rows), is_probability=False, bins=_bins(rows, is_probability=False)
    )


def _bins(rows: Sequence[tuple[float, bool]], *, is_probability: bool) -> tuple[Bin, ...]:
    sorted_in: dict[int, list[tuple[float, bool]]] = {}
    for said, right in rows:
        sorted_in.setdefault(min(BINS - 1, int(said * BINS)), []).append((said, right))
    return tuple([_bin(number, sorted_in[number], is_probability) for number in sorted(sorted_in)])


def _bin(number: int, rows: Sequence[tuple[float, bool]], is_probability: bool) -> Bin:  # noqa: FBT001 - one flag, handed on
    said = fsum(said for said, _ in rows) / len(rows)
    right = intervals.rate(sum(right for _, right in rows), len(rows))
    reading = _reading(said, right) if is_probability else ""
    return Bin(number / BINS, (number + 1) / BINS, said, right, reading)


def _reading(said: float, right: Estimate) -> str:
    if right.low is None or right.high is None or right.low <= said <= right.high:
        return HONEST
    return TOO_SURE if right.high < said else TOO_MODEST
