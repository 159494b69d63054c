"""Keeps views up with a log: live step by step, or from where the last process left them.

Any process may do so at any time: rows and positions move together, and who comes second sees it.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from google.protobuf.message import DecodeError

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.topics import TOPICS
from kingmaker.kernel.lane import Lane, LaneDamagedError, Record
from kingmaker.kernel.service import Step
from kingmaker.runtime.log import Log
from kingmaker.runtime.views.batch import Batch, Folded
from kingmaker.runtime.views.changes import Change, Where
from kingmaker.runtime.views.folds import FOLDS
from kingmaker.runtime.views.reading import LaneReader
from kingmaker.runtime.views.store import OtherLogError, ViewStore

FLUSH_EVERY_S = 0.5
FLUSH_EVENTS = 5_000  # a fold of a whole log is written in bites

type Progress = Callable[[int], None]


class Views:
    """The rows of one log in one database, of a schema that is there."""

    def __init__(self, store: ViewStore, log: Log, desks: Sequence[Desk]) -> None:
        """Look where the rows stand. Raise OtherLogError where they are of another log."""
        self._store, self._log = store, log
        self._names = {desk.index: desk.name for desk in desks}
        self._per_desk = {topic.name for topic in TOPICS if topic.per_desk}
        self._readers: dict[Lane, LaneReader] = {}
        self._batch = Batch()
        self._damaged: LaneDamagedError | None = None
        self._flushed_at = time.monotonic()
        store.bind(log.incarnation)
        self._stored: Mapping[Lane, Folded] = store.positions()

    @property
    def folded(self) -> Mapping[Lane, Folded]:
        """Up to where each lane is folded and written."""
        return self._stored

    def catch_up(self, progress: Progress = lambda _events: None) -> int:
        """Fold what was accepted since the last time; return how many events that were.

        Raise OtherLogError where the log does not hold what was folded before, and
        LaneDamagedError, once the others are folded, where a lane cannot be read.
        """
        events = 0
        while (taken := self._fold_news(events, progress)) is None:
            self._look_again()
        return events + taken

    def rebuild(self) -> None:
        """Drop every row; `catch_up` folds the log from its beginning."""
        self._store.rebuild(self._log.incarnation)
        self._look_again()

    def show(self, lane: Lane, step: Step[Any]) -> None:
        """Take a step that was just made durable; rows follow within half a second."""
        last = self._known(lane)
        if last is not None and step.records[-1].seq <= last.seq:
            return
        self._readers.pop(lane, None)  # it stands before this step
        events = step.events or (None,) * len(step.records)
        for record, event in zip(step.records, events, strict=True):
            self._take(lane, record, event, None)
        if time.monotonic() - self._flushed_at > FLUSH_EVERY_S:
            self.flush()

    def flush(self) -> None:
        """Write what was taken; if another process was faster, fold what it left."""
        if not self._write():
            self._look_again()
            self.catch_up()

    def close(self) -> None:
        """Close the rows; what was not flushed, the log tells again."""
        self._store.close()

    def _fold_news(self, before: int, progress: Progress) -> int | None:
        """Return how many events were folded; None if another process folded meanwhile."""
        taken = waiting = 0
        for lane, record, place in self._news():
            self._take(lane, record, None, place)
            taken, waiting = taken + 1, waiting + 1
            if waiting >= FLUSH_EVENTS and record.n == record.of - 1:  # never amid a step
                if not self._write():
                    return None
                waiting = 0
                progress(before + taken)
        if not self._write():
            return None
        if self._damaged is not None:
            raise self._damaged
        return taken

    def _news(self) -> Iterator[tuple[Lane, Record, int]]:
        """Yield what was not folded yet; a lane that cannot be read stops no other."""
        self._damaged = None
        for lane in self._lanes():
            try:
                for record, place in self._reader(lane).poll():
                    yield lane, record, place
            except LaneDamagedError as error:
                self._readers.pop(lane, None)  # to be read anew, once it is mended
                self._damaged = error

    def _take(self, lane: Lane, record: Record, event: Any, place: int | None) -> None:  # noqa: ANN401 - see changes.Event
        folded = Folded(record.seq, record.hash, place)
        self._batch.take(self._changes(lane, record, event), lane, folded)

    def _changes(self, lane: Lane, record: Record, event: Any) -> Sequence[Change]:  # noqa: ANN401 - see changes.Event
        fold = FOLDS.get(record.kind)
        if fold is None:
            return ()
        desk = self._names.get(lane.index, "") if lane.topic in self._per_desk else ""
        where = Where(lane.topic, lane.index, record.seq, record.time_ms, desk)
        try:
            told = _message(record) if event is None else event
        except (DecodeError, ValueError):  # nobody can read it: its readers say so, rows do not
            return ()
        return fold(told, where)

    def _write(self) -> bool:
        batch, self._batch = self._batch, Batch()
        self._flushed_at = time.monotonic()
        if not batch.folded:
            return True
        if not self._store.write(batch, self._stored):
            return False
        self._stored = {**self._stored, **batch.folded}
        return True

    def _look_again(self) -> None:
        """Forget what was taken and read: the rows stand elsewhere than this process thought."""
        self._readers.clear()
        self._batch = Batch()
        self._stored = self._store.positions()

    def _known(self, lane: Lane) -> Folded | None:
        return self._batch.folded.get(lane) or self._stored.get(lane)

    def _reader(self, lane: Lane) -> LaneReader:
        if lane not in self._readers:
            self._readers[lane] = LaneReader(self._log, lane, self._known(lane))
        return self._readers[lane]

    def _lanes(self) -> list[Lane]:
        return [
            Lane(topic.name, index)
            for topic in TOPICS
            for index in (self._names if topic.per_desk else (0,))
        ]


def catch_up_or_rebuild(views: Views, progress: Progress = lambda _events: None) -> int:
    """Catch up; rows of a log that was put back from an older copy are folded anew."""
    try:
        return views.catch_up(progress)
    except OtherLogError:
        views.rebuild()
        return views.catch_up(progress)


def _message(record: Record) -> Any:  # noqa: ANN401 - see changes.Event
    package, _, name = record.kind.rpartition(".")
    if package == "km":  # a host's own word is JSON
        return SimpleNamespace(**json.loads(record.value))
    return message_class(package, name).FromString(record.value)
