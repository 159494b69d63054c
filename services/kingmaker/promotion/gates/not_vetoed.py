"""Nobody holds the trial by a veto."""

from kingmaker.promotion.gates import Case, Gate, Reading


def judge(case: Case) -> Reading:
    """Ask for zero milliseconds until the veto ends."""
    left_ms = max(0, case.trial.vetoed_until_ms - case.now_ms)
    return Reading(left_ms, 0.0, int(left_ms > 0), left_ms == 0)


GATE = Gate("not_vetoed", judge, of_desk=True)
