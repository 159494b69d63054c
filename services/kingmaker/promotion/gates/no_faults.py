"""A challenger that ever raised, hung or answered nonsense in its trial is not crowned."""

from kingmaker.promotion.gates import Case, Gate, Reading


def judge(case: Case) -> Reading:
    """Ask for zero faults."""
    faults = case.trial.faults
    return Reading(faults, 0.0, faults, faults == 0)


GATE = Gate("no_faults", judge)
