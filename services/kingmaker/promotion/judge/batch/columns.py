"""The gates on columns: which of many cases each lets pass, exactly as the gate itself says.

A case may be a stream at one moment, or one moment of many of a single stream.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from kingmaker.evidence.batch import Side
from kingmaker.evidence.batch.arithmetic import Floats
from kingmaker.evidence.batch.tallies import Mask
from kingmaker.kernel.arithmetic import ln
from kingmaker.promotion.judge.terms import Level
from kingmaker.promotion.policy import CLASSIC, Policy


@dataclass(frozen=True, slots=True)
class Cases:
    """What the gates may look at; every column has one place a case."""

    level: Level
    policy: Policy
    holding: tuple[str, ...]  # gates that may hold a challenger back
    log_evidence: Floats
    log_evidence_of_segment: Floats
    champion: Side
    challenger: Side


def absolute_quality(cases: Cases) -> Mask:
    """See `gates/absolute_quality.py`."""
    return cases.challenger.sharpe >= (cases.policy.min_sharpe or 0.0)


def drawdown(cases: Cases) -> Mask:
    """See `gates/drawdown.py`."""
    most = (1.0 + cases.policy.max_drawdown_tolerance) * cases.champion.drawdown_max
    return cases.challenger.drawdown_max <= most


def enough_pairs(cases: Cases) -> Mask:
    """See `gates/enough_pairs.py`."""
    return cases.challenger.pairs >= cases.policy.min_trades


def evidence(cases: Cases) -> Mask:
    """See `gates/evidence.py`."""
    return cases.log_evidence >= cases.level.log_threshold


def evidence_on_this_lineup(cases: Cases) -> Mask:
    """See `gates/evidence_on_this_lineup.py`."""
    return cases.log_evidence_of_segment >= -ln(cases.level.p_max)


def min_taken(cases: Cases) -> Mask:
    """See `gates/min_taken.py`."""
    return cases.challenger.taken >= cases.policy.min_taken


def sharpe_improvement(cases: Cases) -> Mask:
    """See `gates/sharpe_improvement.py`."""
    champion = cases.champion.sharpe
    size = champion if cases.policy.sharpe_rule == CLASSIC else np.abs(champion)
    threshold = champion + cases.policy.sharpe_improvement * size
    return cases.challenger.sharpe > threshold


def win_rate(cases: Cases) -> Mask:
    """See `gates/win_rate.py`."""
    least = cases.champion.win_rate - cases.policy.win_rate_tolerance
    return cases.challenger.win_rate >= least


# In the order in which they cost: the rest is not asked where nobody is left.
GATES: Mapping[str, Callable[[Cases], Mask]] = {
    "evidence": evidence,
    "evidence_on_this_lineup": evidence_on_this_lineup,
    "enough_pairs": enough_pairs,
    "min_taken": min_taken,
    "drawdown": drawdown,
    "win_rate": win_rate,
    "sharpe_improvement": sharpe_improvement,
    "absolute_quality": absolute_quality,
}


def may_pass(cases: Cases) -> Mask:
    """Return the cases that every gate here lets pass; the gates themselves have the last word.

    The classic t-test has no twin: under it, the gates are asked about more cases than pass.
    """
    holding = np.ones(cases.log_evidence.shape, np.bool_)
    with np.errstate(all="ignore"):
        for name, gate in GATES.items():
            if not holding.any():
                break
            if name in cases.holding:
                holding &= gate(cases)
    return holding
