"""Once a week: search for parameters, from the same trades anew, where enough came since the last.

The schedule fires on its day (`tuning.py` of the learners). A slot that trains just then, or did in
the last hours, begins as soon as the rules let it.
"""

from kingmaker.learners.search import space
from kingmaker.learners.triggers import Numbers, Seen, Trigger

NAME = "tuning"


def due(seen: Seen) -> Numbers | None:
    """Return the trades since the last search, where it began before the schedule fired."""
    before_ms = seen.tuned.time_ms if seen.tuned else -1
    if seen.tuning_ms is None or seen.component not in seen.policy.tuning:
        return None
    new, needed = seen.trades - (seen.tuned.trades if seen.tuned else 0), seen.policy.min_new_trades
    if before_ms >= seen.tuning_ms or new < needed:
        return None
    return {"new_trades": new, "needed": needed, "search_trials": seen.policy.tuning_trials}


TRIGGER = Trigger(NAME, 9, due, space.COMPONENTS.__contains__, waits=False, anew=True)
