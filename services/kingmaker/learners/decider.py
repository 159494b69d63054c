"""How the learners decide. Pure: every number they need is in the state or in the message."""

import hashlib
from collections.abc import Callable, Sequence
from typing import assert_never

from kingmaker.contracts.desks import Desk, component_of, desk_of, slot_of
from kingmaker.kernel.frozen import replace
from kingmaker.kernel.service import Effect, Tick
from kingmaker.learners import admission, heads
from kingmaker.learners.domain import (
    ApplyPolicy,
    ChampionActivated,
    ChampionNoted,
    Closed,
    Event,
    Job,
    JobAbandoned,
    Message,
    NightFell,
    OpportunityResolved,
    OutcomeCounted,
    PolicyApplied,
    State,
    TrainingBroke,
    TrainingCompleted,
    TrainingFailed,
    TrainingStarted,
    TrainingSucceeded,
)
from kingmaker.learners.heads import OutcomeJudged, WeightsLearned
from kingmaker.learners.policy import Policy

TRAIN = "learners.train"  # the kind of the effect
NIGHTLY = "nightly"
MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS
BACKOFF_MS = (10_000, 40_000)  # of market time, after the first and after every later failure
SEED_BITS = 48  # a seed stays exact where numbers are doubles

type Decide = Callable[[State, None, Message, object], Sequence[Event]]


def build(desks: Sequence[Desk], components: Sequence[str]) -> Decide:
    """Return how the learners of these components decide for these desks."""
    slots = tuple(slot_of(component, desk.name) for desk in desks for component in components)

    def decide(state: State, _window: None, message: Message, _answers: object) -> Sequence[Event]:
        match message:
            case Tick(time_ms):
                return [*_retry(state, time_ms), *_start_nightly(state, slots, time_ms)]
            case OpportunityResolved():
                return [_count(state, message), *_judge(state, message)]
            case ChampionActivated(slot, model):
                news = slot in slots and state.champions.get(slot) != model
                return [ChampionNoted(slot, model)] if news else []
            case ApplyPolicy():
                return _apply_policy(state, message, components)
            case TrainingSucceeded():
                return _complete(state, message)
            case TrainingBroke():
                return _fail(state, message)
            case _:
                assert_never(message)

    return decide


def effects(state: State) -> Sequence[Effect]:
    """Return the trainings under way."""
    return [
        Effect(_attempt_id(job.started), TRAIN, job.started.due_ms, job.started)
        for job in (state.jobs[name] for name in sorted(state.jobs))
        if not job.is_waiting
    ]


def _count(state: State, resolved: OpportunityResolved) -> Event:
    before = state.closed.get(resolved.desk, Closed()).trades
    return OutcomeCounted(resolved.desk, before + 1, resolved.time_ms)


def _judge(state: State, resolved: OpportunityResolved) -> Sequence[Event]:
    held = state.heads.get(resolved.desk, heads.Heads())
    return heads.judge(held, state.policy.heads, resolved)


def _start_nightly(state: State, slots: Sequence[str], time_ms: int) -> Sequence[Event]:
    """Look at every slot once a night; a night that was missed is made up for once."""
    night = (time_ms - state.policy.nightly * MINUTE_MS) // DAY_MS
    if night <= state.night:
        return []
    busy = {job.started.slot for job in state.jobs.values()}
    ready = [slot for slot in slots if slot not in busy and _has_enough(state, slot)]
    started = [
        _start(state, slot, time_ms, state.trainings + number)
        for number, slot in enumerate(ready, start=1)
    ]
    return [NightFell(night, time_ms), *started]


def _has_enough(state: State, slot: str) -> bool:
    if component_of(slot) not in state.policy.components:
        return False
    trades, policy = _closed(state, slot).trades, state.policy
    new_trades = trades - state.learned.get(slot, 0)
    return trades >= policy.trades_needed(desk_of(slot)) and new_trades >= policy.min_new_trades


def _start(state: State, slot: str, time_ms: int, number: int) -> TrainingStarted:
    training, closed = f"tr-{number:04d}", _closed(state, slot)
    return TrainingStarted(
        training=training,
        slot=slot,
        cause=NIGHTLY,
        trades=closed.trades,
        new_trades=closed.trades - state.learned.get(slot, 0),
        until_ms=closed.latest_ms,
        seed=_seed_of(training, slot),
        due_ms=_due(state.policy, time_ms),
        attempt=1,
        parent=state.champions.get(slot, ""),
        time_ms=time_ms,
        parameters=state.policy.parameters(component_of(slot)),
    )


def _retry(state: State, time_ms: int) -> Sequence[Event]:
    return [
        replace(
            job.started,
            attempt=job.started.attempt + 1,
            time_ms=time_ms,
            due_ms=_due(state.policy, time_ms),
        )
        for job in (state.jobs[name] for name in sorted(state.jobs))
        if job.is_waiting and job.retry_at_ms <= time_ms
    ]


def _complete(state: State, fact: TrainingSucceeded) -> Sequence[Event]:
    job = state.jobs.get(fact.training)
    if job is None or job.is_waiting:
        return []  # answered already
    started, reason = (
        job.started,
        admission.why_not(component_of(job.started.slot), fact.metrics, state.policy),
    )
    return [
        TrainingCompleted(
            training=fact.training,
            slot=started.slot,
            digest=fact.digest,
            size_bytes=fact.size_bytes,
            dataset_digest=fact.dataset_digest,
            data_from_ms=fact.data_from_ms,
            data_until_ms=started.until_ms,
            trades=started.trades,
            seed=started.seed,
            metrics=fact.metrics,
            candidate=not reason,
            reason=reason,
            parent=started.parent,
            time_ms=started.due_ms,
        )
    ]


def _fail(state: State, fact: TrainingBroke) -> Sequence[Event]:
    job = state.jobs.get(fact.training)
    if job is None or job.is_waiting:
        return []
    started = job.started
    last = fact.permanent or started.attempt >= state.policy.attempts_max
    backoff = BACKOFF_MS[min(started.attempt, len(BACKOFF_MS)) - 1]
    retry_at_ms = 0 if last else started.due_ms + backoff
    where = (fact.training, started.slot)
    failed = TrainingFailed(*where, started.attempt, fact.reason, retry_at_ms)
    return [failed, JobAbandoned(*where, fact.reason, started.due_ms)] if last else [failed]


def _apply_policy(state: State, command: ApplyPolicy, components: Sequence[str]) -> Sequence[Event]:
    """Take settings up; wrong ones stop the process before they are recorded."""
    if command.hash == state.policy_hash:
        return []
    wanted = Policy.from_values(command.values).components
    named = "learning.components" in command.values
    if named and (unknown := sorted(set(wanted) - set(components))):
        raise ValueError(
            f"learning.components: {', '.join(unknown)} has no learner here; there are"
            f" {', '.join(components)}"
        )
    return [PolicyApplied(command.hash, command.values, command.actor)]


def evolve(state: State, event: Event) -> State:
    """Learn one event."""
    match event:
        case PolicyApplied(fingerprint, values):
            return replace(state, policy=Policy.from_values(values), policy_hash=fingerprint)
        case OutcomeCounted(desk, outcomes, time_ms):
            latest_ms = max(time_ms, state.closed.get(desk, Closed()).latest_ms)
            return replace(state, closed=state.closed | {desk: Closed(outcomes, latest_ms)})
        case ChampionNoted(slot, model):
            return replace(state, champions=state.champions | {slot: model})
        case NightFell(night):
            return replace(state, night=night)
        case TrainingStarted():
            return _begin(state, event)
        case TrainingFailed(training, retry_at_ms=retry_at_ms):
            waiting = replace(state.jobs[training], retry_at_ms=retry_at_ms)
            return replace(state, jobs=state.jobs | {training: waiting})
        case TrainingCompleted(training):
            return _forget(state, training)
        case JobAbandoned(job):
            return _forget(state, job)
        case OutcomeJudged() | WeightsLearned():
            held = heads.learn(state.heads.get(event.desk, heads.Heads()), event)
            return replace(state, heads=state.heads | {event.desk: held})
        case _:
            assert_never(event)


def _begin(state: State, started: TrainingStarted) -> State:
    first = started.training not in state.jobs
    return replace(
        state,
        trainings=state.trainings + first,
        learned=state.learned | {started.slot: started.trades},
        jobs=state.jobs | {started.training: Job(started)},
    )


def _forget(state: State, training: str) -> State:
    jobs = {name: job for name, job in state.jobs.items() if name != training}
    return replace(state, jobs=jobs)


def _closed(state: State, slot: str) -> Closed:
    return state.closed.get(desk_of(slot), Closed())


def _due(policy: Policy, time_ms: int) -> int:
    return time_ms + policy.training_minutes * MINUTE_MS


def _seed_of(training: str, slot: str) -> int:
    digest = hashlib.sha256(f"{training}/{slot}".encode()).digest()
    return int.from_bytes(digest) >> (256 - SEED_BITS)


def _attempt_id(started: TrainingStarted) -> str:
    return f"{started.training}/{started.attempt}"
