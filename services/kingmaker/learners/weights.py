"""Weights of the nine heads: who was right gains, who was wrong loses, nobody much at once.

Only + - * /, comparison and the exact sum of `fsum`: the same bits on every machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.contracts.head_weights import CEILING, FLOOR
from kingmaker.kernel.frozen import quick

EVEN: "Weights" = (1.0 / len(COMPONENTS),) * len(COMPONENTS)
SUM_TOLERANCE = 1e-9  # of weights that came from outside

PROJECT, DIVIDE = "project", "divide"

type Weights = tuple[float, ...]  # one a head, in order of components
type Heads = Sequence[float]  # confidence -1..1: positive agreed, negative disagreed, 0 abstained


@quick
@dataclass(frozen=True, slots=True)
class Rule:
    """How weights follow what they should move by."""

    change_max: float = 0.20  # of a weight, at once, relative
    normalise: str = PROJECT
    smoothing: float = 1.0  # share of the way that is gone; below 1 it smooths a second time


def adjustment(heads: Heads, *, won: bool, rate: float) -> Weights:
    """Return what one outcome adds to each weight: C2 of the requirements.

    Agreement pays by its confidence. Disagreement pays half the rate, however sure it was.
    """
    sign = 1.0 if won else -1.0
    return tuple(
        [
            sign * rate * head if head > 0.0 else -sign * rate / 2.0 if head < 0.0 else 0.0
            for head in heads
        ]
    )


def moved(weights: Weights, by: Sequence[float], rule: Rule) -> Weights:
    """Return the weights after an adjustment, within their bounds and with the sum 1.

    The classic way to normalise keeps the sum and breaks the bounds: see `divide`.
    """
    if rule.normalise == PROJECT and any(weight > CEILING or weight < FLOOR for weight in weights):
        bounds = [FLOOR] * len(weights), [CEILING] * len(weights)
        weights = project(weights, *bounds)  # first: the box of a weight beyond may miss the sum
    low = [max(FLOOR, (1.0 - rule.change_max) * weight) for weight in weights]
    high = [min(CEILING, (1.0 + rule.change_max) * weight) for weight in weights]
    wanted = [weight + change for weight, change in zip(weights, by, strict=True)]
    normalise = divide if rule.normalise == DIVIDE else project
    target = normalise(wanted, low, high)
    if rule.smoothing == 1.0:
        return target
    return tuple(
        [old + rule.smoothing * (new - old) for old, new in zip(weights, target, strict=True)]
    )


def project(wanted: Sequence[float], low: Sequence[float], high: Sequence[float]) -> Weights:
    """Return the nearest point (Euclid) that lies in the box and sums to 1.

    It is clip(wanted - t): the sum falls as t grows, along a line between any two corners where a
    weight meets a bound. The caller's box holds such a point, so t lies between two corners.
    """

    def shifted(t: float) -> Weights:
        return tuple([min(max(y - t, a), b) for y, a, b in zip(wanted, low, high, strict=True)])

    corners = sorted(
        {y - bound for bounds in (low, high) for y, bound in zip(wanted, bounds, strict=True)}
    )
    before, sum_before = corners[0], fsum(shifted(corners[0]))
    for corner in corners[1:]:
        total = fsum(shifted(corner))
        if total <= 1.0:
            share = (sum_before - 1.0) / (sum_before - total) if sum_before > total else 0.0
            return shifted(before + share * (corner - before))
        before, sum_before = corner, total
    return shifted(before)


def divide(wanted: Sequence[float], low: Sequence[float], high: Sequence[float]) -> Weights:
    """Clip, then divide by the sum, as earlier systems did: .30 and eight .05 give .4286."""
    clipped = [min(max(y, a), b) for y, a, b in zip(wanted, low, high, strict=True)]
    total = fsum(clipped)
    return tuple([weight / total for weight in clipped])


def largest_change(old: Sequence[float], new: Sequence[float]) -> float:
    """Return the largest absolute change of one weight."""
    return max(abs(after - before) for before, after in zip(old, new, strict=True))


def why_not(weights: Sequence[float], low: float = FLOOR, high: float = CEILING) -> str:
    """Return why these cannot be weights; "" if they can. `divide` leaves the bounds."""
    if len(weights) != len(COMPONENTS):
        return f"{len(weights)} weights; one of each of the {len(COMPONENTS)} heads is needed"
    outside = [
        f"{name}={weight:.6g}"
        for name, weight in zip(COMPONENTS, weights, strict=True)
        if not low <= weight <= high
    ]
    if outside:
        return f"{', '.join(outside)}: a weight lies between {low:g} and {high:g}"
    total = fsum(weights)
    return "" if abs(total - 1.0) <= SUM_TOLERANCE else f"they sum to {total:.9g}, not to 1"
