"""What an accepted event counts: a pure table from kinds of events to counters."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

type Event = Any  # a service's dataclass: read by its fields, as the views do


class Count(NamedTuple):
    """One more of a counter, by labels in the order of the catalogue."""

    short: str
    labels: tuple[str, ...]


class Level(NamedTuple):
    """A gauge that an event sets, likewise."""

    short: str
    labels: tuple[str, ...]
    value: float


type Told = Count | Level


def told(kind: str, event: Event, desk: str) -> Iterator[Told]:
    """Yield what an event counts; `desk` is that of its lane, where a lane has one."""
    tell = _TOLD.get(kind)
    if tell is not None:
        yield from tell(event, desk)


def _one(short: str, *fields: str) -> Callable[[Event, str], Iterator[Told]]:
    """Return what counts one by these fields of an event."""

    def count(event: Event, _desk: str) -> Iterator[Told]:
        yield Count(short, tuple(str(getattr(event, field)) for field in fields))

    return count


def _of_desk(short: str, *fields: str) -> Callable[[Event, str], Iterator[Told]]:
    def count(event: Event, desk: str) -> Iterator[Told]:
        yield Count(short, (desk, *(str(getattr(event, field)) for field in fields)))

    return count


def _decided(event: Event, desk: str) -> Iterator[Told]:
    champion = event.decisions[0]
    outcome = "taken" if champion.taken else champion.refusal
    yield Count("decisions_total", (desk, outcome))


def _opened(event: Event, desk: str) -> Iterator[Told]:
    direction = "long" if event.direction > 0 else "short"
    yield Count("positions_opened_total", (desk, direction))


def _paired(event: Event, _desk: str) -> Iterator[Told]:
    yield Count("pairs_resolved_total", (event.slot, "true" if event.counted else "false"))


def _activation(outcome: str) -> Callable[[Event, str], Iterator[Told]]:
    def count(event: Event, _desk: str) -> Iterator[Told]:
        yield Count("activations_total", (event.slot, outcome))

    return count


def _judged(event: Event, _desk: str) -> Iterator[Told]:
    for finding in event.findings:
        yield Level("gate_check_passed", (event.slot, finding.gate), float(finding.passed))


def _crowned(event: Event, desk: str) -> Iterator[Told]:
    yield Count("promotions_total", (event.slot, event.how))
    yield from _judged(event, desk)


def _command(service: str, outcome: str) -> Callable[[Event, str], Iterator[Told]]:
    # Not by what was asked for: of a refused command that is as claimed, and anybody may claim.
    def count(_event: Event, desk: str) -> Iterator[Told]:
        yield Count("commands_total", (service, desk, outcome))

    return count


def _trained(event: Event, _desk: str) -> Iterator[Told]:
    yield Count("models_trained_total", (event.slot, "candidate" if event.candidate else "none"))


def _notified(outcome: str) -> Callable[[Event, str], Iterator[Told]]:
    def count(_event: Event, _desk: str) -> Iterator[Told]:
        yield Count("notifications_total", ("all", outcome))

    return count


_TOLD: Mapping[str, Callable[[Event, str], Iterator[Told]]] = {
    "kingmaker.feed.v1.BarClosed": _of_desk("bars_total"),
    "kingmaker.feed.v1.BarRefused": _of_desk("bars_refused_total"),
    "kingmaker.trader.v1.OpportunityDecided": _decided,
    "kingmaker.trader.v1.PositionOpened": _opened,
    "kingmaker.trader.v1.PositionClosed": _of_desk("positions_closed_total", "reason"),
    "kingmaker.trader.v1.PairResolved": _paired,
    "kingmaker.trader.v1.ChallengerFaulted": _one("challenger_faults_total", "slot"),
    "kingmaker.trader.v1.ChampionFaulted": _one("champion_faults_total", "slot"),
    "kingmaker.trader.v1.ChampionActivated": _activation("activated"),
    "kingmaker.trader.v1.ActivationFailed": _activation("failed"),
    "kingmaker.trader.v1.ChampionLost": _activation("lost"),
    "kingmaker.shadow.v1.EvidenceMeasured": _one("evidence_pairs_total", "slot"),
    "kingmaker.shadow.v1.CanaryMeasured": _one("canary_pairs_total", "slot"),
    "kingmaker.promotion.v1.ChampionCrowned": _crowned,
    "kingmaker.promotion.v1.ChallengerHeld": _judged,
    "kingmaker.promotion.v1.ChallengerReady": _judged,
    "kingmaker.promotion.v1.ChampionRolledBack": _one("rollbacks_total", "slot", "trigger"),
    "kingmaker.promotion.v1.TrialClosed": _one("trials_closed_total", "slot", "reason"),
    "kingmaker.promotion.v1.CommandTaken": _command("promotion", "taken"),
    "kingmaker.promotion.v1.CommandRefused": _command("promotion", "refused"),
    "kingmaker.risk.v1.ModeChanged": _of_desk("mode_changes_total", "mode"),
    "kingmaker.risk.v1.GuardChanged": _of_desk("guard_changes_total", "level"),
    "kingmaker.risk.v1.DriftDetected": _of_desk("drifts_total", "feature"),
    "kingmaker.risk.v1.CommandTaken": _command("risk", "taken"),
    "kingmaker.risk.v1.CommandRefused": _command("risk", "refused"),
    "kingmaker.registry.v1.ModelRegistered": _one("models_registered_total", "slot", "origin"),
    "kingmaker.registry.v1.ModelRefused": _one("models_refused_total", "reason"),
    "kingmaker.learners.v1.TrainingStarted": _one("trainings_started_total", "slot"),
    "kingmaker.learners.v1.TrainingFailed": _one("trainings_failed_total", "slot"),
    "kingmaker.learners.v1.TrainingCompleted": _trained,
    "kingmaker.learners.v1.JobAbandoned": _one("jobs_abandoned_total", "slot"),
    "kingmaker.alerting.v1.AlertFired": _one("alerts_total", "type", "severity"),
    "kingmaker.alerting.v1.AlertSent": _notified("sent"),
    "kingmaker.alerting.v1.AlertDelayed": _notified("delayed"),
    "kingmaker.alerting.v1.AlertUndelivered": _notified("undelivered"),
}
COUNTED_KINDS = frozenset(_TOLD)
