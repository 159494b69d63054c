"""When a desk's past bars are learned from (A4), and what comes of it. Pure.

Hourly while the market is open, every 15 minutes while it is not. A run that is due while another
of its desk is under way begins when that is over. What was played is simulated on a log of its own:
no pair of a trial ever comes from it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import assert_never

from kingmaker.contracts.desks import slot_of
from kingmaker.governance.orders import RefusedError
from kingmaker.kernel.frozen import replace
from kingmaker.kernel.service import Effect
from kingmaker.learners import admission, backoff, past_runs, walking
from kingmaker.learners.domain import JobAbandoned, State, TrainingCompleted
from kingmaker.learners.history import (
    DUE,
    INTENSIVE,
    LIGHT,
    PERSON,
    AboutHistory,
    Done,
    Fact,
    HistoricalRunCancelled,
    HistoricalRunCompleted,
    HistoricalRunFailed,
    HistoricalRunStarted,
    History,
    HistoryBroke,
    HistoryLearned,
    HistoryLesson,
    Taught,
)
from kingmaker.learners.people import RunLearningJob
from kingmaker.learners.triggers import HOUR_MS
from kingmaker.market import fire_times
from kingmaker.market.hours import is_open
from kingmaker.revisions.rules import discover

LEARN = "learners.history"  # the kind of the effect
DAY_MS = 24 * HOUR_MS
ALWAYS_OPEN = "24x7"
SEED_BITS = 48
NONE = History()

type Said = AboutHistory | TrainingCompleted | JobAbandoned


def adaptive() -> frozenset[str]:
    """Return the components that can learn on, bar by bar: those with an update rule."""
    return frozenset(rule.component for rule in discover().values())


def due(
    state: State, desks: Sequence[str], components: Sequence[str], time_ms: int
) -> Sequence[Said]:
    """Return the runs that begin at a tick: of each desk the latest fire time, dealt with once.

    Those that wait for another attempt come first, also where no calendar starts any.
    """
    again = past_runs.again(state, time_ms)
    if not state.policy.history.enabled:
        return again
    return [
        *again,
        *[
            _start(state, desk, number, components, time_ms)
            for number, desk in enumerate(_fired(state, desks, time_ms), start=state.runs + 1)
        ],
    ]


def asked(
    state: State,
    command: RunLearningJob,
    desks: Sequence[str],
    components: Sequence[str],
    now_ms: int,
) -> Sequence[Said]:
    """Begin an intensive run of every desk, whatever was learned from before."""
    busy = [held.run.run for held in state.history.values() if held.run is not None]
    if busy:
        raise RefusedError(f"{', '.join(busy)} is under way: `kingmaker job show {busy[0]}`")
    return [
        replace(
            _started(state, desk, number, (INTENSIVE, now_ms), components),
            cause=PERSON,
            known="",
            actor=command.actor,
            command_id=command.command_id,
            due_ms=now_ms,
            time_ms=now_ms,
        )
        for number, desk in enumerate(desks, start=state.runs + 1)
    ]


def effects(state: State) -> Sequence[Effect]:
    """Return the runs under way."""
    return [
        Effect(backoff.attempt_id(run.run, run.attempt), LEARN, run.due_ms, run)
        for run in past_runs.under_way(state)
    ]


def answered(state: State, fact: Fact) -> Sequence[Said]:
    """Return what a run comes to; an answer to a run that is over is dropped."""
    run = next((run for run in past_runs.under_way(state) if run.run == fact.run), None)
    if run is None:
        return ()
    match fact:
        case HistoryBroke(reason=reason):
            return past_runs.failed(state, run, reason)
        case HistoryLearned():
            return _completed(state, run, fact)
        case _:
            assert_never(fact)


def evolve(state: State, event: AboutHistory) -> State:
    """Learn one event."""
    held = state.history.get(event.desk, NONE)
    match event:
        case HistoricalRunStarted(cause=cause, fire_time_ms=fire_time_ms):
            fired_ms = max(fire_time_ms, held.fired_ms) if cause == DUE else held.fired_ms
            begun = replace(held, run=event, retry_at_ms=0, ended=None, fired_ms=fired_ms)
            first = event.run not in past_runs.names(held)
            return replace(_with(state, event.desk, begun), runs=state.runs + first)
        case HistoricalRunFailed(retry_at_ms=retry_at_ms) if retry_at_ms:
            return _with(state, event.desk, replace(held, retry_at_ms=retry_at_ms))
        case HistoricalRunFailed() | HistoricalRunCancelled():
            over = replace(held, run=None, retry_at_ms=0, ended=held.run)
            return _with(state, event.desk, over)
        case HistoricalRunCompleted():
            return _with(state, event.desk, _learned(held, event))
        case _:
            assert_never(event)


def _fired(state: State, desks: Sequence[str], time_ms: int) -> Iterable[str]:
    for desk in desks:
        held = state.history.get(desk, NONE)
        fire_ms = fire_times.latest(state.policy.history.calendar(desk), time_ms)
        if held.run is None and fire_ms > held.fired_ms:
            yield desk


def _start(
    state: State, desk: str, number: int, components: Sequence[str], time_ms: int
) -> HistoricalRunStarted:
    """Begin a run that is due: light ones need an intensive one to go on from."""
    calendar = state.policy.history.calendar(desk)
    fire_ms, base = fire_times.latest(calendar, time_ms), state.history.get(desk, NONE).base
    afresh = base is None or not is_open(calendar, time_ms)
    if base is not None and calendar == ALWAYS_OPEN:  # else it would never be learned afresh
        afresh = fire_ms // DAY_MS > base.fire_time_ms // DAY_MS
    light = [component for component in components if component in adaptive()]
    mode, chosen = (INTENSIVE, components) if afresh else (LIGHT, light)
    started = _started(state, desk, number, (mode, fire_ms), chosen)
    return replace(started, due_ms=time_ms + past_runs.RUN_MS, time_ms=time_ms)


def _started(
    state: State, desk: str, number: int, when: tuple[str, int], components: Sequence[str]
) -> HistoricalRunStarted:
    (mode, fire_ms), held = when, state.history.get(desk, NONE)
    base, last = held.base if mode == LIGHT else None, held.last.get(mode)
    return HistoricalRunStarted(
        run=f"{past_runs.PREFIX}{number:04d}",
        desk=desk,
        mode=mode,
        cause=DUE,
        open=is_open(state.policy.history.calendar(desk), fire_ms),
        fire_time_ms=fire_ms,
        days=state.policy.history.days,
        until_ms=fire_ms,
        base_from_ms=base.from_ms if base else 0,
        base_until_ms=base.until_ms if base else 0,
        known=last.sources_digest if last else "",
        taught={name: held.taught.get(name, Taught()).until_ms for name in components},
        seeds={name: _seed_of(slot_of(name, desk)) for name in components},
        parameters={
            f"{name}.{key}": value
            for name in components
            for key, value in state.policy.parameters(name).items()
        },
        due_ms=fire_ms,
        time_ms=fire_ms,
    )


def _completed(state: State, run: HistoricalRunStarted, fact: HistoryLearned) -> Sequence[Said]:
    held = state.history[run.desk]
    same = not fact.lessons and not fact.reason
    lessons = tuple([_judged(state, run, lesson) for lesson in fact.lessons])
    completed = HistoricalRunCompleted(
        run=run.run,
        desk=run.desk,
        mode=run.mode,
        bars=fact.bars,
        bars_from_ms=fact.bars_from_ms,
        bars_until_ms=fact.bars_until_ms,
        trades=fact.trades,
        sources_digest=fact.sources_digest,
        same_as=held.last[run.mode].run if same else "",
        lessons=lessons,
        reason=fact.reason,
        time_ms=run.due_ms,
    )
    offered = [lesson for lesson in lessons if lesson.candidate]
    return [completed, *[_offer(state, completed, run, lesson) for lesson in offered]]


def _judged(state: State, run: HistoricalRunStarted, lesson: HistoryLesson) -> HistoryLesson:
    """Say whether a product becomes a candidate: one look at the hold-out for so much new data."""
    before = state.history[run.desk].taught.get(lesson.component, Taught())
    reason = lesson.reason or _not_yet(state, run, lesson, before)
    if reason:
        return replace(lesson, reason=reason)
    faults = [
        admission.why_not(lesson.component, lesson.metrics, state.policy),
        walking.why_not(lesson.metrics),
    ]
    reason = "; ".join(filter(None, faults))
    return replace(lesson, reason=reason, judged=True, candidate=not reason)


def _not_yet(state: State, run: HistoricalRunStarted, lesson: HistoryLesson, before: Taught) -> str:
    policy, fresh = state.policy, before.fresh + lesson.new_trades
    if why_not := policy.why_not_trained(lesson.component):
        return why_not
    if lesson.digest == before.digest:
        return "the same bits as before: nothing to offer"
    if lesson.trades < (needed := policy.trades_needed(run.desk)):
        return f"{lesson.trades} closed trades, {needed} needed"
    if before.judged_ms and fresh < policy.min_new_trades:
        return f"{fresh} new trades since it was judged, {policy.min_new_trades} needed"
    if before.judged_ms and run.due_ms < before.judged_ms + policy.quiet_hours * HOUR_MS:
        return f"it was judged less than {policy.quiet_hours} hours ago"
    return ""


def _offer(
    state: State,
    run: HistoricalRunCompleted,
    asked_for: HistoricalRunStarted,
    lesson: HistoryLesson,
) -> TrainingCompleted:
    slot = slot_of(lesson.component, run.desk)
    return TrainingCompleted(
        training=f"{run.run}/{lesson.component}",
        slot=slot,
        digest=lesson.digest,
        size_bytes=lesson.size_bytes,
        dataset_digest=lesson.dataset_digest,
        data_from_ms=lesson.data_from_ms,
        data_until_ms=run.bars_until_ms,
        trades=lesson.trades,
        seed=asked_for.seeds[lesson.component],
        metrics=lesson.metrics,
        candidate=True,
        reason="",
        parent=state.champions.get(slot, ""),
        time_ms=run.time_ms,
    )


def _learned(held: History, run: HistoricalRunCompleted) -> History:
    if not run.lessons:
        return replace(held, run=None)
    assert held.run is not None, "a run that is over had begun"
    fire_ms, until_ms = held.run.fire_time_ms, run.bars_until_ms
    done = Done(run.run, run.sources_digest, fire_ms, run.bars_from_ms, until_ms)
    made = any(lesson.digest for lesson in run.lessons)
    taught = {
        lesson.component: _taught(held.taught.get(lesson.component, Taught()), lesson, run)
        for lesson in run.lessons
        if lesson.digest
    }
    return replace(
        held,
        run=None,
        base=done if made and run.mode == INTENSIVE else held.base,
        last={**held.last, run.mode: done},
        taught={**held.taught, **taught},
    )


def _taught(before: Taught, lesson: HistoryLesson, run: HistoricalRunCompleted) -> Taught:
    return Taught(
        until_ms=max(before.until_ms, run.bars_until_ms),
        bars=before.bars + lesson.new_bars,
        fresh=0 if lesson.judged else before.fresh + lesson.new_trades,
        judged_ms=run.time_ms if lesson.judged else before.judged_ms,
        digest=lesson.digest if lesson.judged else before.digest,
    )


def _with(state: State, desk: str, held: History) -> State:
    return replace(state, history=state.history | {desk: held})


def _seed_of(slot: str) -> int:
    """Return the seed of a slot: always the same, so that the same bars give the same bits."""
    return int.from_bytes(hashlib.sha256(f"history/{slot}".encode()).digest()) >> (256 - SEED_BITS)
