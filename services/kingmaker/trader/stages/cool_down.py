"""A symbol rests after a signal: 15 minutes when calm, 30 in a normal market, 60 in a crisis."""

from kingmaker.trader.stages import CALM, CRISIS, NORMAL, Candidate, Stage

MINUTE_MS = 60_000
REST_MS = {CALM: 15 * MINUTE_MS, NORMAL: 30 * MINUTE_MS, CRISIS: 60 * MINUTE_MS}


def blocks(candidate: Candidate) -> bool:
    """Tell whether the symbol was entered so lately."""
    last_ms = candidate.past.entered_ms.get(candidate.symbol)
    return last_ms is not None and candidate.time_ms - last_ms < REST_MS[candidate.regime]


STAGE = Stage("cool_down", blocks)
