"""Other rules, measured in the same run on the same pairs: naive ones, and published ones.

Each asks after every pair whether it would crown; the classic gates are asked beside it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import log

import numpy as np

from bench.gates.looks import Seen, beyond, critical_t, mixture_margin
from bench.gates.noise import Flags, Floats

ALPHA = 0.05
FIRST_LOOK = 50
MIXING = 0.01  # variance of the mixture, of the asymptotic sequence and of mSPRT alike
CLIP = 5.0
STAKES = tuple(0.9 / CLIP * share for share in (1.0, 0.5, 0.25, 0.125))
HALF_LIFE, WARMUP = 100.0, 20

type Asks = Callable[[Seen], Flags]


def paired_t(seen: Seen) -> Flags:
    """Two-sided p < .05 at every look: what most people do."""
    return beyond(seen.statistic(), critical_t(seen.n - 1, ALPHA))


def welch(seen: Seen) -> Flags:
    """Welch's test at every look."""
    statistic, degrees = seen.welch()
    return beyond(statistic, critical_t(degrees, ALPHA))


def fixed_look(seen: Seen) -> Flags:
    """One paired t test, after 50 pairs: valid, and blind afterwards."""
    return paired_t(seen) & (seen.n == FIRST_LOOK)


@dataclass(frozen=True, slots=True)
class Bonferroni:
    """A paired t test at every look, each at its share of the error."""

    looks: int

    def __call__(self, seen: Seen) -> Flags:
        """Compare with the stricter critical value."""
        return beyond(seen.statistic(), critical_t(seen.n - 1, ALPHA / self.looks))


def asymptotic_sequence(seen: Seen) -> Flags:
    """Asymptotic confidence sequence, one-sided (Waudby-Smith et al. 2024, arXiv 2103.06476)."""
    margin = mixture_margin(seen.n, MIXING, ALPHA)
    return beyond(seen.difference.mean, margin * np.sqrt(seen.difference.variance))


def msprt(seen: Seen) -> Flags:
    """Mixture SPRT with the variance plugged in (Johari, Pekelis, Walsh), for the better side."""
    squared = seen.statistic() ** 2
    shrink = seen.n * MIXING / (1.0 + seen.n * MIXING)
    log_ratio = 0.5 * shrink * squared - 0.5 * log(1.0 + seen.n * MIXING)
    return beyond(log_ratio, -log(ALPHA)) & (seen.difference.sum > 0.0)


@dataclass(slots=True)
class Betting:
    """Four bets on the clipped difference (Waudby-Smith and Ramdas, arXiv 2010.09686)."""

    paths: int
    wealth: Floats = field(init=False)
    square: Floats = field(init=False)
    weight: float = 0.0

    def __post_init__(self) -> None:
        """Begin with a dollar in four purses."""
        self.wealth, self.square = np.full((4, self.paths), 0.25), np.zeros(self.paths)

    def __call__(self, seen: Seen) -> Flags:
        """Bet on the newest pair, learn its size, and look at the purses."""
        champion, challenger = seen.newest
        difference = challenger - champion
        if seen.n > WARMUP:
            scale = np.sqrt(np.maximum(self.square / self.weight, np.finfo(float).tiny))
            clipped = np.clip(difference / scale, -CLIP, CLIP)
            self.wealth *= 1.0 + np.multiply.outer(STAKES, clipped)
        keep = 0.5 ** (1.0 / HALF_LIFE)
        self.square = keep * self.square + (1.0 - keep) * difference * difference
        self.weight = keep * self.weight + (1.0 - keep)
        return beyond(self.wealth.sum(axis=0), 1.0 / ALPHA)


def rivals(paths: int, pairs: int) -> Mapping[str, Asks]:
    """Return all of them, at the start of so many paths."""
    return {
        "naive paired t": paired_t,
        "naive Welch": welch,
        "fixed look at 50": fixed_look,
        "Bonferroni per look": Bonferroni(pairs - FIRST_LOOK + 1),
        "asymptotic CS": asymptotic_sequence,
        "mSPRT": msprt,
        "betting, clip 5": Betting(paths),
    }
