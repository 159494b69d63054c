"""What a learner by reinforcement is paid for a trade. It is judged by net returns in any case."""

from collections.abc import Callable, Mapping

import numpy as np

from kingmaker.learners.contract import Floats

AVERSION = 2.0  # a loss counts so often (Tversky and Kahneman 1992 found 2.25)


def plain(returns: Floats) -> Floats:
    """Return what the trades returned."""
    return returns


def averse(returns: Floats) -> Floats:
    """Count every loss twice."""
    return np.where(returns < 0.0, AVERSION * returns, returns)


def damped(returns: Floats) -> Floats:
    """Return the square roots, signs kept, on the scale of the returns: no trade teaches alone."""
    sizes = np.abs(returns)
    return np.sign(returns) * np.sqrt(sizes * sizes.mean())


REWARDS: tuple[Callable[[Floats], Floats], ...] = (plain, averse, damped)


def named_by(parameters: Mapping[str, float]) -> Callable[[Floats], Floats]:
    """Return the function at the place `reward`, the plain one where nothing is told."""
    place = int(parameters.get("reward", 0.0))
    if not 0 <= place < len(REWARDS):
        raise ValueError(f"reward={place}: there are 0 to {len(REWARDS) - 1}")
    return REWARDS[place]
