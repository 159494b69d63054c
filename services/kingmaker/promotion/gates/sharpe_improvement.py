"""The challenger's Sharpe ratio must exceed the champion's by a share of its size.

SR_x > SR_c + i |SR_c|: with the absolute value a worse challenger cannot pass below zero.
"""

from math import sqrt

from kingmaker.evidence.tally import Tally
from kingmaker.promotion.gates import Case, Gate, Reading


def judge(case: Case) -> Reading:
    """Compare Sharpe ratios per pair of the present segment; standard deviations with n - 1."""
    champion, challenger = _sharpe(case.evidence.champion), _sharpe(case.evidence.challenger)
    threshold = champion + case.state.policy.sharpe_improvement * abs(champion)
    return Reading(challenger, threshold, case.evidence.challenger.pairs, challenger > threshold)


def _sharpe(tally: Tally) -> float:
    """Return mean over standard deviation; 0 where there is no variation to speak of."""
    if tally.pairs < 2:  # noqa: PLR2004 - one pair has no deviation
        return 0.0
    mean = tally.sum / tally.pairs
    variance = (tally.squares - tally.sum * mean) / (tally.pairs - 1)
    return mean / sqrt(variance) if variance > 0.0 else 0.0


GATE = Gate("sharpe_improvement", judge)
