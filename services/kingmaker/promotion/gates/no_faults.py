"""A challenger that raised, hung or answered nonsense in its trial is not crowned.

`promotion.max_faults` forgives a few of the whole trial; none by default.
"""

from kingmaker.promotion.gates import Case, Gate, Reading


def judge(case: Case) -> Reading:
    """Count faults of the trial."""
    faults, faults_max = case.trial.faults, case.state.policy.max_faults
    return Reading(faults, faults_max, faults, faults <= faults_max)


GATE = Gate("no_faults", judge)
