"""A line for every event that matters, with the figures that matter; evidence is rounded.

Evidence and canaries are told every hundred pairs, and a verdict that crowns nobody when it names
other gates than the verdict before.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

HOUR_MS = 3_600_000
EVERY_PAIRS = 100

type Figures = Callable[[Any], str]


def _evidence(event: Any) -> str:  # noqa: ANN401 - what has evidence
    return f"pairs={event.pairs} lnE={event.log_evidence:.2f}"


def _crowned(event: Any) -> str:  # noqa: ANN401 - ChampionCrowned
    text = f"{event.promotion} {event.slot} {event.model} after {event.expected}"
    text += f" reign={event.reign} {event.how}"
    if event.how == "promoted":
        text += f" {event.trial} {_evidence(event)} segment={event.segment}"
        text += f" lnE_of_segment={event.log_evidence_of_segment:.2f} k={event.k}"
        text += f" alpha={event.alpha:.6f}"
    return text


def _rolled_back(event: Any) -> str:  # noqa: ANN401 - ChampionRolledBack
    text = f"{event.promotion} {event.slot} {event.from_model} -> {event.to_model}"
    text += f" reign={event.reign} by {event.trigger}"
    breached = [one for one in event.findings if not one.passed]
    return text + "".join(f" {f.gate} {f.value:.2f}/{f.threshold:.2f}" for f in breached)


FIGURES: dict[str, Figures] = {
    "ActivationFailed": lambda e: f"{e.slot} reign={e.reign} {e.reason}",
    "Approved": lambda e: e.trial,
    "CanaryEnded": lambda e: f"{e.slot} reign={e.reign} {e.reason}",
    "CanaryMeasured": lambda e: f"{e.canary} pairs={e.pairs} M={e.statistic:.2f}/{e.threshold:.0f}",
    "CanaryWarned": lambda e: f"{e.slot} reign={e.reign} pairs={e.pairs} {_names(e.breached)}",
    "CandidateWaits": lambda e: f"{e.slot} {e.model} {e.reason}",
    "ChallengerHeld": lambda e: f"{e.trial} pairs={e.pairs} held by {_names(e.held_by)}",
    "ChallengerReady": lambda e: f"{e.trial} pairs={e.pairs}",
    "ChampionActivated": lambda e: f"{e.slot} {e.model} reign={e.reign}",
    "ChampionCrowned": _crowned,
    "ChampionRolledBack": _rolled_back,
    "CommandRefused": lambda e: f"{e.command_id} {e.command}: {e.reason}",
    "CommandTaken": lambda e: f"{e.command_id} {e.command}",
    "EvidenceMeasured": lambda e: f"{e.trial} segment={e.segment} {_evidence(e)}",
    "Frozen": lambda e: f"{e.scope} last_promotion={e.last_promotion}",
    "PolicyApplied": lambda e: " ".join(f"{k}={v}" for k, v in sorted(e.values.items())),
    "ReignAcknowledged": lambda e: f"{e.slot} {e.model} reign={e.reign}",
    "SegmentStarted": lambda e: f"{e.trial} segment={e.segment} lnE={e.log_evidence:.2f}",
    "Thawed": lambda e: e.scope,
    "TrialClosed": lambda e: f"{e.trial} {e.reason} {_evidence(e)}",
    "TrialOpened": lambda e: (
        f"{e.trial} {e.slot} {e.challenger} against {e.champion} k={e.k} R={e.crowned_before}"
        f" alpha={e.alpha:.6f} lnE_needed={e.log_threshold:.2f}"
    ),
    "TrialStarted": lambda e: e.trial,
}


@dataclass(slots=True)
class Teller:
    """Writes the lines of one story, by hours since it began."""

    start_ms: int
    lines: list[str] = field(default_factory=list)
    _held_by: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def tell(self, service: str, now_ms: int, event: Any) -> None:  # noqa: ANN401 - of any service
        """Write a line, if the event matters."""
        name = type(event).__name__
        figures = FIGURES.get(name)
        if figures is None or not self._is_news(name, event):
            return
        self.lines.append(f"{self._hour(now_ms)} {service:9} {name} {figures(event)}".rstrip())

    def outside(self, now_ms: int, text: str) -> None:
        """Write what no service decided."""
        self.lines.append(f"{self._hour(now_ms)} --------- {text}")

    def _hour(self, now_ms: int) -> str:
        return f"h{(now_ms - self.start_ms) // HOUR_MS:04}"

    def _is_news(self, name: str, event: Any) -> bool:  # noqa: ANN401 - as above
        if name in ("EvidenceMeasured", "CanaryMeasured"):
            return bool(event.pairs % EVERY_PAIRS == 0)
        if name == "ChallengerHeld":
            before = self._held_by.get(event.trial)
            self._held_by[event.trial] = event.held_by
            return bool(event.held_by != before)
        return True


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "nothing"
