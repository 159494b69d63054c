"""A share that was counted, with exact limits (Clopper and Pearson): no normal approximation."""

from dataclasses import dataclass
from functools import lru_cache
from math import lgamma, sqrt

import numpy as np

from bench.gates.noise import Floats

HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Count:
    """So many of n."""

    hits: int
    n: int

    @property
    def share(self) -> float:
        """Return hits over n."""
        return self.hits / self.n if self.n else 0.0

    @property
    def error(self) -> float:
        """Return the standard error of the share."""
        return sqrt(self.share * (1.0 - self.share) / self.n) if self.n else 0.0

    def lower(self, confidence: float) -> float:
        """Return the one-sided exact lower limit of the true share."""
        return 1.0 - Count(self.n - self.hits, self.n).upper(confidence)

    def upper(self, confidence: float) -> float:
        """Return the one-sided exact upper limit of the true share."""
        if self.hits == self.n:
            return 1.0
        low, high = self.share, 1.0
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            if at_most(self.hits, self.n, middle) > 1.0 - confidence:
                low = middle
            else:
                high = middle
        return high


def at_most(hits: int, n: int, share: float) -> float:
    """Return the chance of at most so many hits of n."""
    if share <= 0.0:
        return 1.0
    if share >= 1.0:
        return float(hits >= n)
    found = np.arange(hits + 1)
    logs = _choices(n)[: hits + 1] + found * np.log(share) + (n - found) * np.log1p(-share)
    return float(min(1.0, np.exp(logs).sum()))


@lru_cache(maxsize=8)
def _choices(n: int) -> Floats:
    """Return the logarithms of n over k, for every k."""
    factorials = np.array([lgamma(k + 1.0) for k in range(n + 1)])
    return np.asarray(factorials[n] - factorials - factorials[::-1])
