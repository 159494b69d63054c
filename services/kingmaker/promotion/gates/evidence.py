"""The evidence must reach what the trial's share of the error budget asks; valid at every look.

Values are natural logarithms: exp(value) is the evidence, exp(threshold) is 1/alpha of the trial.
The evidence of now counts, not its maximum: an edge that has faded is not crowned. Where people
chose the classic t-test instead, this gate advises only.
"""

from kingmaker.promotion.gates import Case, Gate, Reading, Role
from kingmaker.promotion.policy import NAIVE_T, Policy


def judge(case: Case) -> Reading:
    """Compare logarithms."""
    found, threshold = case.evidence.log_evidence, case.trial.log_threshold
    return Reading(found, threshold, case.evidence.pairs, found >= threshold)


def role(policy: Policy) -> Role:
    """Advise only beside the classic t-test."""
    return Role.ADVISES if policy.p_method == NAIVE_T else Role.HOLDS


GATE = Gate("evidence", judge, role=role)
