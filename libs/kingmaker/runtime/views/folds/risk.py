"""In which mode a desk trades, where its guard stands, and the records at which others follow.

Lanes are folded one after the other: each answer names the change that it follows.
"""

from collections.abc import Mapping, Sequence

from kingmaker.contracts.topics import event_topic
from kingmaker.runtime.views.changes import Add, Change, Event, Fold, Set, Value, Where
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


def _counted(event: Event, where: Where) -> Sequence[Change]:
    names = ("trades", "win_rate", "drawdown", "losses", "time_ms")
    values: dict[str, Value] = {name: getattr(event, name) for name in names}
    return [Set("guards", (where.desk,), {**values, "trades_since": event.since})]


def _stepped(event: Event, where: Where) -> Sequence[Change]:
    names = ("level", "number", "cause", "trades", "win_rate", "drawdown", "losses", "time_ms")
    values: dict[str, Value] = {name: getattr(event, name) for name in names}
    values |= {"since_ms": event.time_ms, "event": where.event, "trades_since": 0}
    return [Set("guards", (where.desk,), values)]


def _step_followed(event: Event, where: Where) -> Sequence[Change]:
    values: dict[str, Value] = {"trader_event": where.event, "trader_number": event.number}
    return [Set("guards", (where.desk,), values)]


def _measured(event: Event, where: Where) -> Sequence[Change]:
    values: dict[str, Value] = {
        "windows": event.number,
        "until_ms": event.until_ms,
        "worst": max(event.scores, default=None),
        "drifted": ", ".join(event.drifted),
    }
    return [Set("drift", (where.desk, event.symbol), values)]


def _compared(event: Event, where: Where) -> Sequence[Change]:
    values: dict[str, Value] = {
        "reference": event.number,
        "reference_training": event.training,
        "reference_until_ms": event.until_ms,
        "reference_windows": event.windows,
    }
    return [Set("drift", (where.desk, event.symbol), values)]


def _detected(event: Event, where: Where) -> Sequence[Change]:
    key = (where.desk, event.symbol)
    values: dict[str, Value] = {
        "last_feature": event.feature,
        "last_score": event.score,
        "last_ms": event.time_ms,
        "last_event": where.event,
    }
    return [Set("drift", key, values), Add("drift", key, {"detected": 1})]


FOLDS: Mapping[str, Fold] = {
    "ModeChanged": _changed,
    "ModeFollowed": _followed,
    "TradeCounted": _counted,
    "GuardChanged": _stepped,
    "GuardFollowed": _step_followed,
    "FeaturesMeasured": _measured,
    "ReferenceTaken": _compared,
    "DriftDetected": _detected,
    "CommandTaken": governance.taken,
    "CommandRefused": governance.refused,
}
