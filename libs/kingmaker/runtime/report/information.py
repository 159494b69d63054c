"""Sharpe ratios and what chance makes of them, for information: no verdict stands on these.

Source: Bailey and Lopez de Prado, "The Sharpe Ratio Efficient Frontier" (2012) and "The Deflated
Sharpe Ratio" (2014). Returns are net, one a pair, not annualised.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import e, fsum, sqrt
from statistics import NormalDist

PAIRS_MIN = 3
EULER = 0.5772156649015329
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Returns:
    """Moments of one side's returns."""

    n: int
    mean: float
    deviation: float
    skewness: float
    kurtosis: float

    @property
    def sharpe(self) -> float:
        """Mean return in units of its deviation."""
        return self.mean / self.deviation if self.deviation else 0.0


def moments(returns: Sequence[float]) -> Returns | None:
    """Return moments; None of too few returns, or where all are the same."""
    n = len(returns)
    if n < PAIRS_MIN:
        return None
    mean = fsum(returns) / n
    second, third, fourth = (fsum((x - mean) ** p for x in returns) / n for p in (2, 3, 4))
    if second <= 0.0:
        return None
    deviation = sqrt(second * n / (n - 1))
    return Returns(n, mean, deviation, third / second**1.5, fourth / second**2)


def probabilistic_sharpe(side: Returns, benchmark: float) -> float:
    """Return the probability that the true Sharpe ratio is above `benchmark`."""
    sharpe = side.sharpe
    spread = 1.0 - side.skewness * sharpe + (side.kurtosis - 1.0) / 4.0 * sharpe**2
    if spread <= 0.0:
        return 0.5
    return _NORMAL.cdf((sharpe - benchmark) * sqrt(side.n - 1) / sqrt(spread))


def deflated_sharpe(side: Returns, tests: int) -> float:
    """Return the probability that it is above the best of `tests` models that have no skill."""
    return probabilistic_sharpe(side, best_of(tests, side.n))


def best_of(tests: int, n: int) -> float:
    """Return the Sharpe ratio expected of the best of `tests` models without skill, n returns."""
    if tests < 2:  # noqa: PLR2004 - the best of one is that one
        return 0.0
    first = _NORMAL.inv_cdf(1.0 - 1.0 / tests)
    second = _NORMAL.inv_cdf(1.0 - 1.0 / (tests * e))
    return ((1.0 - EULER) * first + EULER * second) / sqrt(n - 1)
