"""The classic rule in place of `history`: under 60 % of 20 signals won is left alone.

It refuses strategies that win seldom and much, and keeps those that win often and lose much.
"""

from kingmaker.trader.stages import Candidate, Record, Stage

SIGNALS_MIN = 20
WIN_RATE_MIN = 0.60


def blocks(candidate: Candidate) -> bool:
    """Tell whether its record is long enough, and too few of it won."""
    record = candidate.past.records.get(candidate.key, Record())
    return record.n >= SIGNALS_MIN and record.won < WIN_RATE_MIN * record.n


STAGE = Stage("win_rate_60", blocks)
