"""What a command says of itself, and whether it may still act: once, and never late."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Protocol

from kingmaker.governance.orders import CLAIM_LENGTH_MAX, RefusedError

DAY_MS = 86_400_000  # no command may act later than a day after it was issued


class Asked(Protocol):
    """What every command has; times are UTC milliseconds of market time."""

    @property
    def command_id(self) -> str:
        """By which it is known: it acts once."""

    @property
    def actor(self) -> str:
        """Who asks."""

    @property
    def reason(self) -> str:
        """Why."""

    @property
    def issued_at_ms(self) -> int:
        """When it was made."""

    @property
    def not_after_ms(self) -> int:
        """Its last moment; 0: a day after it was made."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a command says of itself."""

    command_id: str
    actor: str
    reason: str
    target: str
    issued_ms: int
    last_ms: int  # it acts until then


def claim_of(asked: Asked, target: str) -> Claim:
    """Return what a command says of itself."""
    words = (asked.command_id, asked.actor, asked.reason)
    return Claim(*words, target, asked.issued_at_ms, last_ms(asked))


def last_ms(asked: Asked) -> int:
    """Return when a command expires: as it says, and never later than a day after its issue."""
    latest_ms = asked.issued_at_ms + DAY_MS
    return min(asked.not_after_ms, latest_ms) if asked.not_after_ms else latest_ms


def require(claim: Claim, acted: Container[str], now_ms: int, ahead_ms_max: int = 0) -> None:
    """Refuse what says too little of itself, acted before (`acted` are ids), or comes late.

    With `ahead_ms_max` also what was issued further ahead of the recorded time: it would outlast
    the day that a command is good for. Where old bars are played there is no such limit.
    """
    if not (claim.command_id and claim.actor and claim.reason):
        raise RefusedError("command_id, actor and reason are mandatory")
    if len(claim.command_id) > CLAIM_LENGTH_MAX or len(claim.actor) > CLAIM_LENGTH_MAX:
        raise RefusedError(f"command_id and actor have at most {CLAIM_LENGTH_MAX} characters")
    if claim.command_id in acted:
        raise RefusedError("repeated: this command_id was acted upon before")
    if claim.last_ms < now_ms:
        raise RefusedError(f"expired: it was good until {claim.last_ms}, it is {now_ms}")
    if ahead_ms_max and claim.issued_ms > now_ms + ahead_ms_max:
        raise RefusedError(
            f"from the future: it was issued at {claim.issued_ms}, it is {now_ms}; see to the clock"
            f" of the machine that signed it"
        )


def remember(
    acted: Mapping[str, int], command_id: str, last_ms: int, now_ms: int
) -> dict[str, int]:
    """Return ids and last moments, one more: each for as long as its command could still act."""
    alive = {known: last for known, last in acted.items() if last >= now_ms}
    return {**alive, command_id: last_ms}
