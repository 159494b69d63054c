"""How far the rows are behind the log, as the process that folds them sees it."""

import time
from collections.abc import Callable

from kingmaker.kernel.lane import Lane
from kingmaker.runtime.live.health import Health
from kingmaker.runtime.telemetry.measures import Measures, Values

SERVICE = "views"


class ViewGauges:
    """The gauges of a process that folds every lane and writes none."""

    def __init__(self, measures: Measures, clock: Callable[[], float] = time.time) -> None:
        """Show nothing yet."""
        self._measures, self._clock = measures, clock
        self._complete_at: float | None = None

    def look(self, health: Health, behind: Callable[[Lane], int], *, is_folded: bool) -> None:
        """Show what health says, and when everything was last folded and written."""
        if is_folded:
            self._complete_at = self._clock()
        seqs: Values = {(lane,): float(seq) for lane, seq in health.lanes.items()}
        found: dict[str, Values] = {
            "ready": {(SERVICE,): float(health.ready)},
            "views_seq": seqs,
            "consumer_lag_events": {},
        }
        for (name,) in seqs:
            topic, _, index = name.rpartition("/")
            waiting = behind(Lane(topic, int(index)))
            found["consumer_lag_events"][SERVICE, topic, index] = float(waiting)
        if self._complete_at is not None:
            found["views_complete_timestamp_seconds"] = {(): self._complete_at}
        self._measures.look((), found)
