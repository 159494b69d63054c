"""The challenger's Sharpe ratio must exceed the champion's by a share of its size.

sign_safe   SR_x > SR_c + i |SR_c|: a worse challenger cannot pass below zero
classic     SR_x > (1 + i) SR_c: lets one through that is worse by up to i where SR_c < 0;
            every record says so
"""

from kingmaker.evidence.tally import sharpe_ratio
from kingmaker.promotion.gates import Case, Gate, Reading
from kingmaker.promotion.policy import CLASSIC


def judge(case: Case) -> Reading:
    """Compare Sharpe ratios per pair of the present segment; standard deviations with n - 1."""
    policy = case.state.policy
    champion, challenger = (
        sharpe_ratio(case.evidence.champion),
        sharpe_ratio(case.evidence.challenger),
    )
    size = champion if policy.sharpe_rule == CLASSIC else abs(champion)
    threshold = champion + policy.sharpe_improvement * size
    return Reading(challenger, threshold, case.evidence.challenger.pairs, challenger > threshold)


GATE = Gate("sharpe_improvement", judge)
