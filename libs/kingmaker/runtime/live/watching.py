"""Looks at a live process: what was accepted, what it took, what waits. Changes nothing."""

import time
from collections.abc import Callable, Mapping, Sequence

from kingmaker.kernel.lane import Lane
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.live.engine import LiveEngine
from kingmaker.runtime.live.health import Health
from kingmaker.runtime.telemetry.measures import Measures, Values
from kingmaker.runtime.telemetry.tracing import Trace, trace_nothing

type Behind = Callable[[Lane], int]  # records of a lane that were not read yet


def behind_nothing(_lane: Lane) -> int:
    """Return 0, where the log cannot tell."""
    return 0


class Watching:
    """Takes what a loop did, and keeps the measures of its process."""

    def __init__(
        self, measures: Measures, behind: Behind = behind_nothing, trace: Trace = trace_nothing
    ) -> None:
        """Count into `measures`."""
        self._measures, self._behind, self._trace = measures, behind, trace

    def accepted(self, engine: Engine, append_seconds: float) -> None:
        """Take the steps of an append that was just accepted."""
        now, measures, lane = time.time(), self._measures, engine.lane
        measures.observe("step_append_seconds", (engine.service.name,), append_seconds)
        began = iter(engine.began) if isinstance(engine, LiveEngine) else iter(())
        for step in engine.accepted:
            measures.take(lane, step)
            since = next(began, now) if step.events else now
            if step.events:
                measures.took(lane, step, max(0.0, now - since))
            self._trace(lane, step, since, now)
        if isinstance(engine, LiveEngine):
            engine.began.clear()

    def look(self, engines: Sequence[Engine], health: Health, stopped: Mapping[Lane, str]) -> None:
        """Read the gauges; everything that was decided is accepted."""
        process: dict[str, Values] = {"lane_stopped": {}, "consumer_lag_events": {}, "ready": {}}
        for engine in engines:
            name = engine.service.name
            process["ready"][name,] = float(health.ready)
            process["lane_stopped"][str(engine.lane),] = float(engine.lane in stopped)
            for lane, unread in engine.unread().items():
                labels = (name, lane.topic, str(lane.index))
                process["consumer_lag_events"][labels] = float(unread + self._behind(lane))
            if isinstance(engine, LiveEngine):
                self._measures.processed(name, engine.taken)
                engine.taken.clear()
        self._measures.look([one for one in engines if one.lane not in stopped], process)
