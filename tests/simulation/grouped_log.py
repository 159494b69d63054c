"""A log that makes all lanes durable together, as the laptop's does: a crash loses all the rest."""

from collections.abc import Sequence

from kingmaker.kernel.lane import Lane, Record
from kingmaker.runtime.log import Verdict
from kingmaker.runtime.memory_log import CrashError
from tests.simulation.invariants import WatchedLog, Watcher

CRASHES_A_COMMIT = 8  # a commit is as likely to be struck as so many appends


class GroupedLog(WatchedLog):
    """Appends are seen by this process at once; watchers see them once they are durable."""

    def __init__(self, seed: int, crash_rate: float, watchers: Sequence[Watcher] = ()) -> None:
        """Begin empty."""
        super().__init__(seed, crash_rate, watchers)
        self._waiting: list[tuple[Lane, Sequence[Record]]] = []

    def append(self, lane: Lane, records: Sequence[Record]) -> Verdict:
        """Take what extends the lane, or crash."""
        if self._random.random() < self.crash_rate:
            self._crash_now()
        stored = self._stored[lane]
        end = stored[-1].position if stored else lane.genesis(self.incarnation)
        if (end.seq + 1, end.hash) != (records[0].seq, records[0].prev):
            return Verdict.FENCED
        stored += records
        self._waiting.append((lane, records))
        return Verdict.ACCEPTED

    def commit(self) -> Verdict:
        """Make everything durable, or crash before or after it."""
        struck = self._random.random() < CRASHES_A_COMMIT * self.crash_rate
        if struck and self._random.random() < 0.5:
            self._crash_now()
        durable, self._waiting = self._waiting, []
        for lane, records in durable:
            self.show(lane, records)
        if struck:
            self._crash_now()
        self.acknowledged |= {records[-1].hash for _, records in durable}
        return Verdict.ACCEPTED

    def place_of(self, lane: Lane, seq: int) -> int | None:
        """Return the number: nothing is ever ignored here."""
        return seq if seq < len(self._stored[lane]) else None

    def _crash_now(self) -> None:
        """Lose what was not committed, in all lanes alike."""
        for lane, lost in self._waiting:
            del self._stored[lane][-len(lost) :]
        self._waiting = []
        self.crashes += 1
        raise CrashError
