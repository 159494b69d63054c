"""Whose product a training is, where not every training's: its teacher. Part of `learners`."""

from collections.abc import Sequence

from kingmaker.runtime.views.changes import Change, Event, Set, Value, Where


def begun(event: Event, where: Where) -> Sequence[Change]:
    """Return the row of a training that has an origin of its own."""
    if not event.origin:
        return []
    values: dict[str, Value] = {
        "slot": event.slot,
        "origin": event.origin,
        "parent": event.parent,
        "event": where.event,
    }
    return [Set("lineages", (event.training,), values)]


def done(event: Event, where: Where) -> Sequence[Change]:
    """Return what its product adds to the row."""
    if not event.origin:
        return []
    values: dict[str, Value] = {
        "digest": event.digest,
        "teacher": event.teacher or None,
        "event": where.event,
    }
    return [Set("lineages", (event.training,), values)]
