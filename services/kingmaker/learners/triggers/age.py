"""Nobody has learned for this slot in a long time, however few trades there were."""

from kingmaker.learners.triggers import ENOUGH_NEW, HOUR_MS, Numbers, Seen, Trigger

DAY_MS = 24 * HOUR_MS


def due(seen: Seen) -> Numbers | None:
    """Count from the champion's first day, or from the last training if that is later.

    It looks once a night: what waited ninety days waits for the hour at which others train.
    """
    if not seen.night or seen.since_ms is None or seen.new_trades < ENOUGH_NEW:
        return None
    last_ms = max(seen.since_ms, seen.started_ms or seen.since_ms)
    days = (seen.now_ms - last_ms) / DAY_MS
    limit = seen.policy.age_days
    return {"days": days, "limit": limit} if days > limit else None


TRIGGER = Trigger("age", 3, due)
