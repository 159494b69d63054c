"""Jobs: what effects were asked for, attempt by attempt. Part of `learners` and `registry`.

A queue is a kind of effect: the SQL view `jobs` names it. Nothing waits in one but the next
attempt: what is asked for is begun.
"""

from collections.abc import Sequence

from kingmaker.contracts.desks import desk_of
from kingmaker.runtime.views.changes import Add, Change, Event, Set, Value, Where
from kingmaker.runtime.views.texts import as_json

TRAININGS, CHECKS = "training_jobs", "check_jobs"  # each service has a table of its own
RUNNING, WAITING, DONE = "running", "waiting", "done"
ABANDONED, CANCELLED, REFUSED = "abandoned", "cancelled", "refused"
DIGITS = 12  # of a digest, in the name of a check


def training_begun(event: Event, where: Where) -> Change:
    """Return a row of a training that begins, for the first time or again."""
    values = _begun("learners.train", event, where) | {
        "cause": event.cause,
        "numbers": as_json(dict(event.numbers)),
        "actor": event.actor or None,
        "due_ms": event.due_ms,
    }
    return Set(TRAININGS, (event.training,), values)


def check_begun(event: Event, where: Where) -> Change:
    """Return a row of a bundle whose bytes are checked."""
    values = _begun("registry.verify", event, where) | {
        "cause": event.origin,
        "due_ms": event.due_ms,
    }
    return Set(CHECKS, (check_of(event),), values)


def failed(job: str, event: Event, where: Where) -> Sequence[Change]:
    """Return what a failed attempt of a training or a run changes; `retry_at_ms` 0: no other."""
    values: dict[str, Value] = {
        "state": WAITING,
        "retry_at_ms": event.retry_at_ms or None,
        "reason": event.reason,
        "event": where.event,
    }
    return [Set(TRAININGS, (job,), values), Add(TRAININGS, (job,), {"failures": 1})]


def ended(table: str, job: str, state: str, reason: str, where: Where) -> Change:
    """Return what the end of a job changes."""
    values: dict[str, Value] = {
        "state": state,
        "reason": reason or None,
        "ended_ms": where.time_ms,
        "retry_at_ms": None,
        "event": where.event,
    }
    return Set(table, (job,), values)


def check_of(event: Event) -> str:
    """Return the name of the check of a slot's bundle."""
    return f"check-{event.digest[:DIGITS]}@{event.slot}"


def _begun(kind: str, event: Event, where: Where) -> dict[str, Value]:
    return {
        "kind": kind,
        "slot": event.slot,
        "desk": desk_of(event.slot),
        "state": RUNNING,
        "attempt": event.attempt,
        "started_ms": where.time_ms,
        "retry_at_ms": None,
        "ended_ms": None,
        "reason": None,
        "event": where.event,
    }
