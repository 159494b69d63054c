"""Searches for parameters. Part of `learners` and `registry`; nothing where nobody searched."""

import math
from collections.abc import Sequence

from kingmaker.contracts.desks import desk_of
from kingmaker.runtime.views.changes import Change, Event, Set, Where
from kingmaker.runtime.views.texts import as_json

TRIALS = "search_trials"  # the parameter that makes a training a search


def begun(event: Event, where: Where) -> Sequence[Change]:
    """Return how many trials a training was asked for."""
    if TRIALS not in event.parameters:
        return []
    trials = event.parameters[TRIALS]
    values = {
        "slot": event.slot,
        "desk": desk_of(event.slot),
        "trials": int(trials) if math.isfinite(trials) and trials == int(trials) else None,
        "event": where.event,
    }
    return [Set("searches", (event.training,), values)]


def found(event: Event, where: Where) -> Sequence[Change]:
    """Return the parameters that a completed training was made with."""
    if not event.found:
        return []
    values = {"found": as_json(dict(event.found)), "event": where.event}
    return [Set("searches", (event.training,), values)]


def tagged(event: Event, where: Where) -> Sequence[Change]:
    """Return the tags of a registered model, and what was found for it."""
    if not event.tags and not event.found:
        return []
    values = {
        "tags": as_json(dict(event.tags)),
        "found": as_json(dict(event.found)),
        "event": where.event,
    }
    return [Set("model_tags", (event.slot, event.model), values)]
