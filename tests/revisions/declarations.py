"""Declarations to test with: models of one input that matters, and nothing learned so far."""

from kingmaker.contracts.models import CONTEXT, SETUP
from kingmaker.revisions import Declaration, hedge
from kingmaker.revisions.rules import neural_ucb_1, pattern_ema_1

HIDDEN = neural_ucb_1.HIDDEN


def logistic(weight: float = 0.0, alpha: float = 0.1, l2: float = 1.0) -> Declaration:
    """Return a win probability that leans on the first input by `weight`, and learns by FTRL."""
    anchor = (weight, *[0.0] * SETUP)
    memory = (0.0,) * (2 * (SETUP + 1))
    numbers = (*[0.0] * SETUP, *[1.0] * SETUP, *anchor, *memory)
    return Declaration("ftrl_proximal@1", {"alpha": alpha, "beta": 1.0, "l2": l2}, numbers)


def bandit(weight: float = 0.1) -> Declaration:
    """Return a bandit all of whose weights are alike, but for their signs."""
    weights = tuple(
        weight if place % 3 else -weight for place in range(CONTEXT * HIDDEN + 2 * HIDDEN + 1)
    )
    numbers = (*[0.0] * CONTEXT, *[1.0] * CONTEXT, *weights, *[30.0] * len(weights))
    return Declaration("neural_ucb@1", {}, numbers)


def ensemble(*earnings: float, cloud: bool = False) -> Declaration:
    """Return an ensemble whose scores have earned so much, or nothing; without a cloud or with."""
    parameters = {
        "rate": hedge.RATE,
        "fade": hedge.FADE,
        "floor": hedge.FLOOR,
        "cloud_share": hedge.CLOUD_SHARE,
    }
    present = (1.0 if cloud else 0.0,) * 2 + (1.0,) * 3
    return Declaration("hedge@1", parameters, (*(earnings or (0.0,) * 5), *present))


def library(*voices: int, rate: float = 0.1) -> Declaration:
    """Return a library of patterns that speak for so many windows; default: 40 of one each."""
    numbers = pattern_ema_1.packed(voices or (1,) * 40)
    parameters = {"patterns": float(len(voices) or 40), "rate": rate, "alike": 0.98}
    return Declaration("pattern_ema@1", parameters, numbers)
