"""A strategy that lost on this symbol in this regime, over at least 20 signals, is left alone.

By expectancy: a strategy that wins seldom and much is sound.
"""

from kingmaker.trader.stages import Candidate, Record, Stage

SIGNALS_MIN = 20


def blocks(candidate: Candidate) -> bool:
    """Tell whether its record is long enough, and no gain."""
    record = candidate.past.records.get(candidate.key, Record())
    return record.n >= SIGNALS_MIN and record.net <= 0.0


STAGE = Stage("history", blocks)
