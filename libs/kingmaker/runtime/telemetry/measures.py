"""What one process measured: a fold of the steps that were accepted, and facts of the process.

Written by the thread that decides, after each append; read by whoever scrapes. It decides nothing.
"""

import math
import platform
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from kingmaker.contracts.desks import desk_of
from kingmaker.contracts.topics import TOPICS
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Step
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.release import RELEASE
from kingmaker.runtime.telemetry import counting
from kingmaker.runtime.telemetry.catalogue import SECONDS
from kingmaker.runtime.telemetry.counting import Count
from kingmaker.runtime.telemetry.histogram import Histogram

MS = 1000
LOG_EVIDENCE_MAX = 700.0  # e to this is near the largest float
OPENS = {"ChampionCrowned": "activation_seconds", "ChampionRolledBack": "rollback_seconds"}
CLOSES = "ReignAcknowledged"
TRIAL_ENDS = "TrialClosed"
DECISION = "kingmaker.trader.v1.OpportunityDecided"

type Labels = tuple[str, ...]
type Values = dict[Labels, float]


class Measures:
    """The numbers of one process, by short name and labels as in the catalogue."""

    def __init__(self, desks: Sequence[str], clock: Callable[[], float] = time.monotonic) -> None:
        """Know the desks by lane; count nothing yet."""
        self.counters: dict[str, Values] = defaultdict(dict)
        self.levels: dict[str, Values] = defaultdict(dict)  # set by events
        self.gauges: Mapping[str, Values] = {}  # replaced as a whole, once a second
        self.histograms: dict[tuple[str, Labels], Histogram] = {}
        self._desks, self._clock = tuple(desks), clock
        self._pending: dict[tuple[str, int], tuple[str, float]] = {}  # by slot and reign
        self._step_at: dict[Lane, float] = {}

    # accepted steps

    def take(self, lane: Lane, step: Step[Any]) -> None:
        """Count a step that was just accepted."""
        service = lane.topic.split(".")[1]
        self.count("steps_total", (str(lane),))
        self._step_at[lane] = time.time()
        for record in step.records:
            self.count("events_accepted_total", (service, record.kind))
        if not step.events:
            return
        for record, event in zip(step.records, step.events, strict=True):
            if record.kind in counting.COUNTED_KINDS:
                self._tell(record.kind, event, self._desk(lane))
            if type(event).__name__ == TRIAL_ENDS:
                self._forget("gate_check_passed", event.slot)

    def took(self, lane: Lane, step: Step[Any], seconds: float) -> None:
        """Note how long it took from an input to its step's being accepted."""
        service = lane.topic.split(".")[1]
        self.observe("event_processing_seconds", (service,), seconds)
        for event in step.events:
            self._time_reign(type(event).__name__, event)
        if any(record.kind == DECISION for record in step.records):
            self.observe("trade_latency_seconds", (self._desk(lane),), seconds)

    def processed(self, service: str, counts: Mapping[tuple[str, bool], int]) -> None:
        """Add inputs that were consumed, by type, and whether they decided anything."""
        for (kind, decided), count in counts.items():
            labels = (service, kind, "decided" if decided else "nothing")
            self.count("events_processed_total", labels, count)

    def observe(self, short: str, labels: Labels, seconds: float) -> None:
        """Put one duration into a histogram."""
        known = self.histograms.get((short, labels))
        if known is None:
            known = self.histograms[short, labels] = Histogram(SECONDS)
        known.observe(seconds)

    def count(self, short: str, labels: Labels, by: float = 1.0) -> None:
        """Add to a counter; those of one set of labels are added by one thread."""
        values = self.counters[short]
        values[labels] = values.get(labels, 0.0) + by

    def _tell(self, kind: str, event: Any, desk: str) -> None:  # noqa: ANN401 - of any service
        for told in counting.told(kind, event, desk):
            if isinstance(told, Count):
                self.count(told.short, told.labels)
            else:
                self.levels[told.short][told.labels] = told.value

    def _forget(self, short: str, slot: str) -> None:
        """Let go of what no longer holds of a slot."""
        values = self.levels[short]
        self.levels[short] = {labels: v for labels, v in values.items() if labels[0] != slot}

    def _time_reign(self, name: str, event: Any) -> None:  # noqa: ANN401 - of any service
        """Time a crown, or its return, until promotion has heard that the trader follows."""
        if name in OPENS:
            self._pending[event.slot, event.reign] = (OPENS[name], self._clock())
        elif name == CLOSES:
            short, since = self._pending.pop((event.slot, event.reign), ("", 0.0))
            if short:
                self.observe(short, (desk_of(event.slot),), self._clock() - since)

    def _desk(self, lane: Lane) -> str:
        return self._desks[lane.index] if lane.topic in _PER_DESK else ""

    # gauges, read off what was accepted

    def look(self, engines: Iterable[Engine], process: Mapping[str, Values]) -> None:
        """Read the gauges of states of which everything is accepted, and of the process."""
        found: dict[str, Values] = defaultdict(dict)
        found["build_info"][RELEASE, platform.python_version()] = 1.0
        found["looked_timestamp_seconds"][()] = time.time()
        for engine in engines:
            self._look_at(engine, found)
        for short, values in process.items():
            found[short].update(values)
        self.gauges = found

    def _look_at(self, engine: Engine, found: dict[str, Values]) -> None:
        host, lane = engine.host, (str(engine.lane),)
        found["lane_seq"][lane] = float(host.tip.seq)
        found["lane_term"][lane] = float(host.term)
        found["lane_time_seconds"][lane] = host.time_ms / MS
        if engine.lane in self._step_at:
            found["lane_step_timestamp_seconds"][lane] = self._step_at[engine.lane]
        jobs = found["jobs"]
        for effect in engine.open_effects():
            jobs[effect.kind, "open"] = jobs.get((effect.kind, "open"), 0.0) + 1.0
        for short, value, labels in engine.service.readings(host.state):
            if short == "reign_began_ms":
                found["model_age_seconds"][labels] = max(0.0, host.time_ms - value) / MS
                continue
            found[short][labels] = float(value)
            if short == "trial_log_evidence":
                found["trial_evidence"][labels] = math.exp(min(value, LOG_EVIDENCE_MAX))


_PER_DESK = {topic.name for topic in TOPICS if topic.per_desk}
