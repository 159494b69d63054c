"""Commands and what came of them, keys, and inputs that nobody could read."""

from collections.abc import Mapping, Sequence

from kingmaker.contracts.topics import event_topic
from kingmaker.runtime.views.changes import Change, Event, Fold, Set, Value, Where


def taken(event: Event, where: Where) -> Sequence[Change]:
    """Record that a command acts, in the row of its first signature if it waited."""
    first = getattr(event, "first_key_id", "")  # risk asks nobody for a second signature
    values = _claimed(event, where, "taken") | {"first_key_id": first}
    return [Set("commands", (_once(event, where),), values)]


def refused(event: Event, where: Where) -> Sequence[Change]:
    """Record that a command does not act; there may be many under one id."""
    return [Set("commands", (where.event,), _claimed(event, where, "refused"))]


def unreadable(event: Event, where: Where) -> Sequence[Change]:
    """Record bytes among commands or facts that are not what they claim."""
    values: dict[str, Value] = {
        "desk": where.desk,
        "target": event.lane,
        "outcome": "refused",
        "reason": f"unreadable: {event.reason}",
        "time_ms": where.time_ms,
        "event": where.event,
    }
    return [Set("commands", (where.event,), values)]


def _pending(event: Event, where: Where) -> Sequence[Change]:
    values = _claimed(event, where, "pending") | {"expires_ms": event.expires_ms}
    return [Set("commands", (_once(event, where),), values)]


def _trusted(event: Event, where: Where) -> Sequence[Change]:
    if where.topic != event_topic("promotion"):
        return []  # risk repeats what promotion said
    key = event.key
    values: dict[str, Value] = {
        "owner": key.owner,
        "role": key.role,
        "public_key": key.public_key,
        "not_before_ms": key.not_before_ms,
        "not_after_ms": key.not_after_ms,
        "trusted_by": event.by_key_id,
        "trusted_ms": event.time_ms,
        "event": where.event,
    }
    return [Set("keys", (where.desk, key.key_id), values)]


def _revoked(event: Event, where: Where) -> Sequence[Change]:
    if where.topic != event_topic("promotion"):
        return []
    values: dict[str, Value] = {
        "revoked_from_ms": event.from_ms,
        "revoked_by": event.by_key_id,
        "revoked_reason": event.reason,
        "revoked_event": where.event,
    }
    return [Set("keys", (where.desk, event.key_id), values)]


def _once(event: Event, where: Where) -> str:
    """Return the row of a command that acts at most once on a desk."""
    return f"{where.desk}/{event.command_id}"


def _claimed(event: Event, where: Where, outcome: str) -> dict[str, Value]:
    return {
        "command_id": event.command_id,
        "command": event.command,
        "actor": event.actor,
        "key_id": event.key_id,
        "desk": where.desk,
        "target": event.target,
        "outcome": outcome,
        "reason": event.reason,
        "time_ms": event.time_ms,
        "event": where.event,
    }


FOLDS: Mapping[str, Fold] = {
    "KeyTrusted": _trusted,
    "KeyRevoked": _revoked,
    "CommandPending": _pending,
}
