"""What people ask for: each command acts at most once, never late, or is refused on record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from kingmaker.contracts.desks import component_of, desk_of
from kingmaker.governance import answers, keys, orders
from kingmaker.governance.answers import Hearing
from kingmaker.governance.keys import KeyRevoked, KeyTrusted
from kingmaker.governance.orders import UNSIGNED, RefusedError, Signed, short
from kingmaker.governance.roles import OPERATOR
from kingmaker.kernel.frozen import replace
from kingmaker.learners import (
    about_heads,
    historical,
    history,
    origins,
    past_runs,
    rotation,
    tuning,
)
from kingmaker.learners.domain import Event, FromPeople, State, TrainingStarted
from kingmaker.learners.people import (
    CancelTraining,
    Command,
    RestoreHeadWeights,
    RetryTraining,
    RunLearningJob,
    StartTraining,
    TrainingCancelled,
)
from kingmaker.learners.triggers import HOUR_MS

type Seal = orders.Seal[Command]
type Start = Callable[[State, StartTraining, int], TrainingStarted]

NEEDED: Mapping[str, str] = dict.fromkeys(
    (
        "StartTraining",
        "CancelTraining",
        "RetryTraining",
        "RunLearningJob",
        "RestoreHeadWeights",
    ),
    OPERATOR,
)


@dataclass(frozen=True, slots=True)
class Asking:
    """What judging a command needs beside the state."""

    seal: Seal
    slots: Sequence[str]  # that learn
    start: Start
    desks: Sequence[str] = ()
    components: Sequence[str] = ()  # that have a learner


def hear(state: State, message: FromPeople, asking: Asking, now_ms: int) -> Sequence[Event]:
    """Hear whom to believe, and what they ask for."""
    match message:
        case KeyTrusted() | KeyRevoked():
            return (message,) if keys.is_news(state.keys, message) else ()
        case Signed():
            return _answer(state, message, asking, now_ms)
        case _:
            return (answers.refusal(message, _target(message), UNSIGNED, now_ms),)


def _answer(state: State, signed: Signed, asking: Asking, now_ms: int) -> Sequence[Event]:
    """Act on a command, or record why not."""
    hearing = Hearing(
        service="learners",
        seal=asking.seal,
        needed=NEEDED,
        target_of=_target,
        keys=state.keys,
        acted=state.commands,
        now_ms=now_ms,
        ahead_ms_max=state.policy.ahead_ms_max,
    )
    return answers.answer(
        signed, hearing, lambda order: _act(state, order.command, order.now_ms, asking)
    )


def quiet_until(state: State, slot: str) -> int:
    """Return from when on another training of a slot may start; 0: at any time."""
    last_ms = state.started_ms.get(slot)
    return 0 if last_ms is None else last_ms + state.policy.quiet_hours * HOUR_MS


def _act(state: State, command: Command, now_ms: int, asking: Asking) -> Sequence[Event]:
    match command:
        case StartTraining(slot=slot):
            _require_judge(command)
            _require_free(state, slot, now_ms, asking.slots)
            origins.require(command.origin, slot)
            tuning.require(command)
            return (asking.start(state, command, now_ms),)
        case CancelTraining(training=job) if past_runs.is_run(job):
            return (past_runs.cancel(state, command, now_ms),)
        case RetryTraining(training=job) if past_runs.is_run(job):
            return (past_runs.retry(state, command, now_ms),)
        case CancelTraining(training=training):
            return (_cancel(state, command, training, now_ms),)
        case RetryTraining(training=training):
            return (_retry(state, command, training, now_ms),)
        case RunLearningJob(schedule=history.SCHEDULE):
            return historical.asked(state, command, asking.desks, asking.components, now_ms)
        case RunLearningJob() | RestoreHeadWeights():
            return about_heads.on_command(state, command, asking.desks, now_ms)
        case _:
            assert_never(command)


def _require_free(state: State, slot: str, now_ms: int, slots: Sequence[str]) -> None:
    """Hold a person to the rules that hold for every cause."""
    if slot not in slots:
        raise RefusedError(f"{short(slot)!r} is no slot that learns: {', '.join(slots)}")
    if why_not := state.policy.why_not_trained(component_of(slot)):
        raise RefusedError(why_not)
    desk = desk_of(slot)
    closed = state.closed.get(desk)
    if closed is None:
        raise RefusedError(f"{desk} has no closed trade yet: there is nothing to learn from")
    _require_no_other(state, slot)
    if now_ms < (until_ms := quiet_until(state, slot)):
        raise RefusedError(
            f"{component_of(slot)} was trained at {state.started_ms[slot]}: one training in"
            f" {state.policy.quiet_hours} hours, the next from {until_ms} on"
        )


def _require_judge(command: StartTraining) -> None:
    component = component_of(command.slot)
    if command.scheduled and not rotation.can_judge(component):
        raise RefusedError(
            f"{component} trades nothing by itself, so no backtest can hold it to a retrain's"
            f" criteria: start it without --scheduled"
        )


def _require_no_other(state: State, slot: str) -> None:
    for name, job in state.jobs.items():
        if job.started.slot == slot:
            raise RefusedError(f"{name} is under way for {slot}: `kingmaker train watch {name}`")


def _cancel(state: State, command: CancelTraining, training: str, now_ms: int) -> TrainingCancelled:
    job = state.jobs.get(training)
    if job is None:
        raise RefusedError(f"{short(training)!r} is not under way: {_open(state)}")
    return TrainingCancelled(
        training=training,
        slot=job.started.slot,
        attempt=job.started.attempt,
        actor=command.actor,
        reason=command.reason,
        command_id=command.command_id,
        time_ms=now_ms,
    )


def _retry(state: State, command: RetryTraining, training: str, now_ms: int) -> TrainingStarted:
    """Begin again at the first attempt: same trades, same seed, same parameters."""
    ended = state.ended.get(training)
    if ended is None:
        known = ", ".join(sorted(state.ended)) or "none"
        raise RefusedError(
            f"{short(training)!r} was not abandoned or cancelled of late; may be retried: {known}"
        )
    _require_no_other(state, ended.started.slot)
    return replace(
        ended.started,
        attempt=1,
        time_ms=now_ms,
        due_ms=now_ms,
        actor=command.actor,
        command_id=command.command_id,
    )


def _open(state: State) -> str:
    names = ", ".join(sorted(state.jobs))
    return f"under way: {names}" if names else "no training is"


def _target(command: Command) -> str:
    match command:
        case StartTraining(slot=slot):
            return slot
        case RunLearningJob(schedule=schedule):
            return schedule
        case RestoreHeadWeights(desk=desk):
            return desk
        case _:
            return command.training
