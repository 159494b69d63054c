"""The present lineup alone must show the edge: values are natural logarithms.

Without a change of lineup this is the evidence itself, and the gate adds nothing.
"""

from kingmaker.kernel.arithmetic import ln
from kingmaker.promotion.gates import Case, Gate, Reading


def judge(case: Case) -> Reading:
    """Compare what the segment added to the weaker ledger with ln(1/p_max)."""
    found, threshold = case.evidence.log_evidence_of_segment, -ln(case.trial.p_max)
    return Reading(found, threshold, case.evidence.challenger.pairs, found >= threshold)


GATE = Gate("evidence_on_this_lineup", judge)
