"""At most so many signals at once: three in a calm market, two in a normal one, one in a crisis."""

from kingmaker.trader.stages import CALM, CRISIS, NORMAL, Candidate, Stage

OPEN_MAX = {CALM: 3, NORMAL: 2, CRISIS: 1}


def blocks(candidate: Candidate) -> bool:
    """Tell whether as many are open as the regime allows."""
    return candidate.open_signals >= OPEN_MAX[candidate.regime]


STAGE = Stage("open_signals", blocks)
