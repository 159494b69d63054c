"""What promotion says of commands that wait for a second signature, and of exceptions."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CommandPending:
    """A command waits for a second signature over the same bytes, by a key of another owner."""

    command_id: str
    command: str
    type: str
    payload: bytes
    digest: str
    actor: str
    reason: str
    target: str
    key_id: str
    owner: str
    expires_ms: int
    not_after_ms: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class SkipAllowed:
    """Exactly this record may be passed over by the service that cannot decode it."""

    service: str
    index: int
    topic: str
    lane: int
    seq: int
    hash: str
    actor: str
    reason: str
    command_id: str
    key_id: str
    payload: bytes
    signature: bytes
    time_ms: int
