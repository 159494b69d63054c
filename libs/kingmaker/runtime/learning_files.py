"""Reports of the daily and the weekly learning job as files, folded from the learners' lane.

    reports/daily/<date>.json    what every desk learned from a day, and why another did not
    reports/weekly/<date>.json   the weights that were found, what they would have gained, deployed?

A date at which no desk had enough outcomes has no file; the log has its skips. Whoever deletes
these files loses nothing, the next start writes them again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.topics import event_topic
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Step
from kingmaker.runtime.history import decided
from kingmaker.runtime.home import write_file
from kingmaker.runtime.log import Log
from kingmaker.runtime.projections import UNSAFE

PACKAGE = "kingmaker.learners.v1"
LANE = Lane(event_topic("learners"))
FOLDERS = {"daily_learning": "daily", "weekly_retraining": "weekly"}
HEADS = tuple([f"HEAD_{letter}" for letter in "ABCDEFGHI"])

type Report = dict[str, Any]


@dataclass(slots=True)
class Reports:
    """The report of each schedule's last date; dates only go on."""

    last: dict[str, Report] = field(default_factory=dict)

    def apply(self, kind: str, value: bytes) -> Mapping[str, Report]:
        """Return the report that one event of the learners' lane changes, by its path."""
        package, _, name = kind.rpartition(".")
        if package != PACKAGE or name not in {"LearningJobCompleted", "LearningJobSkipped"}:
            return {}
        event: Any = message_class(package, name).FromString(value)
        report = self.last.get(event.schedule)
        if report is None or report["date"] != event.date:
            report = {"schedule": event.schedule, "date": event.date, "desks": {}}
            self.last[event.schedule] = report
        completed = name == "LearningJobCompleted"
        if completed or event.desk not in report["desks"]:  # a later skip undoes nothing
            report["desks"][event.desk] = _completed(event) if completed else _skipped(event)
        if all(desk["state"] == "skipped" for desk in report["desks"].values()):
            return {}
        folder = FOLDERS.get(event.schedule, event.schedule)
        return {f"{UNSAFE.sub('_', folder)}/{UNSAFE.sub('_', event.date)}.json": report}


class LearningFiles:
    """Keeps the folder as the log says; give `show` every accepted step."""

    def __init__(self, folder: Path) -> None:
        """Name the folder: `reports` of a home."""
        self._folder, self._reports = folder, Reports()

    def rebuild(self, log: Log) -> None:
        """Fold what was decided so far; write what is missing or differs."""
        self._reports = Reports()
        files: dict[str, Report] = {}
        for record in decided(log, LANE):
            files |= self._reports.apply(record.kind, record.value)
        self._write(files)

    def show(self, lane: Lane, step: Step[Any]) -> None:
        """Write what an accepted step says; other lanes say nothing here."""
        if lane != LANE:
            return
        files: dict[str, Report] = {}
        for record in step.records:
            files |= self._reports.apply(record.kind, record.value)
        self._write(files)

    def _write(self, files: Mapping[str, Report]) -> None:
        for name, report in files.items():
            path = self._folder / name
            text = json.dumps(report, indent=2).encode() + b"\n"
            if not path.is_file() or path.read_bytes() != text:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_file(path, text)


def _skipped(event: Any) -> Report:  # noqa: ANN401 - a message
    return {
        "state": "skipped",
        "reason": event.reason,
        "outcomes": event.outcomes,
        "needed": event.needed,
    }


def _completed(event: Any) -> Report:  # noqa: ANN401 - a message
    return {
        "state": "deployed" if event.version else "completed",
        "reason": event.reason,
        "from_ms": event.from_ms,
        "until_ms": event.until_ms,
        "outcomes": event.outcomes,
        "wins": event.wins,
        "win_rate": event.wins / event.outcomes if event.outcomes else None,
        "version": event.version or None,
        "weights": dict(zip(HEADS, event.weights, strict=False)),
        "figures": dict(sorted(event.figures.items())),
    }
