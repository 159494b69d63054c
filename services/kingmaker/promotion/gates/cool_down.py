"""After a rollback that came by itself, nobody is crowned in the slot for a while."""

from kingmaker.promotion.gates import Case, Gate, Reading

MINUTE_MS = 60_000


def judge(case: Case) -> Reading:
    """Ask for minutes since the last rollback by itself; a slot without one has waited enough."""
    minutes_min = case.state.policy.cool_down_minutes
    since_ms = case.slot.rolled_back_ms
    if since_ms is None:
        return Reading(minutes_min, minutes_min, 0, passed=True)
    minutes = (case.now_ms - since_ms) / MINUTE_MS
    return Reading(minutes, minutes_min, 1, minutes >= minutes_min)


GATE = Gate("cool_down", judge, of_desk=True)
