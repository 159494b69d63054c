"""Keys: whom they stand for, when they are good, and what is said when that changes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import assert_never


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
class Trusted:
    """A key that may sign, or might until it was revoked."""

    key: Key
    revoked_from_ms: int | None = None


type Keys = dict[str, Trusted]  # by id


def learn(keys: Mapping[str, Trusted], event: KeyTrusted | KeyRevoked) -> Keys:
    """Return the keys after one event."""
    match event:
        case KeyTrusted(key):
            return {**keys, key.key_id: Trusted(key)}
        case KeyRevoked(key_id, from_ms):
            return {**keys, key_id: replace(keys[key_id], revoked_from_ms=from_ms)}
        case _:
            assert_never(event)


def is_news(keys: Mapping[str, Trusted], event: KeyTrusted | KeyRevoked) -> bool:
    """Tell whether a service that repeats what others say of keys has yet to repeat this.

    Several say the same; of the ends of a key the earliest counts.
    """
    match event:
        case KeyTrusted(key):
            return key.key_id not in keys
        case KeyRevoked(key_id, from_ms):
            known = keys.get(key_id)
            ends = None if known is None else known.revoked_from_ms
            return known is not None and (ends is None or from_ms < ends)
        case _:
            assert_never(event)


def fault_of(trusted: Trusted, now_ms: int) -> str:
    """Say why a key may not sign now; an end is the first moment at which it may not."""
    key, from_ms = trusted.key, trusted.revoked_from_ms
    if from_ms is not None and from_ms <= now_ms:
        return f"revoked key {key.key_id} of {key.owner}, since {from_ms}"
    if now_ms < key.not_before_ms:
        return f"key {key.key_id} of {key.owner} is not valid before {key.not_before_ms}"
    if key.not_after_ms and key.not_after_ms < now_ms:
        return f"expired key {key.key_id} of {key.owner}: it was valid until {key.not_after_ms}"
    return ""
