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
# Three sigmas of a spread that is itself an estimate of so few windows: what one normal value in
# 1,000 passes is 3.58 of 20 windows and 3.31 of 40 (Student); so are 3 (1 + 4 / (n - 1)), about.
# See docs/decisions/0065 and `bench drift`.
WIDER = 4.0


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
    apart = [value - mean for value in values]
    spread = sqrt(sum([one * one for one in apart]) / (count - 1))
    if rule == KL_RAW:
        return Usual(mean, max(spread, LEAST))
    # Rows that depend on each other skew even the logarithm to the right: what lies above the mean
    # is what alarms, so its spread counts where it is the greater one.
    above = [one for one in apart if one > 0.0]
    upward = sqrt(sum([one * one for one in above]) / max(len(above), 1))
    estimated = max(spread, upward) * (1.0 + WIDER / (count - 1))
    # A new window differs by its own chance and by that of the mean. The least is no estimate.
    return Usual(mean, max(estimated, SPREAD_LEAST) * sqrt(1.0 + 1.0 / count))
