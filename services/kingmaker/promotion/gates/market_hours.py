"""Nobody is crowned in active hours while the desk holds a position.

    closed_or_flat   no position is open, or the market is closed
    closed           the market is closed
    any              always

A market that never closes gives way once the challenger has stood ready for one longest holding
time: an open trade keeps the lineup it was entered with anyway. Of the other calendars only what
all of them share is known here: they are closed on Saturdays (UTC).
"""

from kingmaker.promotion.gates import Case, Gate, Reading

DAY_MS = 86_400_000
MINUTE_MS = 60_000
ALWAYS_OPEN = "24x7"


def judge(case: Case) -> Reading:
    """Count open positions, and look at the market where that matters."""
    policy, positions = case.state.policy, case.state.open_positions
    flat = positions == 0 and policy.market_hours == "closed_or_flat"
    passed = flat or policy.market_hours == "any" or _closed(case) or _waited_enough(case)
    return Reading(positions, 0.0, positions, passed)


def _closed(case: Case) -> bool:
    days_since_thursday = case.now_ms // DAY_MS  # 1970-01-01 was one
    return case.state.policy.calendar != ALWAYS_OPEN and days_since_thursday % 7 == 2  # noqa: PLR2004 - Saturday


def _waited_enough(case: Case) -> bool:
    since_ms, policy = case.trial.standing_since_ms, case.state.policy
    if policy.calendar != ALWAYS_OPEN or since_ms is None:
        return False
    return case.now_ms - since_ms >= policy.holding_minutes_max * MINUTE_MS


GATE = Gate("market_hours", judge, of_desk=True)
