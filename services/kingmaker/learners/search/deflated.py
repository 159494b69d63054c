"""The deflated Sharpe ratio: how likely the best of many trials is better than luck alone.

Bailey and Lopez de Prado (2014), The Deflated Sharpe Ratio, Journal of Portfolio Management 40(5).
Trials of one search resemble each other, so their number overstates how many were independent:
what is shown is on the careful side.
"""

from collections.abc import Sequence
from math import e, sqrt
from statistics import NormalDist, variance

EULER = 0.5772156649015329
NORMAL = NormalDist()
LEAST = 1e-12  # of a variance
TRIALS_MIN = 2


def expected_best(spread: float, trials: int) -> float:
    """Return the Sharpe ratio to expect of the best of so many trials without any skill.

    `spread` is the variance of the trials' Sharpe ratios.
    """
    first = NORMAL.inv_cdf(1.0 - 1.0 / trials)
    second = NORMAL.inv_cdf(1.0 - 1.0 / (trials * e))
    return sqrt(spread) * ((1.0 - EULER) * first + EULER * second)


def chance_of_skill(
    sharpe: float, benchmark: float, count: int, skew: float = 0.0, kurtosis: float = 3.0
) -> float:
    """Return the probability that the true Sharpe ratio exceeds a benchmark.

    `sharpe` is of one return, not of a year, from `count` returns of this skew and kurtosis.
    """
    bend = 1.0 - skew * sharpe + (kurtosis - 1.0) / 4.0 * sharpe * sharpe
    return NORMAL.cdf((sharpe - benchmark) * sqrt(count - 1) / sqrt(max(bend, LEAST)))


def deflated(
    best: float, trials: Sequence[float], count: int, skew: float = 0.0, kurtosis: float = 3.0
) -> float:
    """Return the deflated Sharpe ratio of the best trial: a probability.

    `trials` are the Sharpe ratios of all trials, the best among them; two at least.
    """
    if len(trials) < TRIALS_MIN:
        raise ValueError(f"{len(trials)} trials: one alone was not chosen among any")
    return chance_of_skill(
        best, expected_best(variance(trials), len(trials)), count, skew, kurtosis
    )
