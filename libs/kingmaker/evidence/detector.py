"""What a rule that watches a champion remembers of the pairs so far."""

from dataclasses import dataclass

from kingmaker.kernel.frozen import quick


@quick
@dataclass(frozen=True, slots=True)
class Detector:
    """The change detector of `canary_rules/edetector_v1.py`, whole. Squares are EWMA sums.

    The champion reigns, the reference is the one it dethroned. `n` pairs have filled the scales,
    with those of the trial that ended in the crown; blocks too count on from there.
    """

    n: int = 0
    champion_square: float = 0.0
    reference_square: float = 0.0
    difference_square: float = 0.0
    weight: float = 0.0
    difference_weight: float = 0.0
    block_sum: float = 0.0
    block_pairs: int = 0
    blocks: int = 0
    last_z: float = 0.0
    lag_products: float = 0.0
    squares: float = 0.0
    level_1: float = 0.0
    level_2: float = 0.0
    level_3: float = 0.0
    statistic: float = 0.0
    statistic_max: float = 0.0
    tau: float = 1.0
    clipped_below: int = 0
    clipped_above: int = 0
    largest_z: float = 0.0
