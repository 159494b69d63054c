"""What is usual: the windows that a training saw, and how far apart those lie by chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from kingmaker.kernel.arithmetic import ln
from kingmaker.kernel.frozen import quick
from kingmaker.risk.histograms import Counts, divergences, total_of, without

LOG_KL, KL_RAW = "log_kl", "kl_raw"
RULES = (LOG_KL, KL_RAW)
WINDOW = 250  # bars
NEEDED, KEPT = 20, 40  # windows of a reference
LEAST = 1.0 / (2 * WINDOW)  # of a divergence: what chance makes of one bin
SPREAD_LEAST = 0.333  # of its logarithm: that of independent rows, chi-square of 19 degrees


@quick
@dataclass(frozen=True, slots=True)
class Reference:
    """Windows added up, and of every feature what the measure of a usual window comes to."""

    number: int
    training: str  # that saw them; "" for the first windows of all
    until_ms: int
    windows: int
    rule: str
    totals: tuple[int, ...]
    means: tuple[float, ...]
    sigmas: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual of one feature."""

    mean: float
    sigma: float


def usual(windows: Sequence[Counts], rule: str) -> tuple[tuple[int, ...], list[Usual]]:
    """Return windows added up, and of every feature how far each lies from all the others."""
    total = total_of(windows)
    each = [measures(one, without(total, one), rule) for one in windows]
    return total, [_usual(values, rule) for values in zip(*each, strict=True)]


def measures(window: Counts, reference: Sequence[int], rule: str) -> list[float]:
    """Return what is compared of every feature: the divergence, or its logarithm.

    The divergence of a usual window is skewed: three sigmas of it are passed ten times too often.
    """
    found = divergences(window, reference)
    return found if rule == KL_RAW else [ln(max(one, LEAST)) for one in found]


def scores(window: Counts, reference: Reference) -> tuple[float, ...]:
    """Return of every feature how many sigmas a window lies beyond what is usual."""
    found = measures(window, reference.totals, reference.rule)
    usuals = zip(found, reference.means, reference.sigmas, strict=True)
    return tuple([(one - mean) / sigma for one, mean, sigma in usuals])


def _usual(values: Sequence[float], rule: str) -> Usual:
    count = len(values)
    mean = sum(values) / count
    spread = sqrt(sum([(value - mean) ** 2 for value in values]) / (count - 1))
    if rule == KL_RAW:
        return Usual(mean, max(spread, LEAST))
    # A new window, by a sigma that is itself an estimate: Student's quantile over the normal's,
    # to first order at three sigmas, and the error of the mean.
    wider = sqrt(1.0 + 1.0 / count) * (1.0 + 2.5 / (count - 1))
    return Usual(mean, max(spread, SPREAD_LEAST) * wider)
