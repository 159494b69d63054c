"""How promotion decides: which message is answered where. Pure: time comes with the messages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import assert_never

from kingmaker.kernel.service import Answers, Tick
from kingmaker.promotion import (
    admission,
    authority,
    canary,
    commands,
    coronation,
    parameters,
    trials,
)
from kingmaker.promotion.authority import Seal
from kingmaker.promotion.domain import Event, Message, State
from kingmaker.promotion.evolution import fold
from kingmaker.promotion.gates import Gate
from kingmaker.promotion.heard import (
    ActivationFailed,
    ApplyKeys,
    ApplyPolicy,
    Approve,
    CanaryMeasured,
    CanaryUnmeasurable,
    ChallengerDropped,
    ChallengerFaulted,
    ChallengerWarmed,
    ChampionActivated,
    ChampionFaulted,
    ChampionLost,
    Command,
    DirectPromotion,
    EvidenceMeasured,
    Freeze,
    FromTrader,
    ModeChanged,
    ModelRegistered,
    ParameterChanged,
    PositionClosed,
    PositionOpened,
    ReplaceTrial,
    RevokeKey,
    Rollback,
    Signed,
    SkipInput,
    Thaw,
    TrialUnmeasurable,
    TrustKey,
    Veto,
)
from kingmaker.promotion.policy import from_values
from kingmaker.promotion.said import CommandRefused, ExposureChanged, ModeFollowed, PolicyApplied
from kingmaker.promotion.verdict import Court


@dataclass(slots=True)
class Window:
    """The latest tick heard, UTC milliseconds of market time: the one memory of inputs."""

    time_ms: int = 0


Measured = EvidenceMeasured | CanaryMeasured  # a pair opens no gate of the desk

type FromPeople = Signed | Command | ApplyPolicy | ApplyKeys
type Decide = Callable[[State, Window, Message, Answers], Sequence[Event]]


def observe(window: Window, message: Message) -> Window:
    """Remember the time."""
    if isinstance(message, Tick):
        window.time_ms = message.time_ms
    return window


def build(gates: Sequence[Gate], seal: Seal) -> Decide:
    """Return how promotion decides when these gates judge, and signatures are read by `seal`."""
    court = Court(tuple(gates))

    def decide(
        state: State, window: Window, message: Message, _answers: Answers
    ) -> Sequence[Event]:
        now_ms = _now(window, message)
        said = list(_answer(court, seal, state, message, now_ms))
        after = fold(state, said)
        admitted = admission.admit(after, now_ms)  # whoever waits may have room now
        after = fold(after, admitted)
        judged: Sequence[Event] = ()
        if not isinstance(message, Measured):  # and a gate of the desk may have opened
            judged = court.judge(after, {}, now_ms)
        waits = admission.tell_waiting(fold(after, judged), now_ms)
        return [*said, *admitted, *judged, *waits]

    return decide


def _now(window: Window, message: Message) -> int:
    """Return market time: the latest that was told.

    A registration repeats what the person who offered the model said, so it counts only before
    the first tick: else an offer dated ahead would open budget windows and end vetoes.
    """
    if isinstance(message, ModelRegistered) and window.time_ms:
        return window.time_ms
    return max(window.time_ms, getattr(message, "time_ms", 0))


def _answer(
    court: Court, seal: Seal, state: State, message: Message, now_ms: int
) -> Sequence[Event]:
    match message:
        case EvidenceMeasured():
            return court.hear(state, message, now_ms)
        case CanaryMeasured() | CanaryUnmeasurable():
            return _watch(state, message, now_ms)
        case ModelRegistered():
            queued = admission.queue(state, message, now_ms)
            return [*queued, *coronation.bootstrap(fold(state, queued), now_ms)]
        case TrialUnmeasurable(trial):
            return trials.end(state, trial, "unmeasurable", now_ms)
        case Tick():
            return coronation.overdue(state, now_ms)
        case ModeChanged(number, mode):
            return (ModeFollowed(number, mode, state.last_promotion, now_ms),)
        case ApplyPolicy() | ApplyKeys() | Signed() | Rollback() | Freeze() | Thaw():
            return _obey(state, message, seal, now_ms)
        case DirectPromotion() | Approve() | Veto() | ReplaceTrial():
            return _obey(state, message, seal, now_ms)
        case TrustKey() | RevokeKey() | SkipInput():
            return _obey(state, message, seal, now_ms)
        case _:
            return _follow(state, message, now_ms)


def _obey(state: State, message: FromPeople, seal: Seal, now_ms: int) -> Sequence[Event]:
    match message:
        case ApplyPolicy():
            return _apply(state, message, now_ms)
        case ApplyKeys():
            return authority.apply_keys(state, message, seal, now_ms)
        case Signed():
            return commands.answer(state, message, seal, now_ms)
        case _:
            return commands.refuse_unsigned(message, now_ms)


def _watch(
    state: State, message: CanaryMeasured | CanaryUnmeasurable, now_ms: int
) -> Sequence[Event]:
    """Judge a reign, or a change of settings, which belong to no slot that reigns."""
    is_reign = message.slot in state.slots
    match message:
        case CanaryMeasured():
            hear = canary.hear if is_reign else parameters.hear
            return hear(state, message, now_ms)
        case CanaryUnmeasurable():
            give_up = canary.give_up if is_reign else parameters.give_up
            return give_up(state, message, now_ms)
        case _:
            assert_never(message)


def _follow(state: State, message: FromTrader, now_ms: int) -> Sequence[Event]:
    match message:
        case ChallengerWarmed():
            return trials.start(state, message)
        case ChallengerFaulted():
            noted = trials.note_fault(state, message, now_ms)
            return [*noted, *canary.lose_reference(state, message, now_ms)]
        case ChallengerDropped(trial):
            ended = trials.end(state, trial, "dropped", now_ms)
            return [*ended, *canary.lose_reference(state, message, now_ms)]
        case ChampionFaulted():
            return canary.note_fault(state, message, now_ms)
        case ChampionActivated():
            return coronation.acknowledge(state, message)
        case ActivationFailed() | ChampionLost():
            return coronation.undo(state, message, now_ms)
        case ParameterChanged():
            return parameters.watch(state, message)
        case PositionOpened():
            return (_exposed(state, 1, now_ms),)
        case PositionClosed():
            return (_exposed(state, -1, now_ms),)
        case _:
            assert_never(message)


def _exposed(state: State, change: int, now_ms: int) -> ExposureChanged:
    closed = state.trades_closed + (change < 0)
    return ExposureChanged(max(0, state.open_positions + change), now_ms, closed)


def _apply(state: State, message: ApplyPolicy, now_ms: int) -> Sequence[Event]:
    if message.hash == state.policy_hash:
        return ()
    try:
        from_values(message.values)
    except ValueError as error:
        return (CommandRefused(message.hash, "ApplyPolicy", str(error), now_ms),)
    return (PolicyApplied(message.hash, message.values, message.actor),)
