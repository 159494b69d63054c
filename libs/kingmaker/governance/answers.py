"""Answers to signed commands: each acts at most once, never late, or is refused on record."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass

from kingmaker.governance import claims, orders
from kingmaker.governance.claims import Asked
from kingmaker.governance.keys import Trusted
from kingmaker.governance.orders import Order, RefusedError, Seal, Signed, short


@dataclass(frozen=True, slots=True)
class CommandTaken:
    """A command is acted upon, once."""

    command_id: str
    command: str
    actor: str
    reason: str
    target: str
    key_id: str
    not_after_ms: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class CommandRefused:
    """A command that decodes but may not act; what was not proved stands here as claimed."""

    command_id: str
    command: str
    reason: str
    actor: str
    target: str
    key_id: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class Hearing[C: Asked]:
    """What a service holds a command against; times are UTC milliseconds of market time."""

    service: str
    seal: Seal[C]
    needed: Mapping[str, str]  # the role that each command asks for, by name
    target_of: Callable[[C], str]
    keys: Mapping[str, Trusted]
    acted: Container[str]  # ids of commands
    now_ms: int
    ahead_ms_max: int = 0  # that a command may be issued ahead; 0: not compared


def answer[C: Asked, E](
    signed: Signed, hearing: Hearing[C], act: Callable[[Order[C]], Sequence[E]]
) -> Sequence[CommandTaken | CommandRefused | E]:
    """Act on a command, or record why not; `act` may raise RefusedError."""
    now_ms = hearing.now_ms
    try:
        command = orders.command_in(signed, hearing.seal, hearing.service)
    except RefusedError as refused:
        kind, key_id = short(signed.type.rpartition(".")[2]), short(signed.key_id)
        return (CommandRefused("", kind, str(refused), "", "", key_id, now_ms),)
    claim = claims.claim_of(command, hearing.target_of(command))
    try:
        order = orders.authorise(
            hearing.keys, hearing.needed, command, signed, hearing.seal, now_ms
        )
        claims.require(claim, hearing.acted, now_ms, hearing.ahead_ms_max)
        said = act(order)
    except RefusedError as refused:
        return (refusal(command, claim.target, str(refused), now_ms, signed.key_id),)
    taken = CommandTaken(
        command_id=claim.command_id,
        command=order.name,
        actor=claim.actor,
        reason=claim.reason,
        target=claim.target,
        key_id=signed.key_id,
        not_after_ms=claim.last_ms,
        time_ms=now_ms,
    )
    return (taken, *said)


def refusal(command: Asked, target: str, why: str, now_ms: int, key_id: str = "") -> CommandRefused:
    """Return that a command may not act; `key_id` is empty where nobody signed it."""
    return CommandRefused(
        short(command.command_id),
        type(command).__name__,
        why,
        short(command.actor),
        short(target),
        short(key_id),
        now_ms,
    )
