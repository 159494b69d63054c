"""Hedge (Freund and Schapire 1997) of the ensemble's scores: trades earn, the hour weighs.

A declaration holds what every score earned before the export, and 1 for each that there is, else 0.
A memory holds both, and the weights in force: of the cloud's scores, then of ours. Before its first
hour they are even. The row of a trade is the scores in its direction, the label its reward in units
of risk; a cloud score is there from the first time it speaks. The graph takes the weights as the
inputs of its signature: nobody exports it anew.
"""

from collections.abc import Sequence

from kingmaker.contracts.models import CLOUD_SCORES, LOCAL_SCORES
from kingmaker.revisions import Declaration, Numbers, hedge, missing
from kingmaker.revisions.rules import Rule

COMPONENT = "model_ensemble"
SCORES = CLOUD_SCORES + LOCAL_SCORES
SIZE = 2 * SCORES


def _fault(declaration: Declaration) -> str:
    if len(declaration.numbers) != SIZE:
        return f"{len(declaration.numbers)} numbers, not {SIZE}"
    if not set(declaration.numbers[SCORES:]) <= {0.0, 1.0}:
        return "whether a score is there is said by 1 or 0"
    parameters = declaration.parameters
    bad = missing(parameters, ("rate", "fade", "floor", "cloud_share"))
    if bad:
        return bad
    if parameters["fade"] > 1.0 or parameters["cloud_share"] > 1.0:
        return "fade and cloud_share are 1 at most"
    if parameters["floor"] * max(CLOUD_SCORES, LOCAL_SCORES) > 1.0:
        return "the floors alone are more than the whole"
    return ""


def _begin(declaration: Declaration) -> Numbers:
    even = _weighed(declaration, (0.0,) * SCORES, declaration.numbers[SCORES:])
    return (*declaration.numbers, *even)


def _step(declaration: Declaration, memory: Numbers, row: Sequence[float], label: float) -> Numbers:
    """Earn or lose by one trade; the weights stay until the hour is over."""
    outcome = hedge.earned(row, label)
    earnings = hedge.settle(memory[:SCORES], outcome, fade=declaration.parameters["fade"])
    present = [
        1.0 if is_in or score else 0.0
        for is_in, score in zip(memory[SCORES:SIZE], row, strict=True)
    ]
    return (*earnings, *present, *memory[SIZE:])


def _rebalance(declaration: Declaration, memory: Numbers) -> Numbers:
    """Weigh the scores by what they have earned until now."""
    return (*memory[:SIZE], *_weighed(declaration, memory[:SCORES], memory[SCORES:SIZE]))


def _vector(_declaration: Declaration, memory: Numbers) -> Numbers:
    """Return the weights in force."""
    return memory[SIZE:]


def _weighed(declaration: Declaration, earnings: Numbers, present: Numbers) -> Numbers:
    rate, floor = declaration.parameters["rate"], declaration.parameters["floor"]
    is_in = [one > 0.0 for one in present]
    cloud, local = (
        hedge.weights(earnings[part], is_in[part], rate=rate, floor=floor)
        for part in (slice(CLOUD_SCORES), slice(CLOUD_SCORES, None))
    )
    parts = hedge.shared(cloud, local, declaration.parameters["cloud_share"])
    return (*parts[0], *parts[1])


RULE = Rule(
    name="hedge",
    version=1,
    component=COMPONENT,
    row=SCORES,
    vector_size=SCORES,
    fault=_fault,
    begin=_begin,
    step=_step,
    vector=_vector,
    inputs=("w_cloud", "w_local"),
    rebalance=_rebalance,
)
