"""FTRL-Proximal (McMahan et al. 2013, algorithm 1, no L1) on a logistic model, anchored at a fit.

A declaration holds, in this order: the mean and the scale of every input (a scale of 0: it was
constant and teaches nothing), the fit's weights with the bias last, and FTRL's memory of trades
before: pull and squares, zero after a fit. A memory holds pull and squares. The label is 1 for a
trade that made money after its costs, else 0.
"""

from collections.abc import Sequence
from math import sqrt

from kingmaker.contracts.models import SETUP
from kingmaker.kernel.arithmetic import exp
from kingmaker.revisions import Declaration, Numbers, missing
from kingmaker.revisions.rules import Rule

COMPONENT = "online_learning"
WEIGHTS = SETUP + 1  # and the bias
SIZE = 2 * SETUP + 3 * WEIGHTS
LOGIT_MAX = 35.0  # beyond it a chance is as good as sure


def _fault(declaration: Declaration) -> str:
    if len(declaration.numbers) != SIZE:
        return f"{len(declaration.numbers)} numbers, not {SIZE}"
    if min(declaration.numbers[SETUP : 2 * SETUP]) < 0.0:
        return "a scale is below zero"
    if min(declaration.numbers[-WEIGHTS:]) < 0.0:
        return "a square is below zero"
    return missing(declaration.parameters, ("alpha", "beta", "l2"))


def _begin(declaration: Declaration) -> Numbers:
    return declaration.numbers[-2 * WEIGHTS :]


def _step(declaration: Declaration, memory: Numbers, row: Sequence[float], label: float) -> Numbers:
    """Learn one trade: its chance is given by the weights before it."""
    alpha = declaration.parameters["alpha"]
    inputs = _standardised(declaration, row)
    moved = _moved(declaration, memory)
    logit = 0.0
    for x, anchor, move in zip(inputs, _anchor(declaration), moved, strict=True):
        logit += x * (anchor + move)
    error = _sigmoid(logit) - label
    pulls, squares = [], []
    for x, move, pull, square in zip(
        inputs, moved, memory[:WEIGHTS], memory[WEIGHTS:], strict=True
    ):
        slope = error * x
        grown = square + slope * slope
        pulls.append(pull + (slope - (sqrt(grown) - sqrt(square)) / alpha * move))
        squares.append(grown)
    return (*pulls, *squares)


def _vector(declaration: Declaration, memory: Numbers) -> Numbers:
    """Return the weights, the bias last."""
    moved = _moved(declaration, memory)
    return tuple([anchor + move for anchor, move in zip(_anchor(declaration), moved, strict=True)])


def _anchor(declaration: Declaration) -> Numbers:
    return declaration.numbers[2 * SETUP : 2 * SETUP + WEIGHTS]


def _moved(declaration: Declaration, memory: Numbers) -> list[float]:
    """Return how far each weight is from the anchor."""
    parameters = declaration.parameters
    alpha, beta, l2 = parameters["alpha"], parameters["beta"], parameters["l2"]
    return [
        -pull / ((beta + sqrt(square)) / alpha + l2)
        for pull, square in zip(memory[:WEIGHTS], memory[WEIGHTS:], strict=True)
    ]


def _standardised(declaration: Declaration, row: Sequence[float]) -> list[float]:
    """Return the row as the weights see it; the last number is the bias's."""
    means, scales = declaration.numbers[:SETUP], declaration.numbers[SETUP : 2 * SETUP]
    inputs = [
        (x - mean) / scale if scale > 0.0 else 0.0
        for x, mean, scale in zip(row, means, scales, strict=True)
    ]
    return [*inputs, 1.0]


def _sigmoid(x: float) -> float:
    return 1.0 / (1.0 + exp(-min(max(x, -LOGIT_MAX), LOGIT_MAX)))


RULE = Rule(
    name="ftrl_proximal",
    version=1,
    component=COMPONENT,
    row=SETUP,
    vector_size=WEIGHTS,
    fault=_fault,
    begin=_begin,
    step=_step,
    vector=_vector,
)
