"""The challenger must be good by itself, not only better than the champion; off unless set.

`promotion.min_sharpe` is a Sharpe ratio per pair of the present segment.
"""

from kingmaker.evidence.tally import sharpe_ratio
from kingmaker.promotion.gates import Case, Gate, Reading, Role
from kingmaker.promotion.policy import Policy


def judge(case: Case) -> Reading:
    """Compare the challenger's Sharpe ratio with a number."""
    found = sharpe_ratio(case.evidence.challenger)
    least = case.state.policy.min_sharpe or 0.0
    return Reading(found, least, case.evidence.challenger.pairs, found >= least)


def role(policy: Policy) -> Role:
    """Be asked only where people set a number."""
    return Role.SILENT if policy.min_sharpe is None else Role.HOLDS


GATE = Gate("absolute_quality", judge, role=role)
