"""How promotion learns whom it trusts, and which commands wait, acted, or made an exception."""

from typing import assert_never

from kingmaker.governance import claims, keys
from kingmaker.governance.keys import KeyRevoked, KeyTrusted
from kingmaker.kernel.frozen import replace
from kingmaker.promotion.domain import State, TrustEvent
from kingmaker.promotion.said import (
    CommandPending,
    CommandTaken,
    SkipAllowed,
)


def learn(state: State, event: TrustEvent) -> State:
    """Learn one event."""
    match event:
        case KeyTrusted() | KeyRevoked():
            return replace(state, keys=keys.learn(state.keys, event))
        case CommandPending(command_id):
            alive = {k: v for k, v in state.pending.items() if v.not_after_ms >= event.time_ms}
            return replace(state, pending={**alive, command_id: event})
        case SkipAllowed():
            return replace(state, skips=(*state.skips, event))
        case _:
            assert_never(event)


def take(state: State, taken: CommandTaken) -> State:
    """Remember an id for as long as its command could come again in time."""
    acted = claims.remember(state.commands, taken.command_id, taken.not_after_ms, taken.time_ms)
    pending = {k: v for k, v in state.pending.items() if k != taken.command_id}
    return replace(state, commands=acted, pending=pending)
