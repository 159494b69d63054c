"""Commands that need two people: the first signature waits, the second acts."""

import hashlib

from kingmaker.governance.claims import Claim
from kingmaker.governance.keys import fault_of
from kingmaker.governance.orders import RefusedError
from kingmaker.governance.roles import ADMIN
from kingmaker.promotion.authority import Order
from kingmaker.promotion.domain import State
from kingmaker.promotion.said import CommandPending

MINUTE_MS = 60_000
PENDING_MAX = 20  # of one owner, so that nobody takes the room of another
KEY_COMMANDS = frozenset({"TrustKey", "RevokeKey"})  # by them one person could become two


def is_asked(state: State, name: str, now_ms: int) -> bool:
    """Whether a command needs two people: if the settings name it, and keys where any is named.

    Where one owner alone holds admin keys there is nobody yet to ask.
    """
    named = state.policy.four_eyes
    if name in named or not named or name not in KEY_COMMANDS:
        return name in named
    keys = state.keys.values()
    good = [trusted.key for trusted in keys if not fault_of(trusted, now_ms)]
    return len({key.owner for key in good if key.role == ADMIN}) > 1


def first_of(state: State, order: Order) -> CommandPending | None:
    """Return the first signature that `order` completes; None if it is the first, or none is asked.

    RefusedError if it cannot be the second one.
    """
    first = state.pending.get(order.command.command_id)
    if first is None:
        return None
    if first.expires_ms < order.now_ms:
        raise RefusedError(f"late: the first signature waited until {first.expires_ms}")
    if (first.type, first.digest) != (order.signed.type, _digest(order)):
        raise RefusedError("not the bytes that were signed first under this command_id")
    if order.key.key_id == first.key_id or order.key.owner == first.owner:
        raise RefusedError(f"same signer twice: {first.owner} signed it first")
    fault = fault_of(state.keys[first.key_id], order.now_ms)
    if fault:
        raise RefusedError(f"the first signature no longer counts: {fault}")
    return first


def wait(state: State, order: Order, claim: Claim) -> CommandPending:
    """Return what waits for a second signature."""
    own = [one for one in state.pending.values() if one.owner == order.key.owner]
    if sum(one.not_after_ms >= order.now_ms for one in own) >= PENDING_MAX:
        raise RefusedError(
            f"{PENDING_MAX} commands of {order.key.owner} wait for a second signature already"
        )
    minutes_ms = int(state.policy.four_eyes_minutes * MINUTE_MS)
    return CommandPending(
        command_id=claim.command_id,
        command=order.name,
        type=order.signed.type,
        payload=order.signed.payload,
        digest=_digest(order),
        actor=claim.actor,
        reason=claim.reason,
        target=claim.target,
        key_id=order.key.key_id,
        owner=order.key.owner,
        expires_ms=min(order.now_ms + minutes_ms, claim.last_ms),
        not_after_ms=claim.last_ms,
        time_ms=order.now_ms,
    )


def _digest(order: Order) -> str:
    return hashlib.sha256(order.signed.payload).hexdigest()
