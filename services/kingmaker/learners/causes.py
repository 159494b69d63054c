"""Which trainings are due at a tick, of which slots, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kingmaker.contracts.desks import component_of, desk_of
from kingmaker.learners import of_risk, tuning
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
    anew: Sequence[Trigger]  # those of them that ask for no new trade


def watch(slots: Sequence[str], triggers: Sequence[Trigger]) -> tuple[Watched, ...]:
    """Return the slots with the triggers that concern each."""
    return tuple(_watched(slot, triggers) for slot in slots)


def _watched(slot: str, triggers: Sequence[Trigger]) -> Watched:
    component = component_of(slot)
    own = concerning(component, triggers)
    anew = tuple(trigger for trigger in own if trigger.anew)
    return Watched(slot, component, desk_of(slot), own, anew)


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
        if closed is None or slot in busy or now_ms < quiet_until(state, slot):
            continue
        triggers = one.triggers if _has_news(state, slot, closed, now_ms) else one.anew
        if triggers is one.anew and not tuning.fired_since(state, slot):
            continue
        found = cause(triggers, seen(state, slot, closed, now_ms, night=night))
        if found is not None:
            yield slot, *found


def _has_news(state: State, slot: str, closed: Closed, now_ms: int) -> bool:
    """Look at most ticks no closer than this: most of them find nothing new."""
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
        component=component_of(slot),
        tuning_ms=state.fired.get(tuning.SCHEDULE),
        tuned=state.tuned.get(slot),
    )
