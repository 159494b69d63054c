"""What trainings learn from: trades and bars of a desk, copied into a file before each of them.

A training runs in a process of its own that knows SQLite only. The copy is proved by the rule and
by every hash, and may be lost at any time.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from kingmaker.contracts.desks import desk_of
from kingmaker.contracts.topics import event_topic
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.kernel.service import Effect
from kingmaker.runtime.clock import Reactor, Stoppable
from kingmaker.runtime.copying import copy
from kingmaker.runtime.log import Log
from kingmaker.runtime.sqlite_log import SqliteLog


@dataclass(frozen=True, slots=True)
class MirroredTraining:
    """Does the work of `learners.train` or `learners.history` where the log is not a file."""

    open_log: Callable[[], Log]  # a log of the thread that calls
    file: Path
    lanes: dict[str, int]  # by desk
    trainings: Reactor
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, effect: Effect) -> None:
        """Do nothing yet: the copy comes first."""

    def finish(self, effect: Effect) -> Draft:
        """Copy what is new, then train."""
        index = self.lanes[_desk_of(effect)]
        lanes = [Lane(event_topic(service), index) for service in ("trader", "feed")]
        with self._lock:  # two trainings may begin at once
            source = self.open_log()
            target = SqliteLog(self.file, source.incarnation)
            try:
                copy(source, target, lanes)
            finally:
                target.close()
                source.close()
        return self.trainings.finish(effect)

    def stop(self, effect_id: str) -> None:
        """End a training that nobody waits for any longer."""
        if isinstance(self.trainings, Stoppable):
            self.trainings.stop(effect_id)


def _desk_of(effect: Effect) -> str:
    """Return whose records are learned from: a slot's, or those of a desk as a whole."""
    asked = effect.payload
    return str(asked.desk) if hasattr(asked, "desk") else desk_of(asked.slot)
