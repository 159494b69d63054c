"""What people may ask for: each command acts at most once, never late, or is refused on record."""

from collections.abc import Sequence
from typing import assert_never

from kingmaker.contracts.desks import parameters_of
from kingmaker.governance import claims, orders
from kingmaker.governance.claims import Claim
from kingmaker.governance.orders import UNSIGNED, RefusedError, short
from kingmaker.promotion import (
    authority,
    coronation,
    exceptions,
    four_eyes,
    interventions,
    parameters,
)
from kingmaker.promotion.authority import Order, Seal
from kingmaker.promotion.coronation import Cause
from kingmaker.promotion.domain import DESK, KILL, PERSON, Event, Slot, State, Trial, Version
from kingmaker.promotion.heard import (
    Approve,
    Command,
    DirectPromotion,
    Freeze,
    ReplaceTrial,
    RevokeKey,
    Rollback,
    Signed,
    SkipInput,
    Thaw,
    TrustKey,
    Veto,
)
from kingmaker.promotion.roles import NEEDED
from kingmaker.promotion.said import CommandRefused, CommandTaken, Frozen, Thawed

PREVIOUS = ("", "previous")  # what names the champion before in a rollback


def answer(state: State, signed: Signed, seal: Seal, now_ms: int) -> Sequence[Event]:
    """Act on a command, or record why not."""
    try:
        command = orders.command_in(signed, seal, "promotion")
    except RefusedError as refused:
        kind, key_id = short(signed.type.rpartition(".")[2]), short(signed.key_id)
        return (CommandRefused("", kind, str(refused), now_ms, key_id),)
    claim = _claim(command)
    try:
        order = orders.authorise(state.keys, NEEDED, command, signed, seal, now_ms)
        claims.require(claim, state.commands, now_ms, state.policy.ahead_ms_max)
        first = four_eyes.first_of(state, order)
        acts = _act(state, order, seal)
        if first is None and four_eyes.is_asked(state, order.name, order.now_ms):
            return (four_eyes.wait(state, order, claim),)
    except RefusedError as refused:
        return (_refusal(command, str(refused), now_ms, signed.key_id),)
    taken = CommandTaken(
        command_id=claim.command_id,
        command=order.name,
        actor=claim.actor,
        not_after_ms=claim.last_ms,
        time_ms=now_ms,
        key_id=signed.key_id,
        reason=claim.reason,
        target=claim.target,
        first_key_id=first.key_id if first else "",
    )
    return [taken, *acts]


def refuse_unsigned(command: Command, now_ms: int) -> Sequence[Event]:
    """Record a command that nobody signed."""
    return (_refusal(command, UNSIGNED, now_ms),)


def _claim(command: Command) -> Claim:
    return claims.claim_of(command, _target_of(command))


def _refusal(command: Command, why: str, now_ms: int, key_id: str = "") -> CommandRefused:
    name, claim = type(command).__name__, _claim(command)
    return CommandRefused(
        short(claim.command_id),
        name,
        why,
        now_ms,
        short(key_id),
        short(claim.actor),
        short(claim.target),
    )


def _target_of(command: Command) -> str:
    match command:
        case Rollback() | DirectPromotion():
            return command.slot
        case Freeze() | Thaw():
            return command.scope
        case Approve() | Veto() | ReplaceTrial():
            return command.trial
        case TrustKey():
            return command.key.key_id
        case RevokeKey():
            return command.key_id
        case SkipInput():
            return f"{command.topic}/{command.lane}/{command.seq}"
        case _:
            assert_never(command)


def _act(state: State, order: Order, seal: Seal) -> Sequence[Event]:
    command, now_ms = order.command, order.now_ms
    match command:
        case Rollback():
            return _roll_back(state, command, order)
        case Freeze():
            return _freeze(state, command, order)
        case Thaw():
            return _thaw(state, command, order)
        case DirectPromotion():
            return _promote(state, command, order)
        case Approve() | Veto() | ReplaceTrial():
            return interventions.act(state, command, order.key.key_id, now_ms)
        case TrustKey():
            return authority.trust(state, command, order, seal)
        case RevokeKey():
            return authority.revoke(state, command, order)
        case SkipInput():
            return exceptions.allow(state, command, order)
        case _:
            assert_never(command)


def _cause(command: Rollback | DirectPromotion, order: Order) -> Cause:
    actor, command_id = command.actor, command.command_id
    key = order.key
    return Cause(PERSON, command.reason, actor, command_id, key_id=key.key_id, key_owner=key.owner)


def _roll_back(state: State, command: Rollback, order: Order) -> Sequence[Event]:
    """Never blocked: not by a freeze, not by a reign in flight. The slot is frozen until Thaw."""
    if command.slot == parameters_of(state.desk):
        return _roll_parameters_back(state, command, order)
    slot = _slot(state, command.slot, command.expected_champion)
    target = _target(slot, command.to_version)
    said = coronation.roll_back(state, command.slot, target, _cause(command, order), order.now_ms)
    if command.slot in state.frozen:
        return said
    return [*said, _frozen(state, command.slot, command, order)]


def _roll_parameters_back(state: State, command: Rollback, order: Order) -> Sequence[Event]:
    """Let the settings before the last change be in force again; they change by settings only."""
    if state.change is None:
        raise RefusedError("no change of settings is there to take back")
    if command.expected_champion not in ("", state.change.id):
        raise RefusedError(f"expected_champion: the last change is {state.change.id}")
    if command.to_version not in PREVIOUS:
        raise RefusedError("settings go back to those before the last change, and no further")
    return parameters.roll_back(state, state.change, _cause(command, order), order.now_ms)


def _target(slot: Slot, to_version: str) -> Version:
    if to_version in PREVIOUS:
        if slot.predecessor is None:
            raise RefusedError("nobody reigned before: there is nothing to go back to")
        return slot.predecessor
    if to_version == slot.champion.model:
        raise RefusedError(f"{to_version} reigns already")
    found = [one for one in slot.history if one.model == to_version]
    if not found:
        raise RefusedError(f"{to_version} was never crowned in this slot")
    return found[0]


def _freeze(state: State, command: Freeze, order: Order) -> Sequence[Event]:
    _check_scope(state, command.scope)
    if command.scope in state.frozen:
        raise RefusedError(f"{command.scope} is frozen already")
    return (_frozen(state, command.scope, command, order),)


def _frozen(state: State, scope: str, command: Freeze | Rollback, order: Order) -> Frozen:
    """Answer a freeze with the last coronation before it."""
    slot = state.slots.get(scope)
    last = slot.last_promotion if slot else state.last_promotion
    actor, reason, command_id, key = command.actor, command.reason, command.command_id, order.key
    return Frozen(scope, actor, reason, last, command_id, order.now_ms, key.key_id, key.owner)


def _thaw(state: State, command: Thaw, order: Order) -> Sequence[Event]:
    _check_scope(state, command.scope)
    if command.scope not in state.frozen:
        raise RefusedError(f"{command.scope} is not frozen")
    actor, reason, command_id = command.actor, command.reason, command.command_id
    return (Thawed(command.scope, actor, reason, command_id, order.now_ms, order.key.key_id),)


def _promote(state: State, command: DirectPromotion, order: Order) -> Sequence[Event]:
    """Crown without evidence: only who decides in shadow already, and like any other coronation."""
    if not state.policy.direct:
        raise RefusedError("promotion.direct is 0")
    _slot(state, command.slot, command.expected_champion)
    if state.frozen & {DESK, command.slot}:
        raise RefusedError("frozen: thaw first")
    if KILL in state.frozen:
        raise RefusedError("killed: resume first")
    if not all(slot.settled for slot in state.slots.values()):
        raise RefusedError("the trader has not followed an earlier reign yet")
    trial = _challenger(state, command)
    if trial.vetoed_until_ms > order.now_ms:
        raise RefusedError(f"vetoed until {trial.vetoed_until_ms}: a person holds {trial.id}")
    return coronation.crown_directly(state, trial, _cause(command, order), order.now_ms)


def _challenger(state: State, command: DirectPromotion) -> Trial:
    trials = state.trials_of(command.slot)
    found = [one for one in trials if one.challenger.model == command.model and one.warmed]
    if not found:
        raise RefusedError(f"{command.model} is not a warmed challenger of {command.slot}")
    return found[0]


def _slot(state: State, name: str, expected_champion: str) -> Slot:
    slot = state.slots.get(name)
    if slot is None:
        raise RefusedError(f"{name} is not a slot of {state.desk} with a champion")
    if expected_champion and expected_champion != slot.champion.model:
        raise RefusedError(f"expected_champion: {slot.champion.model} reigns")
    return slot


def _check_scope(state: State, scope: str) -> None:
    if scope != DESK and scope not in state.slots:
        raise RefusedError(f"{scope} is neither {DESK!r} nor a slot of {state.desk}")
