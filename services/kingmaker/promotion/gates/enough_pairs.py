"""A challenger must have been seen often enough on the present lineup to be described at all."""

from kingmaker.promotion.gates import Case, Gate, Reading


def judge(case: Case) -> Reading:
    """Count pairs of the present segment."""
    pairs, pairs_min = case.evidence.challenger.pairs, case.state.policy.min_trades
    return Reading(pairs, pairs_min, pairs, pairs >= pairs_min)


GATE = Gate("enough_pairs", judge)
