"""Whom promotion trusts: the home's keys at a start, then whom an admin trusts and revokes."""

from collections.abc import Sequence

from kingmaker.governance import orders
from kingmaker.governance.keys import Key, KeyRevoked, KeyTrusted, Trusted, fault_of
from kingmaker.governance.orders import RefusedError
from kingmaker.governance.roles import ADMIN, ROLES
from kingmaker.promotion.domain import Event, State
from kingmaker.promotion.heard import ApplyKeys, Command, RevokeKey, TrustKey
from kingmaker.promotion.said import CommandRefused

KEYS_MAX = 1_000  # of a desk, revoked ones included
OWNER_LENGTH_MAX = 100
HOME = "the home trusts it"


type Seal = orders.Seal[Command]
type Order = orders.Order[Command]


def apply_keys(state: State, applied: ApplyKeys, seal: Seal, now_ms: int) -> Sequence[Event]:
    """Trust what the home trusts and nobody here knows; what was revoked stays revoked."""
    said: list[Event] = []
    for key in {one.key_id: one for one in applied.keys if one.key_id not in state.keys}.values():
        fault = _fault_of_new(state, key, seal)
        if fault:
            said.append(CommandRefused("", "ApplyKeys", fault, now_ms, key.key_id[:16]))
        else:
            said.append(KeyTrusted(key, "", "", HOME, "", now_ms))
    return said


def trust(state: State, command: TrustKey, order: Order, seal: Seal) -> Sequence[Event]:
    """Trust one more key."""
    key = command.key
    if key.key_id in state.keys:
        raise RefusedError(f"key {key.key_id} is known already, and none is trusted twice")
    fault = _fault_of_new(state, key, seal)
    if fault:
        raise RefusedError(fault)
    by, why = order.key.key_id, command.reason
    return (KeyTrusted(key, by, command.actor, why, command.command_id, order.now_ms),)


def revoke(state: State, command: RevokeKey, order: Order) -> Sequence[Event]:
    """Trust a key no longer; it is never trusted again, and its end can only come nearer."""
    trusted = state.keys.get(command.key_id)
    if trusted is None:
        raise RefusedError(f"unknown key {command.key_id[:16]!r}")
    from_ms = max(command.from_ms, order.now_ms)
    if trusted.revoked_from_ms is not None and trusted.revoked_from_ms <= from_ms:
        raise RefusedError(f"key {command.key_id} is revoked already")
    if not any(_outlives(other, from_ms) for other in state.keys.values() if other != trusted):
        raise RefusedError("no admin would be left: trust another admin's key first")
    by, why = order.key.key_id, command.reason
    return (
        KeyRevoked(
            command.key_id, from_ms, by, command.actor, why, command.command_id, order.now_ms
        ),
    )


def _fault_of_new(state: State, key: Key, seal: Seal) -> str:
    if len(state.keys) >= KEYS_MAX:
        return f"{KEYS_MAX} keys are trusted here, and that is the end"
    if key.role not in ROLES:
        return f"{key.role[:16]!r} is no role; roles: {', '.join(ROLES)}"
    if not 0 < len(key.owner) <= OWNER_LENGTH_MAX:
        return f"the owner of a key has 1 to {OWNER_LENGTH_MAX} characters"
    if key.not_before_ms < 0 or key.not_after_ms < 0:
        return "times of a key are not negative"
    try:
        named = seal.key_id_of(key.public_key)
    except ValueError:
        return "public_key is no Ed25519 key in 64 hexadecimal digits"
    return "" if named == key.key_id else f"public_key is that of {named}, not of {key.key_id[:16]}"


def _outlives(trusted: Trusted, moment_ms: int) -> bool:
    """Tell whether an admin may still sign at a moment, with no end to that announced."""
    announced = trusted.revoked_from_ms is not None
    return trusted.key.role == ADMIN and not announced and not fault_of(trusted, moment_ms)
