"""Which trainings are due at a tick, of which slots, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kingmaker.contracts.desks import component_of, desk_of
from kingmaker.learners import of_risk
from kingmaker.learners.asked import quiet_until
from kingmaker.learners.domain import Closed, Reign, State
from kingmaker.learners.triggers import ENOUGH_NEW, Numbers, Seen, Trigger, cause, concerning

UNKNOWN = Reign(0)


@dataclass(frozen=True, slots=True)
class Watched:
    """A slot, and what may start a training of it: looked at on every tick, so taken apart once."""

    slot: str
    component: str
    desk: str
    triggers: Sequence[Trigger]


def watch(slots: Sequence[str], triggers: Sequence[Trigger]) -> tuple[Watched, ...]:
    """Return the slots with the triggers that concern each."""
    return tuple(
        Watched(slot, component_of(slot), desk_of(slot), concerning(component_of(slot), triggers))
        for slot in slots
    )


def due(
    state: State, watched: Sequence[Watched], now_ms: int, *, night: bool
) -> Iterator[tuple[str, str, Numbers]]:
    """Yield slot, cause and numbers; a slot that is busy, or was trained of late, waits."""
    busy = {job.started.slot for job in state.jobs.values()}
    components = state.policy.components
    for one in watched:
        if one.component not in components:
            continue
        slot, closed = one.slot, state.closed.get(one.desk)
        if closed is None or slot in busy or not _may_start(state, slot, closed, now_ms):
            continue
        found = cause(one.triggers, seen(state, slot, closed, now_ms, night=night))
        if found is not None:
            yield slot, *found


def _may_start(state: State, slot: str, closed: Closed, now_ms: int) -> bool:
    """Look at most ticks no closer than this: most of them find nothing new."""
    if now_ms < quiet_until(state, slot):
        return False
    return _enough_new(state, slot, closed) or bool(of_risk.unanswered(state, slot, now_ms))


def _enough_new(state: State, slot: str, closed: Closed) -> bool:
    """Tell whether there are as many new trades as any cause that waits for them asks for."""
    least = min(ENOUGH_NEW, state.policy.min_new_trades, state.policy.experiences_min)
    return closed.trades - state.learned.get(slot, 0) >= least


def seen(state: State, slot: str, closed: Closed, now_ms: int, *, night: bool) -> Seen:
    """Return what triggers may look at."""
    reign = state.reigns.get(slot, UNKNOWN)
    return Seen(
        policy=state.policy,
        now_ms=now_ms,
        night=night,
        trades=closed.trades,
        new_trades=closed.trades - state.learned.get(slot, 0),
        enough_new=_enough_new(state, slot, closed),
        trades_needed=state.policy.trades_needed(desk_of(slot)),
        started_ms=state.started_ms.get(slot),
        scheduled_ms=state.scheduled_ms.get(slot),
        since_ms=reign.since_ms or None,
        expected=reign.expected,
        nets=reign.nets,
        noted=of_risk.unanswered(state, slot, now_ms),
    )
