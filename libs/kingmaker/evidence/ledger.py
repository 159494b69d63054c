"""What a rule of evidence remembers of the pairs so far."""

from dataclasses import dataclass

from kingmaker.kernel.frozen import quick


@quick
@dataclass(frozen=True, slots=True)
class Ledger:
    """One betting ledger of `rules/two_ledgers_v1.py`, whole. Squares are EWMA sums."""

    n: int = 0
    champion_square: float = 0.0
    challenger_square: float = 0.0
    difference_square: float = 0.0
    weight: float = 0.0
    difference_weight: float = 0.0
    log_wealth_1: float = 0.0
    log_wealth_2: float = 0.0
    log_wealth_3: float = 0.0
    block_sum: float = 0.0
    block_pairs: int = 0
    blocks: int = 0
    last_z: float = 0.0
    lag_products: float = 0.0
    squares: float = 0.0
    log_evidence: float = 0.0
    log_evidence_at_segment: float = 0.0
    clipped_below: int = 0
    clipped_above: int = 0
    largest_z: float = 0.0
    tau: float = 1.0
    straddles: bool = False  # its open block began before the segment
