"""Declarations to test with: models of one input that matters, and nothing learned so far."""

from kingmaker.contracts.models import CONTEXT, SETUP
from kingmaker.revisions import Declaration
from kingmaker.revisions.rules import neural_ucb_1

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
