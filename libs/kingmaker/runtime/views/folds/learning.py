"""What was learned, in the tables that trading teams know. Part of `policy`, `trader`, `learners`.

Heads are called HEAD_A to HEAD_I there, in order of components.
"""

from collections.abc import Mapping, Sequence

from kingmaker.contracts.desks import desk_of
from kingmaker.runtime.views.changes import Change, Event, Learned, Set, Value, Where
from kingmaker.runtime.views.texts import as_json

THRESHOLD = "signals.confluence_min"
SECTION = "learning."
HEADS = tuple([f"HEAD_{letter}" for letter in "ABCDEFGHI"])


def settings(service: str, values: Mapping[str, str], where: Where) -> Sequence[Change]:
    """Return the states that are settings: the trader's threshold, the learners' configuration."""
    if service == "trader" and THRESHOLD in values:
        return [_threshold(values[THRESHOLD], where)]
    if service == "learners":
        chosen = {
            name.removeprefix(SECTION): _number(value)
            for name, value in values.items()
            if name.startswith(SECTION)
        }
        return [_learned("learning_config", as_json(chosen), where)]
    return ()


def restored(values: Mapping[str, str], cause: str, where: Where) -> Sequence[Change]:
    """Return what it means for the threshold that settings went back."""
    if THRESHOLD not in values:
        return ()
    state = _threshold(values[THRESHOLD], where)
    told = _told("restore", where, {"new_value": state.data, "triggered_by": cause})
    return [state, told]


def outcome(event: Event, champion: Event, where: Where) -> Change:
    """Return the event of an outcome that was processed."""
    result = {
        "net": champion.net,
        "taken": champion.taken,
        "win": champion.taken and champion.net > 0,
        "signal_net": event.signal_net,
    }
    values: dict[str, Value] = {
        "signal_id": event.opportunity,
        "new_value": as_json(result),
        "triggered_by": champion.reason,
    }
    return _told("outcome_processed", where, values)


def job(slot: str, training: str, state: str, why: str, where: Where) -> Change:
    """Return the event of a training that began or ended."""
    about = as_json({"job": training, "slot": slot, "state": state, "reason": why})
    return _told("job", where, {"desk": desk_of(slot), "new_value": about, "triggered_by": why})


def completed(event: Event, where: Where) -> Sequence[Change]:
    """Return the event of a learning job that looked at outcomes."""
    state = "deployed" if event.version else "completed"
    figures = {"outcomes": event.outcomes, "wins": event.wins, **event.figures}
    return [_learning_job(event, state, figures, where)]


def skipped(event: Event, where: Where) -> Sequence[Change]:
    """Return the event of a learning job that did nothing."""
    figures = {"outcomes": event.outcomes, "needed": event.needed}
    return [_learning_job(event, "skipped", figures, where)]


def _learning_job(
    event: Event, state: str, figures: Mapping[str, str | int | float | None], where: Where
) -> Change:
    told = {"job": event.schedule, "date": event.date, "state": state, "reason": event.reason}
    values: dict[str, Value] = {
        "desk": event.desk,
        "new_value": as_json({**told, **figures}),
        "triggered_by": event.schedule,
    }
    return _told("job", where, values)


def head_weights(event: Event, where: Where) -> Sequence[Change]:
    """Return a version of the weights, and why it came to be."""
    data = as_json(dict(zip(HEADS, event.weights, strict=False)))
    cause = event.cause if not event.outcome else f"{event.cause} {event.outcome}"
    about: dict[str, Value] = {"signal_id": event.outcome or None, "triggered_by": cause}
    return [
        Learned(event.desk, "head_weights", data, where.time_ms, where.event),
        Set("learning_events", (where.event,), about),
    ]


def _threshold(value: str, where: Where) -> Learned:
    return _learned("confidence_threshold", as_json({"global_threshold": _number(value)}), where)


def _learned(state_type: str, data: str, where: Where) -> Learned:
    return Learned(where.desk, state_type, data, where.time_ms, where.event)


def _told(event_type: str, where: Where, values: Mapping[str, Value]) -> Set:
    shared: dict[str, Value] = {
        "desk": where.desk,
        "event_type": event_type,
        "event_timestamp": where.time_ms,
    }
    return Set("learning_events", (where.event,), {**shared, **values})


def _number(text: str) -> str | float:
    try:
        return int(text) if text.isdecimal() else float(text)
    except ValueError:
        return text
