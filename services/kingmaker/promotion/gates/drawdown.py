"""The challenger's deepest drawdown may exceed the champion's by a small share; 0 is strict."""

from kingmaker.promotion.gates import Case, Gate, Reading


def judge(case: Case) -> Reading:
    """Compare drawdowns of summed returns over the present segment."""
    challenger, champion = case.evidence.challenger, case.evidence.champion
    drawdown_max = (1.0 + case.state.policy.max_drawdown_tolerance) * champion.drawdown_max
    drawdown = challenger.drawdown_max
    return Reading(drawdown, drawdown_max, challenger.pairs, drawdown <= drawdown_max)


GATE = Gate("drawdown", judge)
