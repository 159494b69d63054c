"""The scheduled retrain: every so many days, held to absolute criteria (`rotation.py`)."""

from kingmaker.learners import rotation
from kingmaker.learners.triggers import HOUR_MS, Numbers, Seen, Trigger

NAME = "scheduled"
DAY_MS = 24 * HOUR_MS


def due(seen: Seen) -> Numbers | None:
    """Count from the last scheduled one, or from the champion's first day."""
    last_ms = seen.since_ms if seen.scheduled_ms is None else seen.scheduled_ms
    if not seen.policy.rotation_enabled or last_ms is None:
        return None
    days, every = (seen.now_ms - last_ms) / DAY_MS, seen.policy.rotation_days
    return {"days": days, "every": every} if days >= every else None


TRIGGER = Trigger(NAME, 4, due, concerns=rotation.can_judge)
