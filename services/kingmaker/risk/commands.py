"""What people may ask for: each command acts at most once, never late, or is refused on record."""

from collections.abc import Sequence
from typing import assert_never

from kingmaker.governance import answers, orders
from kingmaker.governance.answers import Hearing
from kingmaker.governance.orders import UNSIGNED, RefusedError, Signed, short
from kingmaker.risk.domain import (
    KILLED,
    NORMAL,
    Command,
    Event,
    Kill,
    ModeChanged,
    Resume,
    State,
)
from kingmaker.risk.roles import NEEDED

type Seal = orders.Seal[Command]
type Order = orders.Order[Command]


def answer(state: State, signed: Signed, seal: Seal, now_ms: int) -> Sequence[Event]:
    """Act on a command, or record why not."""
    hearing = Hearing(
        service="risk",
        seal=seal,
        needed=NEEDED,
        target_of=lambda command: command.desk,
        keys=state.keys,
        acted=state.commands,
        now_ms=now_ms,
        ahead_ms_max=state.policy.ahead_ms_max,
    )
    return answers.answer(signed, hearing, lambda order: (_act(state, order),))


def refuse_unsigned(command: Command, now_ms: int) -> Sequence[Event]:
    """Record a command that nobody signed."""
    return (answers.refusal(command, command.desk, UNSIGNED, now_ms),)


def _act(state: State, order: Order) -> ModeChanged:
    command = order.command
    if command.desk != state.desk:
        raise RefusedError(f"it was signed for desk {short(command.desk)!r}, this is {state.desk}")
    match command:
        case Kill():
            return _kill(state, command, order)
        case Resume():
            return _resume(state, command, order)
        case _:
            assert_never(command)


def _kill(state: State, command: Kill, order: Order) -> ModeChanged:
    """Stop the desk; one that is stopped may still be told to close what is open."""
    now = state.kill
    if now is not None and (now.flatten or not command.flatten):
        raise RefusedError(f"{state.desk} is killed already: {now.actor}, {now.reason}")
    kill = now.kill if now else number_of_next(state)
    return _changed(state, order, KILLED, kill, flatten=command.flatten)


def _resume(state: State, command: Resume, order: Order) -> ModeChanged:
    now = state.kill
    if now is None:
        raise RefusedError(f"{command.desk} is not killed")
    if state.kill_file:
        raise RefusedError("the file KILL lies in the home: remove it first")
    return _changed(state, order, NORMAL, now.kill, flatten=False)


def _changed(state: State, order: Order, mode: str, kill: int, *, flatten: bool) -> ModeChanged:
    command = order.command
    return ModeChanged(
        desk=state.desk,
        number=number_of_next(state),
        mode=mode,
        flatten=flatten,
        kill=kill,
        actor=command.actor,
        reason=command.reason,
        command_id=command.command_id,
        key_id=order.key.key_id,
        key_owner=order.key.owner,
        time_ms=order.now_ms,
    )


def number_of_next(state: State) -> int:
    """Return the number of the next change of mode."""
    return state.last.number + 1 if state.last else 1
