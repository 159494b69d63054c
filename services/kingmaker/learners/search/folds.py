"""How good a set of parameters is: purged walk-forward folds of the trades that are learned from.

The measure is the one of admission: the gain over knowing nothing, in its standard errors, of all
folds together. What trades is measured in returns by day too, for the deflated Sharpe ratio.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kingmaker.learners import learners, sight
from kingmaker.learners.admission import GAIN, GAIN_SE
from kingmaker.learners.backtest import DAY_MS, Exposing
from kingmaker.learners.contract import Floats, Progress
from kingmaker.learners.experience import Experience, UnfitDataError
from kingmaker.learners.training import open_session

EDGES = (0.4, 0.6, 0.8, 1.0)  # of the trades: each fold is judged on what lies between two
DAYS_MIN = 3  # a Sharpe ratio of fewer says nothing


@dataclass(frozen=True, slots=True)
class Daily:
    """Net returns by UTC day, out of every fit: their Sharpe ratio (of a day) and their shape."""

    days: int
    sharpe: float
    skew: float
    kurtosis: float  # 3 where they are normal


@dataclass(frozen=True, slots=True)
class Measured:
    """What one trial showed; `skill` is in standard errors, over so many trades."""

    skill: float
    trades: int
    daily: Daily | None = None


@dataclass(slots=True)
class _Sums:
    gain: float = 0.0
    square: float = 0.0  # of the standard error
    trades: int = 0
    days: list[NDArray[np.int64]] = field(default_factory=list)
    earned: list[Floats] = field(default_factory=list)


def walk(learned: Experience) -> Iterator[tuple[Experience, Experience]]:
    """Yield what is learned from and the later trades that judge it, fold by fold.

    The first was over, bars and all, when the first of the second was decided.
    """
    places = [int(len(learned) * edge) for edge in EDGES]
    for begin, end in pairwise(places):
        if begin == end:
            raise UnfitDataError(f"{len(learned)} trades are too few for {len(EDGES) - 1} folds")
        later = learned[slice(begin, end)]
        yield learned.until(int(later.decided_ms[0])), later


def measure(
    component: str, learned: Experience, seed: int, parameters: Mapping[str, float]
) -> Measured:
    """Fit and judge on every fold; UnfitDataError where one teaches nothing, or is not finite."""
    sums = _Sums()
    for earlier, later in walk(learned):
        learner = learners.load(component, parameters)
        state = learner.fit(sight.of(earlier, parameters), None, seed, _sober)
        decide = open_session(learner.export(state))
        figures = learner.evaluate(decide, later, earlier)
        sums.gain += figures[GAIN] * len(later)
        sums.square += (figures[GAIN_SE] * len(later)) ** 2
        sums.trades += len(later)
        if isinstance(learner, Exposing):
            sums.days.append(later.resolved_ms // DAY_MS)
            sums.earned.append(later.net * learner.exposure(decide, later, earlier))
    skill = _skill(sums.gain, sums.square)
    return Measured(skill, sums.trades, _daily(sums) if sums.days else None)


def _sober(progress: Progress) -> None:
    if not np.isfinite(progress["loss"]):
        raise UnfitDataError(f"it diverged at step {progress['step']} of {progress['of']}")


def _skill(gain: float, square: float) -> float:
    """Return the gain in standard errors; a model that changes nothing gains nothing, surely."""
    if gain == 0.0 and square == 0.0:
        return 0.0
    error = float(np.sqrt(square))
    skill = gain / error if error > 0.0 else float("nan")
    if not np.isfinite(skill):
        raise UnfitDataError(f"its skill is no number: a gain of {gain:g}, an error of {error:g}")
    return skill


def _daily(sums: _Sums) -> Daily | None:
    days = np.concatenate(sums.days)
    returns = np.bincount((days - days.min()).astype(np.int64), np.concatenate(sums.earned))
    deviation = float(returns.std(ddof=1)) if len(returns) >= DAYS_MIN else 0.0
    if not deviation > 0.0:
        return None
    away = (returns - returns.mean()) / returns.std()
    return Daily(
        len(returns),
        float(returns.mean()) / deviation,
        float((away**3).mean()),
        float((away**4).mean()),
    )
