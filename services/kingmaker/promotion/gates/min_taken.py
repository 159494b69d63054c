"""A challenger that hardly trades has no win rate: it must have taken trades."""

from kingmaker.promotion.gates import Case, Gate, Reading


def judge(case: Case) -> Reading:
    """Count the challenger's trades of the present segment."""
    taken, taken_min = case.evidence.challenger.taken, case.state.policy.min_taken
    return Reading(taken, taken_min, taken, taken >= taken_min)


GATE = Gate("min_taken", judge)
