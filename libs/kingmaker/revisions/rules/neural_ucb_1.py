"""Neural-UCB (Zhou, Li and Gu 2020, algorithm 1, diagonal Z): one hidden layer of tanh.

A declaration holds, in this order: the mean and the scale of every number of a context (a scale of
0: it was constant and teaches nothing), the weights of the fit and the diagonal of Z. A memory
holds weights and diagonal: [context, hidden] row by row, the hidden biases, the outer weights, the
outer bias. The graph takes the weights and 1 / Z. The row is the context of the arm that was
picked, the label its reward. A trade is one step along the gradient, shorter where more was seen.
"""

from collections.abc import Sequence
from itertools import repeat

from kingmaker.contracts.models import CONTEXT
from kingmaker.kernel.arithmetic import exp
from kingmaker.revisions import Declaration, Numbers
from kingmaker.revisions.rules import Rule

COMPONENT = "neural_ucb"
HIDDEN = 16
INNER = CONTEXT * HIDDEN
OUTER = INNER + HIDDEN  # where the outer weights begin
WEIGHTS = OUTER + HIDDEN + 1
SIZE = 2 * CONTEXT + 2 * WEIGHTS
SURE = 20.0  # from here on tanh is 1 in double precision


def _fault(declaration: Declaration) -> str:
    if len(declaration.numbers) != SIZE:
        return f"{len(declaration.numbers)} numbers, not {SIZE}"
    if min(declaration.numbers[CONTEXT : 2 * CONTEXT]) < 0.0:
        return "a scale is below zero"
    if min(declaration.numbers[-WEIGHTS:]) <= 0.0:
        return "a number of the diagonal is not above zero"
    return ""


def _begin(declaration: Declaration) -> Numbers:
    return declaration.numbers[-2 * WEIGHTS :]


def _step(declaration: Declaration, memory: Numbers, row: Sequence[float], label: float) -> Numbers:
    """Learn what one arm brought: its reward is foretold by the weights before it."""
    weights, diagonal = memory[:WEIGHTS], memory[WEIGHTS:]
    inputs = _standardised(declaration, row)
    hidden = [_tanh(x) for x in _forward(weights, inputs)]
    outer = weights[OUTER:-1]
    foretold = 0.0
    for h, weight in zip(hidden, outer, strict=True):
        foretold += h * weight
    error = foretold + weights[-1] - label
    back = [w * (1.0 - h * h) for h, w in zip(hidden, outer, strict=True)]
    gradient = [x * b for x in inputs for b in back]
    gradient += [*back, *hidden, 1.0]
    grown = [z + g * g for z, g in zip(diagonal, gradient, strict=True)]
    moved = [
        w - factor * g / z
        for w, g, z, factor in zip(weights, gradient, grown, repeat(error, WEIGHTS), strict=True)
    ]
    return (*moved, *grown)


def _vector(_declaration: Declaration, memory: Numbers) -> Numbers:
    """Return the weights, then 1 / Z."""
    return (*memory[:WEIGHTS], *[1.0 / z for z in memory[WEIGHTS:]])


def _forward(weights: Numbers, inputs: Sequence[float]) -> list[float]:
    """Return what reaches each hidden unit."""
    reached = list(weights[INNER:OUTER])
    for place, x in enumerate(inputs):
        start = place * HIDDEN
        own = weights[start : start + HIDDEN]
        reached = [total + x * weight for total, weight in zip(reached, own, strict=True)]
    return reached


def _standardised(declaration: Declaration, row: Sequence[float]) -> list[float]:
    means, scales = declaration.numbers[:CONTEXT], declaration.numbers[CONTEXT : 2 * CONTEXT]
    return [
        (x - mean) / scale if scale > 0.0 else 0.0
        for x, mean, scale in zip(row, means, scales, strict=True)
    ]


def _tanh(x: float) -> float:
    if abs(x) >= SURE:
        return 1.0 if x > 0.0 else -1.0
    return 1.0 - 2.0 / (1.0 + exp(2.0 * x))


RULE = Rule(
    name="neural_ucb",
    version=1,
    component=COMPONENT,
    row=CONTEXT,
    vector_size=2 * WEIGHTS,
    fault=_fault,
    begin=_begin,
    step=_step,
    vector=_vector,
)
