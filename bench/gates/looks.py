"""What a rule may look at after every pair: the newest returns and sums of all so far."""

from dataclasses import dataclass, field
from math import sqrt
from statistics import NormalDist

import numpy as np

from bench.gates.noise import Flags, Floats


@dataclass(slots=True)
class Sums:
    """Sums of one series, by path."""

    paths: int
    n: int = 0
    sum: Floats = field(init=False)
    squares: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Begin at nothing."""
        self.sum, self.squares = np.zeros(self.paths), np.zeros(self.paths)

    def add(self, values: Floats) -> None:
        """Take one value of every path in."""
        self.n += 1
        self.sum += values
        self.squares += values * values

    @property
    def mean(self) -> Floats:
        """Return the mean of every path."""
        return self.sum / self.n

    @property
    def variance(self) -> Floats:
        """Return the variance with n - 1; tiny where there is none, so that it divides."""
        spread = self.squares - self.sum * self.sum / self.n
        return np.maximum(spread, np.finfo(float).tiny) / max(1, self.n - 1)


@dataclass(slots=True)
class Seen:
    """All that was seen of both sides and of their difference."""

    paths: int
    champion: Sums = field(init=False)
    challenger: Sums = field(init=False)
    difference: Sums = field(init=False)
    newest: tuple[Floats, Floats] = field(init=False)

    def __post_init__(self) -> None:
        """Begin at nothing."""
        self.champion, self.challenger = Sums(self.paths), Sums(self.paths)
        self.difference = Sums(self.paths)

    @property
    def n(self) -> int:
        """Return the number of pairs."""
        return self.difference.n

    def add(self, champion: Floats, challenger: Floats) -> None:
        """Take one pair of every path in."""
        self.newest = (champion, challenger)
        self.champion.add(champion)
        self.challenger.add(challenger)
        self.difference.add(challenger - champion)

    def statistic(self) -> Floats:
        """Return the paired t statistic; positive where the challenger did better."""
        return self.difference.mean / np.sqrt(self.difference.variance / self.n)

    def welch(self) -> tuple[Floats, Floats]:
        """Return Welch's statistic, which ignores the pairing, and its degrees of freedom."""
        one, other = self.champion.variance / self.n, self.challenger.variance / self.n
        total = one + other
        degrees = total * total * (self.n - 1) / (one * one + other * other)
        return (self.challenger.mean - self.champion.mean) / np.sqrt(total), degrees


def critical_t(degrees: float | Floats, p: float) -> float | Floats:
    """Return the two-sided critical value of Student's t, by its expansion around the normal.

    Within 1e-4 from 49 degrees on, which is where anybody looks first.
    """
    z = NormalDist().inv_cdf(1.0 - p / 2.0)
    first = (z**3 + z) / 4.0
    second = (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / 96.0
    third = (3.0 * z**7 + 19.0 * z**5 + 17.0 * z**3 - 15.0 * z) / 384.0
    return z + first / degrees + second / degrees**2 + third / degrees**3


def beyond(values: Floats, bound: float | Floats) -> Flags:
    """Tell where values reach a bound."""
    return np.asarray(values >= bound)


def mixture_margin(n: int, variance_of_mixture: float, alpha: float) -> float:
    """Return the one-sided margin, in standard deviations, of the asymptotic sequence at n."""
    spread = n * variance_of_mixture + 1.0
    inside = np.log(1.0 + sqrt(spread) / (2.0 * alpha))
    return sqrt(2.0 * spread / (n * n * variance_of_mixture) * inside)
