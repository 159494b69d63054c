"""Champions, reigns, trials and their verdicts, freezes."""

from collections.abc import Mapping, Sequence

from kingmaker.contracts.desks import component_of, desk_of
from kingmaker.runtime.views.changes import Change, Event, Fold, Set, Value, Where
from kingmaker.runtime.views.folds import candidates, governance

NOT_FROZEN: Mapping[str, Value] = dict.fromkeys(("frozen_by", "frozen_reason", "frozen_event"))


def _opened(event: Event, _where: Where) -> Sequence[Change]:
    names = (
        "slot",
        "champion",
        "challenger",
        "challenger_digest",
        "origin",
        "k",
        "alpha",
        "log_threshold",
        "rule",
        "max_pairs",
        "mode",
        "gamma",
        "crowned_before",
        "p_max",
        "window_start_ms",
        "window_tests",
        "window_alpha",
        "notice",
    )
    values = {name: getattr(event, name) for name in names}
    values |= {"desk": desk_of(event.slot), "opened_ms": event.time_ms, "state": "open"}
    values["bound"] = dict(event.parameters).get("bound")
    return [Set("trials", (event.trial,), values), candidates.tried(event)]


def _closed(event: Event, _where: Where) -> Sequence[Change]:
    values = {"state": "closed", "reason": event.reason, "closed_ms": event.time_ms}
    return [Set("trials", (event.trial,), values)]


def _held(event: Event, where: Where) -> Sequence[Change]:
    return _verdict(event, where, "held", ", ".join(event.held_by))


def _ready(event: Event, where: Where) -> Sequence[Change]:
    return _verdict(event, where, "ready", "approval by a person")


def _verdict(event: Event, where: Where, verdict: str, held_by: str) -> Sequence[Change]:
    values: dict[str, Value] = {
        "verdict": verdict,
        "held_by": held_by,
        "verdict_pairs": event.pairs,
        "verdict_ms": event.time_ms,
        "verdict_event": where.event,
        "notice": event.notice,
    }
    return [Set("trials", (event.trial,), values), *_findings(event, where)]


def _findings(event: Event, where: Where) -> Sequence[Change]:
    return [
        Set(
            "gates",
            (event.trial, finding.gate),
            {
                "place": place,
                "value": finding.value,
                "threshold": finding.threshold,
                "n": finding.n,
                "passed": int(finding.passed),
                "advisory": int(finding.advisory),
                "event": where.event,
                "pairs": event.pairs,
            },
        )
        for place, finding in enumerate(event.findings)
    ]


def _crowned(event: Event, where: Where) -> Sequence[Change]:
    names = (
        "model",
        "digest",
        "how",
        "promotion",
        "trial",
        "log_evidence",
        "pairs",
        "k",
        "alpha",
        "actor",
        "reason",
    )
    values = {name: getattr(event, name) for name in names} | {"from_model": event.expected}
    changes = _reign(event, where, values, f"{event.model} was better")
    promoted: dict[str, Value] = {
        "kind": "crowned",
        "from_model": event.expected,
        "to_model": event.model,
        "how": event.how,
        "trial": event.trial,
        "notice": event.notice,
    }
    changes += _promoted(event, where, promoted)
    if event.trial:
        changes += _verdict(event, where, "crowned", "")
        changes.append(Set("trials", (event.trial,), {"promotion": event.promotion}))
    return changes


def _rolled_back(event: Event, where: Where) -> Sequence[Change]:
    values: dict[str, Value] = {
        "model": event.to_model,
        "digest": event.to_digest,
        "from_model": event.from_model,
        "how": "rollback",
        "promotion": event.promotion,
        "actor": event.actor,
        "reason": event.reason,
    }
    promoted: dict[str, Value] = {
        "kind": "rolled back",
        "from_model": event.from_model,
        "to_model": event.to_model,
        "how": event.trigger,
        "command": event.command_id,
    }
    ended = f"rollback ({event.trigger}): {event.reason}"
    return [*_reign(event, where, values, ended), *_promoted(event, where, promoted)]


def _reign(
    event: Event,
    where: Where,
    values: Mapping[str, Value],
    ended_by: str,
) -> list[Change]:
    """End the reign before, begin this one."""
    slot, desk = event.slot, desk_of(event.slot)
    champion: dict[str, Value] = {
        "desk": desk,
        "component": component_of(slot),
        "reign": event.reign,
        "since_ms": event.time_ms,
        **{name: values[name] for name in ("model", "digest", "how", "promotion")},
    }
    reign = {**values, "desk": desk, "since_ms": event.time_ms, "event": where.event}
    ended = {"until_ms": event.time_ms, "ended_by": ended_by}
    changes: list[Change] = [
        Set("champions", (slot,), champion),
        Set("reigns", (slot, event.reign), reign),
    ]
    if event.reign > 1:
        changes.append(Set("reigns", (slot, event.reign - 1), ended))
    return changes


def _promoted(event: Event, where: Where, values: Mapping[str, Value]) -> list[Change]:
    shared: dict[str, Value] = {
        "slot": event.slot,
        "desk": desk_of(event.slot),
        "reign": event.reign,
        "actor": event.actor,
        "reason": event.reason,
        "time_ms": event.time_ms,
        "event": where.event,
    }
    return [Set("promotions", (event.promotion,), {**shared, **values})]


def _warned(event: Event, _where: Where) -> Sequence[Change]:
    return [Set("canaries", (event.slot, event.reign), {"breached": ", ".join(event.breached)})]


def _watch_ended(event: Event, _where: Where) -> Sequence[Change]:
    return [Set("canaries", (event.slot, event.reign), {"ended": event.reason})]


def _frozen(event: Event, where: Where) -> Sequence[Change]:
    values = {
        "frozen_by": event.actor,
        "frozen_reason": event.reason,
        "frozen_event": where.event,
    }
    return [_scoped(event.scope, where, values)]


def _thawed(event: Event, where: Where) -> Sequence[Change]:
    return [_scoped(event.scope, where, NOT_FROZEN)]


def _scoped(scope: str, where: Where, values: Mapping[str, Value]) -> Change:
    if scope == "desk":
        return Set("desks", (where.desk,), values)
    return Set("champions", (scope,), values)


FOLDS: Mapping[str, Fold] = {
    **candidates.FOLDS,
    "TrialOpened": _opened,
    "TrialClosed": _closed,
    "ChallengerHeld": _held,
    "ChallengerReady": _ready,
    "ChampionCrowned": _crowned,
    "ChampionRolledBack": _rolled_back,
    "CanaryWarned": _warned,
    "CanaryEnded": _watch_ended,
    "Frozen": _frozen,
    "Thawed": _thawed,
    "CommandTaken": governance.taken,
    "CommandRefused": governance.refused,
}
