"""The present lineup alone must show the edge: values are natural logarithms.

Without a change of lineup this is the evidence itself, and the gate adds nothing. Where people
chose the classic t-test instead, it advises only.
"""

from kingmaker.kernel.arithmetic import ln
from kingmaker.promotion.gates import Case, Gate, Reading, Role
from kingmaker.promotion.policy import NAIVE_T, Policy


def judge(case: Case) -> Reading:
    """Compare what the segment added to the weaker ledger with ln(1/p_max)."""
    found, threshold = case.evidence.log_evidence_of_segment, -ln(case.trial.p_max)
    return Reading(found, threshold, case.evidence.challenger.pairs, found >= threshold)


def role(policy: Policy) -> Role:
    """Advise only beside the classic t-test."""
    return Role.ADVISES if policy.p_method == NAIVE_T else Role.HOLDS


GATE = Gate("evidence_on_this_lineup", judge, role=role)
