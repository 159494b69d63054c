"""For policies learned by reinforcement: so many new experiences, or fewer after some hours."""

from kingmaker.learners.triggers import BY_EXPERIENCE, HOUR_MS, Numbers, Seen, Trigger


def due(seen: Seen) -> Numbers | None:
    """Return the experiences, and the hours since the last run where they made it due."""
    policy = seen.policy
    if seen.new_trades >= policy.experiences:
        return {"experiences": seen.new_trades, "needed": policy.experiences}
    if seen.started_ms is None or seen.new_trades < policy.experiences_min:
        return None
    hours = (seen.now_ms - seen.started_ms) / HOUR_MS
    if hours < policy.experience_hours:
        return None
    return {"experiences": seen.new_trades, "needed": policy.experiences_min, "hours": hours}


TRIGGER = Trigger("experiences", 1, due, BY_EXPERIENCE.__contains__)
