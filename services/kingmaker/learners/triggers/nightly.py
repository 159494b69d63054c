"""Once a night, when enough trades came since the last training."""

from kingmaker.learners.triggers import BY_EXPERIENCE, Numbers, Seen, Trigger


def due(seen: Seen) -> Numbers | None:
    """Look once a night; a night that was missed is made up for once."""
    needed = seen.policy.min_new_trades
    if not seen.night or seen.new_trades < needed:
        return None
    return {"new_trades": seen.new_trades, "needed": needed}


TRIGGER = Trigger("nightly", 0, due, lambda component: component not in BY_EXPERIENCE)
