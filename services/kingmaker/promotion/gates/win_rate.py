"""The challenger must win about as large a share of the trades it took as the champion, or more.

Of the trades taken, not of the opportunities: leaving a trade alone is no loss.
"""

from kingmaker.evidence.tally import win_rate
from kingmaker.promotion.gates import Case, Gate, Reading


def judge(case: Case) -> Reading:
    """Compare shares of winning trades in the present segment."""
    champion, challenger = win_rate(case.evidence.champion), win_rate(case.evidence.challenger)
    taken = case.evidence.challenger.taken
    least = champion - case.state.policy.win_rate_tolerance
    return Reading(challenger, least, taken, challenger >= least)


GATE = Gate("win_rate", judge)
