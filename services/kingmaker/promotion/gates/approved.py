"""Where people decide, somebody approved the trial, and not too long ago."""

from kingmaker.promotion.gates import Case, Gate, Reading


def judge(case: Case) -> Reading:
    """Ask for one approval that still holds; for none where promotion.auto is 1."""
    until_ms = case.trial.approved_until_ms
    holds = until_ms is not None and (until_ms == 0 or case.now_ms <= until_ms)
    needed = 0 if case.state.policy.auto else 1
    return Reading(int(holds), needed, int(holds), holds >= needed)


GATE = Gate("approved", judge, of_desk=True)
