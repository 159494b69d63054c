"""Keeps views up with a log: live step by step, or from where the last process left them.

Any process may do so at any time: rows and positions move together, and who comes second sees it.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from google.protobuf.message import DecodeError

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.topics import TOPICS
from kingmaker.kernel.lane import Lane, Position, Record
from kingmaker.kernel.service import Step
from kingmaker.runtime.log import Log, Tail
from kingmaker.runtime.views.changes import Where
from kingmaker.runtime.views.folds import FOLDS
from kingmaker.runtime.views.store import ViewStore

FLUSH_EVERY_S = 0.5
FLUSH_EVENTS = 5_000  # a fold of a whole log is written in bites

type Progress = Callable[[int], None]


class Views:
    """The views of one home."""

    def __init__(self, path: Path, log: Log, desks: Sequence[Desk]) -> None:
        """Open the rows; drop them if they belong to another log."""
        self._log = log
        self._names = {desk.index: desk.name for desk in desks}
        self._per_desk = {topic.name for topic in TOPICS if topic.per_desk}
        self._store = ViewStore(path, log.incarnation)
        self._known: dict[Lane, Position] = self._store.positions()
        self._flushed_at = time.monotonic()

    def catch_up(self, progress: Progress = lambda _events: None) -> int:
        """Fold what was accepted since the last time; return how many events that were."""
        self._known = dict(self._store.begin())
        if not all(self._holds(lane, place) for lane, place in self._known.items()):
            self._store.flush()
            self._store.rebuild()
            self._known = {}
        events = 0
        for lane, record in self._news():
            self._take(lane, record, None)
            events += 1
            if events % FLUSH_EVENTS == 0:
                self._store.flush()
                self._store.begin()
                progress(events)
        self._store.flush()
        return events

    def show(self, lane: Lane, step: Step[Any]) -> None:
        """Take a step that was just made durable; rows follow within half a second."""
        last = self._known.get(lane)
        if last is not None and step.records[-1].seq <= last.seq:
            return
        events = step.events or (None,) * len(step.records)
        for record, event in zip(step.records, events, strict=True):
            self._take(lane, record, event)
        if time.monotonic() - self._flushed_at > FLUSH_EVERY_S:
            self.flush()

    def flush(self) -> None:
        """Write what was taken; if another process was faster, fold what it left."""
        if not self._store.flush():
            self.catch_up()
        self._flushed_at = time.monotonic()

    def close(self) -> None:
        """Close the rows; what was not flushed, the log tells again."""
        self._store.close()

    def _take(self, lane: Lane, record: Record, event: Any) -> None:  # noqa: ANN401 - see changes.Event
        fold = FOLDS.get(record.kind)
        if fold is None:
            self._store.take((), lane, record.position)
            return
        desk = self._names.get(lane.index, "") if lane.topic in self._per_desk else ""
        where = Where(lane.topic, lane.index, record.seq, record.time_ms, desk)
        try:
            told = _message(record) if event is None else event
        except (DecodeError, ValueError):  # nobody can read it: its readers say so, rows do not
            self._store.take((), lane, record.position)
            return
        self._store.take(fold(told, where), lane, record.position)

    def _lanes(self) -> list[Lane]:
        return [
            Lane(topic.name, index)
            for topic in TOPICS
            for index in (self._names if topic.per_desk else (0,))
        ]

    def _news(self) -> Iterator[tuple[Lane, Record]]:
        for lane in self._lanes():
            tail = Tail(self._log, lane)
            known = self._known.get(lane)
            if known is not None:
                tail.skip_to(known.seq + 1)
            while news := tail.poll():
                yield from ((lane, record) for record in news if _is_new(record, known))
                self._known[lane] = news[-1].position

    def _holds(self, lane: Lane, known: Position) -> bool:
        """Tell whether the log still has the record up to which rows were folded."""
        place = self._log.place_of(lane, known.seq)
        if place is None:
            return False
        records, _ = self._log.read(lane, place)
        return bool(records) and records[0].hash == known.hash


def _is_new(record: Record, known: Position | None) -> bool:
    return known is None or record.seq > known.seq


def _message(record: Record) -> Any:  # noqa: ANN401 - see changes.Event
    package, _, name = record.kind.rpartition(".")
    if package == "km":  # a host's own word is JSON
        return SimpleNamespace(**json.loads(record.value))
    return message_class(package, name).FromString(record.value)
