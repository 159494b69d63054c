"""How the learners decide. Pure: every number they need is in the state or in the message."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import assert_never

from kingmaker.contracts.desks import Desk, component_of, desk_of, slot_of
from kingmaker.governance.answers import CommandRefused, CommandTaken
from kingmaker.governance.keys import KeyRevoked, KeyTrusted
from kingmaker.kernel.frozen import replace
from kingmaker.kernel.service import Effect, Tick
from kingmaker.learners import (
    about_heads,
    asked,
    backoff,
    causes,
    historical,
    judging,
    memory,
    of_risk,
    origins,
    past_runs,
    rotation,
    triggers,
    tuning,
)
from kingmaker.learners.asked import Seal
from kingmaker.learners.domain import (
    AboutJobs,
    ApplyPolicy,
    CauseNoted,
    ChampionActivated,
    ChampionNoted,
    Closed,
    DriftDetected,
    Event,
    GuardChanged,
    Job,
    JobAbandoned,
    Message,
    NightFell,
    OpportunityResolved,
    OutcomeCounted,
    ParametersRestored,
    PolicyApplied,
    State,
    TrainingBroke,
    TrainingCompleted,
    TrainingFailed,
    TrainingStarted,
    TrainingSucceeded,
)
from kingmaker.learners.history import (
    HistoricalRunCancelled,
    HistoricalRunCompleted,
    HistoricalRunFailed,
    HistoricalRunStarted,
    HistoryBroke,
    HistoryLearned,
)
from kingmaker.learners.people import (
    StartTraining,
    TrainingCancelled,
)
from kingmaker.learners.policy import Policy
from kingmaker.learners.search import space
from kingmaker.learners.triggers import scheduled
from kingmaker.learners.triggers import tuning as tuning_trigger
from kingmaker.learners.tuned import Tuned

TRAIN = "learners.train"  # the kind of the effect
PERSON = "person"  # the cause of a training that somebody asked for
MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS
SEED_BITS = 48  # a seed stays exact where numbers are doubles


@dataclass(slots=True)
class Window:
    """The latest tick heard, UTC milliseconds of market time: the one memory of inputs."""

    time_ms: int = 0


type Decide = Callable[[State, Window, Message, object], Sequence[Event]]


def observe(window: Window, message: Message) -> Window:
    """Remember the time."""
    if isinstance(message, Tick):
        window.time_ms = message.time_ms
    return window


def build(desks: Sequence[Desk], components: Sequence[str], seal: Seal) -> Decide:
    """Return how the learners of these components decide; signatures are read by `seal`."""
    slots = tuple(slot_of(component, desk.name) for desk in desks for component in components)
    watched = causes.watch(slots, triggers.discover())
    names = tuple(desk.name for desk in desks)
    asking = asked.Asking(seal, slots, _start_asked, names, tuple(components))

    def decide(state: State, window: Window, message: Message, _answers: object) -> Sequence[Event]:
        match message:
            case Tick(time_ms):
                started = [*_retry(state, time_ms), *_start_due(state, watched, time_ms)]
                fired = tuning.on_tick(state, time_ms)
                heads = about_heads.on_tick(state, names, time_ms)
                past = historical.due(state, names, components, time_ms)
                return [*started, *fired, *heads, *past]
            case OpportunityResolved():
                return [_count(state, message), *about_heads.on_outcome(state, message)]
            case ChampionActivated(slot, model):
                news = slot in slots and state.champions.get(slot) != model
                return [_note(state, message)] if news else []
            case ParametersRestored():
                return about_heads.on_restored(state, message, window.time_ms)
            case GuardChanged() | DriftDetected():
                return of_risk.note(message)
            case ApplyPolicy():
                return _apply_policy(state, message, components)
            case TrainingSucceeded() | TrainingBroke() | HistoryLearned() | HistoryBroke():
                return _answered(state, message)
            case _:
                return asked.hear(state, message, asking, window.time_ms)

    return decide


def effects(state: State) -> Sequence[Effect]:
    """Return the trainings under way, and the runs over past bars."""
    trainings = [
        Effect(
            backoff.attempt_id(job.started.training, job.started.attempt),
            TRAIN,
            job.started.due_ms,
            job.started,
        )
        for job in (state.jobs[name] for name in sorted(state.jobs))
        if not job.is_waiting
    ]
    return [*trainings, *historical.effects(state)]


def _answered(
    state: State, fact: TrainingSucceeded | TrainingBroke | HistoryLearned | HistoryBroke
) -> Sequence[Event]:
    """Return what comes of an effect."""
    match fact:
        case TrainingSucceeded():
            return _complete(state, fact)
        case TrainingBroke():
            return _fail(state, fact)
        case HistoryLearned() | HistoryBroke():
            return historical.answered(state, fact)
        case _:
            assert_never(fact)


def _count(state: State, resolved: OpportunityResolved) -> OutcomeCounted:
    before = state.closed.get(resolved.desk, Closed()).trades
    taken = bool(resolved.outcomes) and resolved.outcomes[0].taken
    return OutcomeCounted(resolved.desk, before + 1, resolved.time_ms, taken, resolved.signal_net)


def _start_due(state: State, watched: Sequence[causes.Watched], time_ms: int) -> Sequence[Event]:
    """Look at every slot: once a night for those that wait for it, at every tick for others."""
    night = (time_ms - state.policy.nightly * MINUTE_MS) // DAY_MS
    falls = night > state.night
    started = [
        _start(state, slot, time_ms, number, cause, numbers)
        for number, (slot, cause, numbers) in enumerate(
            causes.due(state, watched, time_ms, night=falls), start=state.trainings + 1
        )
    ]
    return [NightFell(night, time_ms), *started] if falls else started


def _start(  # noqa: PLR0913, PLR0917 - a slot, when, and why
    state: State, slot: str, time_ms: int, number: int, cause: str, numbers: triggers.Numbers
) -> TrainingStarted:
    training, closed = f"tr-{number:04d}", _closed(state, slot)
    own = rotation.parameters() if cause == scheduled.NAME else {}
    started = TrainingStarted(
        training=training,
        slot=slot,
        cause=cause,
        trades=closed.trades,
        new_trades=closed.trades - state.learned.get(slot, 0),
        until_ms=closed.latest_ms,
        seed=_seed_of(training, slot),
        due_ms=_due(state.policy, time_ms),
        attempt=1,
        parent=state.champions.get(slot, ""),
        time_ms=time_ms,
        parameters=state.policy.parameters(component_of(slot)) | own,
        numbers={name: float(value) for name, value in numbers.items()},
    )
    if cause != tuning_trigger.NAME:
        return started
    searching = _searching(started, state.policy.tuning_trials)
    return replace(searching, due_ms=_due(state.policy, time_ms, searching.origin))


def _searching(started: TrainingStarted, trials: int) -> TrainingStarted:
    """Return the training with a search for its parameters first."""
    parameters = dict(started.parameters) | space.parameters(trials)
    return replace(started, parameters=parameters, origin=space.AUTOGEN)


def _start_asked(state: State, command: StartTraining, now_ms: int) -> TrainingStarted:
    """Begin what a person asked for; it is done when it is done, not after half an hour."""
    cause = scheduled.NAME if command.scheduled else PERSON
    started = _start(state, command.slot, now_ms, state.trainings + 1, cause, {})
    asked_for = replace(
        started,
        due_ms=now_ms,
        actor=command.actor,
        command_id=command.command_id,
        dry_run=command.dry_run,
        origin=command.origin,
        parameters=started.parameters | origins.parameters(command.origin, state.policy),
    )
    return _searching(asked_for, command.trials) if command.trials else asked_for


def _note(state: State, message: ChampionActivated) -> ChampionNoted:
    promised = state.promised.get(message.digest)
    return ChampionNoted(
        message.slot, message.model, message.time_ms, promised is not None, promised or 0.0
    )


def _retry(state: State, time_ms: int) -> Sequence[Event]:
    """Begin what waits for another attempt; what a person asked for is due at once again."""
    return [
        replace(
            job.started,
            attempt=job.started.attempt + 1,
            time_ms=time_ms,
            due_ms=time_ms
            if job.started.actor
            else _due(state.policy, time_ms, job.started.origin),
        )
        for job in (state.jobs[name] for name in sorted(state.jobs))
        if job.is_waiting and job.retry_at_ms <= time_ms
    ]


def _complete(state: State, fact: TrainingSucceeded) -> Sequence[Event]:
    job = state.jobs.get(fact.training)
    if job is None or job.is_waiting:
        return []  # answered already
    started, reason = job.started, judging.why_not(job.started, fact.metrics, state.policy)
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
            origin=started.origin,
            found=fact.found,
            teacher=fact.teacher,
        )
    ]


def _fail(state: State, fact: TrainingBroke) -> Sequence[Event]:
    job = state.jobs.get(fact.training)
    if job is None or job.is_waiting:
        return []
    started = job.started
    last = fact.permanent or started.attempt >= state.policy.attempts_max
    retry_at_ms = (
        0 if last else backoff.retry_at_ms(started.due_ms, started.training, started.attempt)
    )
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
            closed = state.closed | {desk: Closed(outcomes, latest_ms)}
            return replace(state, closed=closed, reigns=memory.of_reigns(state, event))
        case ChampionNoted():
            return memory.begin_reign(state, event)
        case CauseNoted():
            return of_risk.learn(state, event)
        case NightFell(night):
            return replace(state, night=night)
        case KeyTrusted() | KeyRevoked() | CommandTaken() | CommandRefused():
            return memory.of_people(state, event)
        case (
            TrainingStarted()
            | TrainingFailed()
            | TrainingCompleted()
            | JobAbandoned()
            | TrainingCancelled()
        ):
            return _learn_of_job(state, event)
        case (
            HistoricalRunStarted()
            | HistoricalRunCompleted()
            | HistoricalRunFailed()
            | HistoricalRunCancelled()
        ):
            return historical.evolve(state, event)
        case _:
            return about_heads.evolve(state, event)


def _learn_of_job(state: State, event: AboutJobs) -> State:
    match event:
        case TrainingStarted():
            return _begin(state, event)
        case TrainingFailed(training, retry_at_ms=retry_at_ms):
            waiting = replace(state.jobs[training], retry_at_ms=retry_at_ms)
            return replace(state, jobs=state.jobs | {training: waiting})
        case TrainingCompleted(training):
            return replace(_forget(state, training), promised=memory.promise(state, event))
        case JobAbandoned(job) if past_runs.is_run(job):
            return state  # `HistoricalRunFailed` told all
        case JobAbandoned(job, time_ms=time_ms):
            return memory.end(state, job, memory.ABANDONED, time_ms)
        case TrainingCancelled(training, time_ms=time_ms):
            return memory.end(state, training, memory.CANCELLED, time_ms)
        case _:
            assert_never(event)


def _begin(state: State, started: TrainingStarted) -> State:
    slot, training = started.slot, started.training
    first = training not in state.jobs and training not in state.ended
    times = {slot: started.time_ms} if started.attempt == 1 else {}
    searched = times and started.origin == space.AUTOGEN
    tuned = {slot: Tuned(started.time_ms, started.trades)} if searched else {}
    return replace(
        state,
        trainings=state.trainings + first,
        learned=state.learned | {slot: max(started.trades, state.learned.get(slot, 0))},
        jobs=state.jobs | {training: Job(started)},
        ended={name: ended for name, ended in state.ended.items() if name != training},
        started_ms=state.started_ms | times,
        scheduled_ms=state.scheduled_ms | (times if started.cause == scheduled.NAME else {}),
        tuned=state.tuned | tuned,
    )


def _forget(state: State, training: str) -> State:
    jobs = {name: job for name, job in state.jobs.items() if name != training}
    return replace(state, jobs=jobs)


def _closed(state: State, slot: str) -> Closed:
    return state.closed.get(desk_of(slot), Closed())


def _due(policy: Policy, time_ms: int, origin: str = "") -> int:
    searches = origin == space.AUTOGEN
    return time_ms + (policy.tuning_minutes if searches else policy.training_minutes) * MINUTE_MS


def _seed_of(training: str, slot: str) -> int:
    digest = hashlib.sha256(f"{training}/{slot}".encode()).digest()
    return int.from_bytes(digest) >> (256 - SEED_BITS)
