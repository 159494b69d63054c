"""What a search may try, of each component. A space is never edited: a new one has a new version.

Ranges lie within those of the settings. What would change how a model is judged is not searched:
which trades are held out, how long a trade of S15 may last, which patterns a library keeps.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kingmaker.learners import indicators

VERSION = 1
AUTOGEN = "autogen"  # the origin of what a search found
TRIALS, SPACE = "search_trials", "search_space"  # parameters of a training that searches
TRIALS_MIN, TRIALS_MAX = 2, 1000  # one trial is no search


@dataclass(frozen=True, slots=True)
class Real:
    """A number between two, both included; `logarithmic`: every power of ten is as likely."""

    low: float
    high: float
    logarithmic: bool = False


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number between two, both included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these."""

    values: tuple[float, ...]


type Axis = Real | Whole | Choice
type Space = Mapping[str, Axis]

FLAG = Choice((0.0, 1.0))
LOOKBACK: Space = {indicators.LOOKBACK: Choice((1.0, 0.75, 0.5, 0.35))}
INDICATORS: Space = {indicators.WITHOUT + family: FLAG for family in indicators.FAMILIES}
REWARD: Space = {"reward": Choice((0.0, 1.0, 2.0))}  # places in rl.rewards.REWARDS

SPACES: Mapping[str, Space] = {
    "cvar_ppo": {
        "iterations": Choice((50.0, 100.0)),
        "alpha": Real(0.02, 0.2, logarithmic=True),
        "tail": Real(0.2, 0.9),
        "blur": Real(0.0, 1.5),
        **REWARD,
        **LOOKBACK,
        **INDICATORS,
    },
    "model_ensemble": {"l2": Real(1.0, 1e4, logarithmic=True), **LOOKBACK},
    "neural_ucb": {
        "l2": Real(1.0, 1e3, logarithmic=True),
        "exploration": Real(0.0, 0.5),
        **LOOKBACK,
        **INDICATORS,
    },
    "online_learning": {"l2": Real(1.0, 1e4, logarithmic=True), **LOOKBACK, **INDICATORS},
    "pattern_recognition": LOOKBACK,
    "pm_optimizer": {"quantile": Real(0.02, 0.5), **LOOKBACK},
    "s15_rl_policy": {
        "discount": Real(0.5, 0.98),
        "blur": Real(0.0, 1.5),
        "bars_max": Choice((3_000.0, 8_000.0, 20_000.0)),  # its look-back: it learns from bars
        **REWARD,
        **INDICATORS,
    },
    "slippage_latency": {
        "leaves": Whole(2, 16),
        "leaf_rows": Whole(10, 200),
        "step": Real(0.02, 0.3, logarithmic=True),
        **LOOKBACK,
        **INDICATORS,
    },
}
COMPONENTS = frozenset(SPACES)


def parameters(trials: int) -> dict[str, float]:
    """Return what a training is told that shall search."""
    return {TRIALS: float(trials), SPACE: float(VERSION)}


def of(component: str, told: Mapping[str, float]) -> tuple[int, Space]:
    """Return how many trials a training shall make, and what it may try.

    ValueError names what cannot be meant: another release may have asked for it.
    """
    trials, version = told[TRIALS], told.get(SPACE)
    if trials != int(trials) or not TRIALS_MIN <= trials <= TRIALS_MAX:
        raise ValueError(
            f"{TRIALS}={trials:g}: a search makes {TRIALS_MIN} to {TRIALS_MAX} trials, a whole"
            f" number"
        )
    if version != VERSION:
        raise ValueError(
            f"{SPACE}={version}: this release searches space {VERSION}; cancel the training, and"
            f" start it anew"
        )
    if component not in SPACES:
        raise ValueError(f"{component} has nothing to search; {', '.join(sorted(SPACES))} have")
    unknown = sorted(set(SPACES[component]) - set(told) - {*LOOKBACK, *INDICATORS, *REWARD})
    if unknown:
        raise ValueError(f"{component} was not told its present {', '.join(unknown)}")
    return int(trials), SPACES[component]


def present(space: Space, told: Mapping[str, float]) -> dict[str, float]:
    """Return the parameters in force, as near as the space has them: the first trial."""
    return {
        name: _nearest(axis, told.get(name, _UNTOLD.get(name, 0.0))) for name, axis in space.items()
    }


_UNTOLD = {indicators.LOOKBACK: 1.0}  # what holds where a training is told nothing; else 0


def _nearest(axis: Axis, value: float) -> float:
    match axis:
        case Choice(values):
            return min(values, key=lambda one: abs(one - value))
        case Whole(low, high) | Real(low, high):
            return min(max(value, low), high)
