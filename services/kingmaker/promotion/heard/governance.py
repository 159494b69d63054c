"""What promotion hears of keys: those of the home, and commands about keys."""

from dataclasses import dataclass

from kingmaker.governance.keys import Key


@dataclass(frozen=True, slots=True)
class ApplyKeys:
    """The keys that the home trusts, from the runtime at start."""

    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class TrustKey:
    """Trust one more key."""

    command_id: str
    key: Key
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int


@dataclass(frozen=True, slots=True)
class RevokeKey:
    """Trust a key no longer, at once or from a moment on."""

    command_id: str
    key_id: str
    from_ms: int
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int


@dataclass(frozen=True, slots=True)
class SkipInput:
    """Let lane `index` of `service` pass over one record that it cannot decode."""

    command_id: str
    service: str
    index: int
    topic: str
    lane: int
    seq: int
    hash: str
    actor: str
    reason: str
    issued_at_ms: int
    not_after_ms: int
