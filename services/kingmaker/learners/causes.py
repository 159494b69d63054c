"""Which trainings are due at a tick, of which slots, and why."""

from collections.abc import Iterator, Mapping, Sequence

from kingmaker.contracts.desks import component_of, desk_of
from kingmaker.learners.asked import quiet_until
from kingmaker.learners.domain import Closed, Reign, State
from kingmaker.learners.triggers import ENOUGH_NEW, Numbers, Seen, Trigger, cause

UNKNOWN = Reign(0)

type Triggers = Mapping[str, Sequence[Trigger]]  # by slot


def due(
    state: State, triggers: Triggers, now_ms: int, *, night: bool
) -> Iterator[tuple[str, str, Numbers]]:
    """Yield slot, cause and numbers; a slot that is busy, or was trained of late, waits."""
    busy = {job.started.slot for job in state.jobs.values()}
    for slot, ones in triggers.items():
        closed = state.closed.get(desk_of(slot))
        if closed is None or slot in busy or not _may_start(state, slot, closed, now_ms):
            continue
        found = cause(ones, seen(state, slot, closed, now_ms, night=night))
        if found is not None:
            yield slot, *found


def _may_start(state: State, slot: str, closed: Closed, now_ms: int) -> bool:
    """Look at most ticks no closer than this: most of them find nothing new."""
    if component_of(slot) not in state.policy.components:
        return False
    least = min(ENOUGH_NEW, state.policy.min_new_trades, state.policy.experiences_min)
    news = closed.trades - state.learned.get(slot, 0)
    return news >= least and now_ms >= quiet_until(state, slot)


def seen(state: State, slot: str, closed: Closed, now_ms: int, *, night: bool) -> Seen:
    """Return what triggers may look at."""
    reign = state.reigns.get(slot, UNKNOWN)
    return Seen(
        policy=state.policy,
        now_ms=now_ms,
        night=night,
        trades=closed.trades,
        new_trades=closed.trades - state.learned.get(slot, 0),
        trades_needed=state.policy.trades_needed(desk_of(slot)),
        started_ms=state.started_ms.get(slot),
        scheduled_ms=state.scheduled_ms.get(slot),
        since_ms=reign.since_ms or None,
        expected=reign.expected,
        nets=reign.nets,
    )
