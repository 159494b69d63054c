"""What the learners remember of reigns, of promises, and of trainings that came to nothing."""

from collections.abc import Mapping
from typing import assert_never

from kingmaker.contracts.desks import desk_of
from kingmaker.governance import claims, keys
from kingmaker.governance.answers import CommandRefused, CommandTaken
from kingmaker.governance.keys import KeyRevoked, KeyTrusted
from kingmaker.kernel.frozen import replace
from kingmaker.learners.admission import NET_KEPT
from kingmaker.learners.domain import (
    AboutPeople,
    ChampionNoted,
    Ended,
    OutcomeCounted,
    Reign,
    State,
    TrainingCompleted,
    TrainingStarted,
)

DAY_MS = 86_400_000
KEPT_DAYS = 7  # a job that came to nothing may be tried again for so long
PROMISES_MAX = 64  # the latest candidates; an older one is on trial no longer
ABANDONED, CANCELLED = "abandoned", "cancelled"


def of_reigns(state: State, event: OutcomeCounted) -> Mapping[str, Reign]:
    """Return the reigns after a trade; only those with an expectation remember its return."""
    if not event.taken:
        return state.reigns
    kept = state.policy.expectancy_trades
    return {
        slot: replace(reign, nets=(*reign.nets, event.net)[-kept:])
        if reign.expected is not None and desk_of(slot) == event.desk
        else reign
        for slot, reign in state.reigns.items()
    }


def begin_reign(state: State, event: ChampionNoted) -> State:
    """Take note of a champion, its first day, and what it promised."""
    reign = Reign(event.time_ms, event.expected if event.expects else None)
    return replace(
        state,
        champions={**state.champions, event.slot: event.model},
        reigns={**state.reigns, event.slot: reign},
    )


def promise(state: State, event: TrainingCompleted) -> Mapping[str, float]:
    """Return the promises after a training; only a candidate may ever be held to its own."""
    if not event.candidate or NET_KEPT not in event.metrics:
        return state.promised
    others = {name: net for name, net in state.promised.items() if name != event.digest}
    latest = list(others.items())[1 - PROMISES_MAX :]
    return dict([*latest, (event.digest, event.metrics[NET_KEPT])])


def of_people(state: State, event: AboutPeople) -> State:
    """Remember keys, and ids of commands for as long as these could come again in time."""
    match event:
        case KeyTrusted() | KeyRevoked():
            return replace(state, keys=keys.learn(state.keys, event))
        case CommandTaken(command_id, not_after_ms=last_ms, time_ms=now_ms):
            acted = claims.remember(state.commands, command_id, last_ms, now_ms)
            return replace(state, commands=acted)
        case CommandRefused():
            return state
        case _:
            assert_never(event)


def end(state: State, training: str, how: str, time_ms: int) -> State:
    """Let a training go that came to nothing; it may be tried again for some days."""
    started: TrainingStarted = state.jobs[training].started
    alive = {
        name: ended
        for name, ended in state.ended.items()
        if ended.time_ms + KEPT_DAYS * DAY_MS > time_ms
    }
    alive[training] = Ended(started, how, time_ms)
    jobs = {name: job for name, job in state.jobs.items() if name != training}
    return replace(state, jobs=jobs, ended=alive)
