"""The classic rule: a paired t-test at every pair. Not valid under peeking; off unless chosen.

Two-sided, on the pairs of the present segment, at p_max: `promotion.p_method: naive_t`. Looked at
after every pair it crowns many challengers without an edge, and every record says so.
"""

from math import sqrt

from kingmaker.evidence.student import two_sided_tail
from kingmaker.promotion.gates import Case, Gate, Reading, Role
from kingmaker.promotion.policy import NAIVE_T, Policy
from kingmaker.promotion.said import Evidence

PAIRS_MIN = 2  # one pair has no deviation


def judge(case: Case) -> Reading:
    """Ask for a chance below p_max that equal means differ as much as these."""
    chance, pairs = _chance(case.evidence), case.evidence.challenger.pairs
    p_max = case.trial.p_max
    return Reading(chance, p_max, pairs, chance < p_max)


def role(policy: Policy) -> Role:
    """Be asked only where people chose it."""
    return Role.HOLDS if policy.p_method == NAIVE_T else Role.SILENT


def _chance(evidence: Evidence) -> float:
    """Return the two-sided p-value; 1 where the differences do not vary."""
    pairs = evidence.challenger.pairs
    if pairs < PAIRS_MIN:
        return 1.0
    mean = (evidence.challenger.sum - evidence.champion.sum) / pairs
    variance = (evidence.difference_squares - pairs * mean * mean) / (pairs - 1)
    if not variance > 0.0:
        return 1.0
    return two_sided_tail(mean / sqrt(variance / pairs), pairs - 1)


GATE = Gate("naive_t", judge, role=role)
