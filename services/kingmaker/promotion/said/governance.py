"""What promotion says of keys, of commands that wait for a second signature, and of exceptions."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """A public key (hexadecimal), whom it stands for, and when; 0: no limit in time."""

    key_id: str
    public_key: str
    owner: str
    role: str
    not_before_ms: int
    not_after_ms: int


@dataclass(frozen=True, slots=True)
class KeyTrusted:
    """A key may sign from here on; `by_key_id` is empty where the home itself said so."""

    key: Key
    by_key_id: str
    actor: str
    reason: str
    command_id: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class KeyRevoked:
    """A key may sign no longer, from `from_ms` on and never again."""

    key_id: str
    from_ms: int
    by_key_id: str
    actor: str
    reason: str
    command_id: str
    time_ms: int


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
