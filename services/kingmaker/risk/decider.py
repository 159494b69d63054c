"""How risk decides. Pure: time comes with the ticks.

Whom it may believe is said by promotion, which judges all commands about keys; risk repeats that in
its own lane, so that what it decided follows from what stands there.
"""

from collections.abc import Callable, Sequence
from typing import assert_never

from kingmaker.governance import claims, keys
from kingmaker.governance.answers import CommandRefused, CommandTaken
from kingmaker.governance.keys import KeyRevoked, KeyTrusted
from kingmaker.governance.orders import Signed
from kingmaker.kernel.frozen import replace
from kingmaker.kernel.service import Answers, Tick
from kingmaker.risk import commands, drift, kill_file, trades
from kingmaker.risk.commands import Seal
from kingmaker.risk.domain import (
    ApplyPolicy,
    BarClosed,
    DriftDetected,
    EntryAwaited,
    EntryBarred,
    Event,
    FeaturesMeasured,
    GuardChanged,
    Kill,
    KillFileFound,
    KillFileGone,
    KillFileNoted,
    Message,
    ModeChanged,
    OpportunityResolved,
    PolicyApplied,
    PositionClosed,
    ReferenceTaken,
    Resume,
    State,
    TradeCounted,
    TrainingCompleted,
)
from kingmaker.risk.policy import from_values
from kingmaker.risk.window import Window

type Decide = Callable[[State, Window, Message, Answers], Sequence[Event]]


def build(seal: Seal) -> Decide:
    """Return how risk decides when signatures are read by `seal`."""

    def decide(
        state: State, window: Window, message: Message, _answers: Answers
    ) -> Sequence[Event]:
        match message:
            case Tick():
                return ()
            case BarClosed() | TrainingCompleted():
                return drift.hear(state, window, message)
            case KeyTrusted() | KeyRevoked():
                return (message,) if keys.is_news(state.keys, message) else ()
            case Signed():
                return commands.answer(state, message, seal, window.time_ms)
            case KillFileFound() | KillFileGone():
                return kill_file.answer(state, message, window.time_ms)
            case PositionClosed() | EntryBarred() | OpportunityResolved():
                return trades.judge(state, message)
            case ApplyPolicy():
                return _apply(state, message, window.time_ms)
            case Kill() | Resume():
                return commands.refuse_unsigned(message, window.time_ms)
            case _:
                assert_never(message)

    return decide


def _apply(state: State, message: ApplyPolicy, now_ms: int) -> Sequence[Event]:
    if message.hash == state.policy_hash:
        return ()
    try:
        from_values(message.values)
    except ValueError as error:
        said = (message.hash, "ApplyPolicy", str(error), message.actor, state.desk)
        return (CommandRefused(*said, "", now_ms),)
    applied = PolicyApplied(message.hash, message.values, message.actor)
    return (applied, *trades.let_go(evolve(state, applied), now_ms))


def evolve(state: State, event: Event) -> State:
    """Learn one event."""
    match event:
        case KeyTrusted() | KeyRevoked():
            return replace(state, keys=keys.learn(state.keys, event))
        case CommandTaken(command_id, not_after_ms=last_ms, time_ms=now_ms):
            acted = claims.remember(state.commands, command_id, last_ms, now_ms)
            return replace(state, commands=acted)
        case ModeChanged():
            return replace(state, last=event)
        case KillFileNoted(found):
            return replace(state, kill_file=found)
        case EntryAwaited() | TradeCounted() | GuardChanged():
            return trades.learn(state, event)
        case FeaturesMeasured() | ReferenceTaken() | DriftDetected():
            return drift.learn(state, event)
        case PolicyApplied(fingerprint, values):
            return replace(state, policy=from_values(values), policy_hash=fingerprint)
        case CommandRefused():
            return state
        case _:
            assert_never(event)
