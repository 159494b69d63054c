"""What a person wants to see of a run, kept up event by event: desks, trials, what is next."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kingmaker.contracts.desks import component_of, desk_of
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Step

CURVE_POINTS = 24  # of evidence, one every few pairs

type Event = Any  # of any service
type Query = Callable[[str], Sequence[Mapping[str, Any]]]


@dataclass(slots=True)
class TrialBoard:
    """A trial that is open."""

    trial: str
    slot: str
    challenger: str
    log_threshold: float
    pairs: int = 0
    log_evidence: float = 0.0
    started: bool = False
    held_by: tuple[str, ...] = ()
    curve: deque[float] = field(default_factory=lambda: deque(maxlen=CURVE_POINTS))

    @property
    def share(self) -> float:
        """How far the evidence is on its way to the threshold, on the logarithmic axis."""
        return min(1.0, max(0.0, self.log_evidence / self.log_threshold))

    def measure(self, pairs: int, log_evidence: float) -> None:
        """Take the evidence after one more pair."""
        self.pairs, self.log_evidence = pairs, log_evidence
        if pairs % 10 == 0:
            self.curve.append(self.share)


@dataclass(slots=True)
class DeskBoard:
    """One desk."""

    name: str
    bars_total: int
    min_trades: int  # before anything is learned
    bars: int = 0
    time_ms: int = 0
    gaps: int = 0
    opportunities: int = 0
    resolved: int = 0
    trades: int = 0
    pairs: int = 0
    reigns: int = 0  # beyond those of the bootstrap
    trials_closed: int = 0
    king: str = ""  # the model crowned last, and its slot
    training: str = ""
    refusal: str = ""  # why the last training made no candidate
    trials: dict[str, TrialBoard] = field(default_factory=dict)


class Board:
    """All desks. Feed it accepted steps; read it whenever you like."""

    def __init__(self, desks: Sequence[DeskBoard]) -> None:
        """Take the desks, in the order of their lanes."""
        self.desks = list(desks)
        self._by_name = {desk.name: desk for desk in self.desks}

    @property
    def bars(self) -> int:
        """Bars played, of all desks."""
        return sum(desk.bars for desk in self.desks)

    @property
    def bars_total(self) -> int:
        """Bars to be played, of all desks."""
        return sum(desk.bars_total for desk in self.desks)

    def restore(self, query: Query) -> None:
        """Take up where the views say that an earlier process stopped."""
        for row in query("SELECT * FROM desks"):
            desk = self._by_name.get(row["desk"])
            if desk is not None:
                for name in ("bars", "gaps", "opportunities", "resolved", "trades", "pairs"):
                    setattr(desk, name, row[name])
                desk.time_ms = row["last_ms"] or 0
        for row in query("SELECT * FROM reigns WHERE how <> 'bootstrap' ORDER BY since_ms"):
            desk = self._by_name[row["desk"]]
            desk.reigns += 1
            desk.king = f"{component_of(row['slot'])} {row['model']}"
        for row in query("SELECT * FROM trials"):
            self._restore_trial(row)

    def take(self, lane: Lane, step: Step[Any]) -> None:
        """Take an accepted step."""
        for event in step.events:
            name = type(event).__name__
            if (count := _COUNTED.get(name)) is not None:
                count(self.desks[lane.index], event)
            elif (change := _CHANGED.get(name)) is not None:
                desk = self._by_name.get(desk_of(event.slot))
                if desk is not None:
                    change(desk, event)

    def next_of(self, desk: DeskBoard) -> str:
        """Say in a few words what comes next on a desk."""
        if desk.training:
            return f"training {desk.training}"
        for trial in desk.trials.values():
            if not trial.started:
                return f"{trial.trial.partition('@')[0]} waits for the trader"
            if trial.held_by and "evidence" not in trial.held_by:
                return f"waiting for {trial.held_by[0].replace('_', ' ')}"
            return "judged at every pair"
        if desk.bars >= desk.bars_total > 0:
            return "played"
        if desk.resolved < desk.min_trades:
            return f"learns from {desk.min_trades:,} closed trades on ({desk.resolved:,} now)"
        return f"no candidate last night: {desk.refusal}" if desk.refusal else "learns at night"

    def _restore_trial(self, row: Mapping[str, Any]) -> None:
        desk = self._by_name[row["desk"]]
        if row["state"] == "closed":
            desk.trials_closed += 1
            return
        trial = TrialBoard(row["trial"], row["slot"], row["challenger"], row["log_threshold"])
        trial.started = row["started_ms"] is not None
        trial.measure(row["pairs"] or 0, row["log_evidence"] or 0.0)
        trial.held_by = tuple(filter(None, (row["held_by"] or "").split(", ")))
        desk.trials[trial.trial] = trial


def _bar(desk: DeskBoard, event: Event) -> None:
    desk.bars += 1
    desk.time_ms = event.open_ms + event.interval_ms


def _gap(desk: DeskBoard, _event: Event) -> None:
    desk.gaps += 1


def _opportunity(desk: DeskBoard, _event: Event) -> None:
    desk.opportunities += 1


def _resolved(desk: DeskBoard, _event: Event) -> None:
    desk.resolved += 1


def _trade(desk: DeskBoard, _event: Event) -> None:
    desk.trades += 1


def _pair(desk: DeskBoard, _event: Event) -> None:
    desk.pairs += 1


def _training(desk: DeskBoard, event: Event) -> None:
    desk.training = component_of(event.slot)


def _trained(desk: DeskBoard, event: Event) -> None:
    desk.training = ""
    desk.refusal = "" if event.candidate else event.reason


def _broken(desk: DeskBoard, event: Event) -> None:
    desk.training = ""
    desk.refusal = event.reason


def _opened(desk: DeskBoard, event: Event) -> None:
    desk.trials[event.trial] = TrialBoard(
        event.trial, event.slot, event.challenger, event.log_threshold
    )


def _started(desk: DeskBoard, event: Event) -> None:
    if event.trial in desk.trials:
        desk.trials[event.trial].started = True


def _measured(desk: DeskBoard, event: Event) -> None:
    if event.trial in desk.trials:
        desk.trials[event.trial].measure(event.pairs, event.log_evidence)


def _held(desk: DeskBoard, event: Event) -> None:
    if event.trial in desk.trials:
        desk.trials[event.trial].held_by = tuple(event.held_by)


def _closed(desk: DeskBoard, event: Event) -> None:
    desk.trials_closed += 1
    desk.trials.pop(event.trial, None)


def _crowned(desk: DeskBoard, event: Event) -> None:
    if event.how != "bootstrap":
        desk.reigns += 1
        desk.king = f"{component_of(event.slot)} {event.model}"


def _rolled_back(desk: DeskBoard, event: Event) -> None:
    desk.reigns += 1
    desk.king = f"{component_of(event.slot)} {event.to_model}"


type Change = Callable[[DeskBoard, Event], None]

_COUNTED: Mapping[str, Change] = {
    "BarClosed": _bar,
    "GapRecorded": _gap,
    "OpportunityDecided": _opportunity,
    "OpportunityResolved": _resolved,
    "PositionOpened": _trade,
    "PairResolved": _pair,
}
_CHANGED: Mapping[str, Change] = {
    "TrainingStarted": _training,
    "TrainingCompleted": _trained,
    "TrainingFailed": _broken,
    "TrainingCancelled": _broken,
    "TrialOpened": _opened,
    "TrialStarted": _started,
    "EvidenceMeasured": _measured,
    "ChallengerHeld": _held,
    "TrialClosed": _closed,
    "ChampionCrowned": _crowned,
    "ChampionRolledBack": _rolled_back,
}
