"""What a desk's throne room shows to whoever watches."""

from collections import Counter
from collections.abc import Iterator

from kingmaker.kernel.service import Reading
from kingmaker.promotion.domain import State


def readings(state: State) -> Iterator[Reading]:
    """Yield who reigns since when, who is tried, who waits, and what is frozen."""
    tried = Counter(trial.slot for trial in state.trials.values())
    waiting = Counter(candidate.slot for candidate in state.waiting)
    for name, slot in state.slots.items():
        yield Reading("champion_info", 1, (name, slot.champion.model))
        yield Reading("reign", slot.reign, (name,))
        yield Reading("reign_unacknowledged", not slot.settled, (name,))
        yield Reading("reign_began_ms", slot.changed_ms, (name,))
        yield Reading("rollback_impossible", slot.stuck, (name,))
        yield Reading("canary_breached", len(slot.watch.breached) if slot.watch else 0, (name,))
        yield Reading("trials_open", tried[name], (name,))
        yield Reading("candidates_waiting", waiting[name], (name,))
    yield Reading("frozen_scopes", len(state.frozen), (state.desk,))
    yield Reading("budget_trials", state.budget.k, (state.desk,))
