"""In which mode a desk trades, and the records at which trader and promotion follow.

Lanes are folded one after the other: each answer names the change that it follows.
"""

from collections.abc import Mapping, Sequence

from kingmaker.contracts.topics import event_topic
from kingmaker.runtime.views.changes import Change, Event, Fold, Set, Value, Where
from kingmaker.runtime.views.folds import governance


def _changed(event: Event, where: Where) -> Sequence[Change]:
    names = ("mode", "number", "kill", "actor", "key_id", "reason")
    values: dict[str, Value] = {name: getattr(event, name) for name in names}
    values |= {
        "owner": event.key_owner,
        "flatten": int(event.flatten),
        "since_ms": event.time_ms,
        "event": where.event,
    }
    return [Set("modes", (where.desk,), values)]


def _followed(event: Event, where: Where) -> Sequence[Change]:
    """Note where the account follows, and with how much open, or where coronations do."""
    by = "trader" if where.topic == event_topic("trader") else "promotion"
    values: dict[str, Value] = {f"{by}_event": where.event, f"{by}_number": event.number}
    if by == "trader":
        values["open_positions"] = event.open_positions
    return [Set("modes", (where.desk,), values)]


FOLDS: Mapping[str, Fold] = {
    "ModeChanged": _changed,
    "ModeFollowed": _followed,
    "CommandTaken": governance.taken,
    "CommandRefused": governance.refused,
}
