"""What people may ask for: each command acts at most once, never late, or is refused on record."""

from collections.abc import Sequence
from typing import assert_never

from kingmaker.promotion import coronation
from kingmaker.promotion.coronation import Cause
from kingmaker.promotion.domain import DESK, PERSON, Event, Slot, State, Trial, Version
from kingmaker.promotion.heard import (
    Approve,
    Command,
    DirectPromotion,
    Freeze,
    Rollback,
    Thaw,
)
from kingmaker.promotion.said import Approved, CommandRefused, CommandTaken, Frozen, Thawed

DAY_MS = 86_400_000  # no command may act later than a day after it was issued

PREVIOUS = ("", "previous")  # what names the champion before in a rollback


class _RefusedError(Exception):
    """The command may not act; the message says why."""


def answer(state: State, command: Command, now_ms: int) -> Sequence[Event]:
    """Act on a command, or record why not."""
    name = type(command).__name__
    try:
        _check(state, command, now_ms)
        acts = _act(state, command, now_ms)
    except _RefusedError as refused:
        return (CommandRefused(command.command_id, name, str(refused), now_ms),)
    last_ms = _last_moment(command)
    taken = CommandTaken(command.command_id, name, command.actor, last_ms, now_ms)
    return [taken, *acts]


def _check(state: State, command: Command, now_ms: int) -> None:
    if not (command.command_id and command.actor and command.reason):
        raise _RefusedError("command_id, actor and reason are mandatory")
    if command.command_id in state.commands:
        raise _RefusedError("repeated: this command_id was acted upon before")
    last_ms = _last_moment(command)
    if last_ms < now_ms:
        raise _RefusedError(f"expired: it was good until {last_ms}, it is {now_ms}")


def _last_moment(command: Command) -> int:
    """Return when a command expires: as it says, and never later than a day after its issue."""
    latest_ms = command.issued_at_ms + DAY_MS
    return min(command.not_after_ms, latest_ms) if command.not_after_ms else latest_ms


def _act(state: State, command: Command, now_ms: int) -> Sequence[Event]:
    match command:
        case Rollback():
            return _roll_back(state, command, now_ms)
        case Freeze():
            return _freeze(state, command, now_ms)
        case Thaw():
            return _thaw(state, command, now_ms)
        case DirectPromotion():
            return _promote(state, command, now_ms)
        case Approve():
            return _approve(state, command, now_ms)
        case _:
            assert_never(command)


def _roll_back(state: State, command: Rollback, now_ms: int) -> Sequence[Event]:
    """Never blocked: not by a freeze, not by a reign in flight. The slot is frozen until Thaw."""
    slot = _slot(state, command.slot, command.expected_champion)
    target = _target(slot, command.to_version)
    cause = Cause(PERSON, command.reason, command.actor, command.command_id)
    said = coronation.roll_back(state, command.slot, target, cause, now_ms)
    if command.slot in state.frozen:
        return said
    return [*said, _frozen(state, command.slot, command, now_ms)]


def _target(slot: Slot, to_version: str) -> Version:
    if to_version in PREVIOUS:
        if slot.predecessor is None:
            raise _RefusedError("nobody reigned before: there is nothing to go back to")
        return slot.predecessor
    if to_version == slot.champion.model:
        raise _RefusedError(f"{to_version} reigns already")
    found = [one for one in slot.history if one.model == to_version]
    if not found:
        raise _RefusedError(f"{to_version} was never crowned in this slot")
    return found[0]


def _freeze(state: State, command: Freeze, now_ms: int) -> Sequence[Event]:
    _check_scope(state, command.scope)
    if command.scope in state.frozen:
        raise _RefusedError(f"{command.scope} is frozen already")
    return (_frozen(state, command.scope, command, now_ms),)


def _frozen(state: State, scope: str, command: Freeze | Rollback, now_ms: int) -> Frozen:
    """Answer a freeze with the last coronation before it."""
    slot = state.slots.get(scope)
    last = slot.last_promotion if slot else state.last_promotion
    return Frozen(scope, command.actor, command.reason, last, command.command_id, now_ms)


def _thaw(state: State, command: Thaw, now_ms: int) -> Sequence[Event]:
    _check_scope(state, command.scope)
    if command.scope not in state.frozen:
        raise _RefusedError(f"{command.scope} is not frozen")
    return (Thawed(command.scope, command.actor, command.reason, command.command_id, now_ms),)


def _promote(state: State, command: DirectPromotion, now_ms: int) -> Sequence[Event]:
    """Crown without evidence: only who decides in shadow already, and like any other coronation."""
    if not state.policy.direct:
        raise _RefusedError("promotion.direct is 0")
    _slot(state, command.slot, command.expected_champion)
    if state.frozen & {DESK, command.slot}:
        raise _RefusedError("frozen: thaw first")
    if not all(slot.settled for slot in state.slots.values()):
        raise _RefusedError("the trader has not followed an earlier reign yet")
    trial = _challenger(state, command)
    cause = Cause(PERSON, command.reason, command.actor, command.command_id)
    return coronation.crown_directly(state, trial, cause, now_ms)


def _challenger(state: State, command: DirectPromotion) -> Trial:
    trials = state.trials_of(command.slot)
    found = [one for one in trials if one.challenger.model == command.model and one.warmed]
    if not found:
        raise _RefusedError(f"{command.model} is not a warmed challenger of {command.slot}")
    return found[0]


def _approve(state: State, command: Approve, now_ms: int) -> Sequence[Event]:
    trial = state.trials.get(command.trial)
    if trial is None:
        raise _RefusedError(f"{command.trial} is not an open trial")
    if not trial.ready:
        raise _RefusedError(f"{command.trial} is not ready: gates hold it back, or none must ask")
    actor, reason = command.actor, command.reason
    return (Approved(trial.id, actor, reason, command.command_id, now_ms),)


def _slot(state: State, name: str, expected_champion: str) -> Slot:
    slot = state.slots.get(name)
    if slot is None:
        raise _RefusedError(f"{name} is not a slot of {state.desk} with a champion")
    if expected_champion and expected_champion != slot.champion.model:
        raise _RefusedError(f"expected_champion: {slot.champion.model} reigns")
    return slot


def _check_scope(state: State, scope: str) -> None:
    if scope != DESK and scope not in state.slots:
        raise _RefusedError(f"{scope} is neither {DESK!r} nor a slot of {state.desk}")
