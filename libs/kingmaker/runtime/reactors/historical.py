"""The work of `learners.history`: one run over a desk's past bars, in a process of its own.

Same bars, settings and seeds, same bytes: a run whose outcome is unknown is repeated.
"""

import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from kingmaker.kernel.lane import Draft
from kingmaker.runtime.reactors.progress import ProgressFile, path_of
from kingmaker.runtime.reactors.training import Place, Tell, TrainingReactor, fact_of

KIND = "learners.history"
COMMAND = (sys.executable, "-m", "kingmaker.runtime.reactors.history_process")
WALL_LIMIT_S = 3600.0  # ninety days of many symbols on a busy machine; beyond it, a run hangs
TOLD = (
    *("run", "desk", "days", "until_ms", "base_from_ms", "base_until_ms", "known"),
    *("taught", "seeds", "parameters", "time_ms"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A `HistoricalRunStarted` as its process hears it: where its desk's records are, and TOLD."""

    log: str
    artifacts: str
    lane: int
    started: Mapping[str, Any]
    compiled: str = ""  # the folder of compiled programs; "": nothing is kept


@dataclass(frozen=True, slots=True)
class PastBars:
    """The work of one run."""

    place: Place

    def about(self, asked: Any) -> str:  # noqa: ANN401 - a HistoricalRunStarted
        """Name run and desk."""
        return f"{asked.run} {asked.desk}"

    def kept(self, asked: Any) -> ProgressFile | None:  # noqa: ANN401 - as above
        """Keep how far it is, where a home wants it."""
        if self.place.progress is None:
            return None
        about = {"training": asked.run, "slot": asked.desk, "attempt": asked.attempt or 1}
        return ProgressFile(path_of(self.place.progress, asked.run), about)

    def times(self, _asked: Any) -> float:  # noqa: ANN401 - as above
        """Return 1: every run has the same limit."""
        return 1.0

    def request(self, asked: Any) -> Asked:  # noqa: ANN401 - as above
        """Return what to learn from, and how."""
        started = asdict(asked)
        return Asked(
            log=str(self.place.log),
            artifacts=str(self.place.artifacts),
            lane=self.place.lane(asked.desk),
            started={name: started[name] for name in TOLD},
            compiled=str(self.place.compiled or ""),
        )

    def fact(self, asked: Any, answer: Mapping[str, Any]) -> Draft:  # noqa: ANN401 - as above
        """Return HistoryLearned, also where there was nothing to learn from, or HistoryBroke."""
        if "sources_digest" in answer:
            return fact_of("HistoryLearned", run=asked.run, **answer)
        return fact_of("HistoryBroke", run=asked.run, reason=str(answer["reason"]))


def reactor(place: Place, tell: Tell = lambda _line: None) -> TrainingReactor:
    """Return what does the work of `learners.history`."""
    return TrainingReactor(
        place, tell, work=PastBars(place), command=COMMAND, wall_limit_s=WALL_LIMIT_S
    )
