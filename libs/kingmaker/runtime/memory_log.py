"""The log of the simulator: it may do, by seed, all the harm that a real one may do.

Legal harm: a writer dies before, amid or after a send; what it sent arrives late, in part, twice or
never; records of different writers interleave. One writer's records never overtake each other.
"""

import random
from collections import defaultdict, deque
from collections.abc import Sequence

from kingmaker.kernel.lane import Lane, Record
from kingmaker.runtime.log import Tail, Verdict

LOSS_RATE = 0.3
REPEAT_RATE = 0.3


class CrashError(Exception):
    """The process died during an append; the simulator starts a new one."""


class MemoryLog:
    """A `Log` in memory. A place is an index. With `crash_rate` 0 it never fails."""

    def __init__(self, seed: int = 0, crash_rate: float = 0.0, incarnation: str = "memory") -> None:
        """Draw all harm from `seed`."""
        self.crashes = 0
        self.crash_rate = crash_rate  # a test may calm the store down before it looks around
        self.incarnation = incarnation
        self._random = random.Random(seed)  # noqa: S311 - simulation, not secrets
        self._stored: dict[Lane, list[Record]] = defaultdict(list)
        self._late: dict[Lane, list[deque[Record]]] = defaultdict(list)  # one channel a dead writer
        self._own: dict[Lane, Tail] = {}

    def append(self, lane: Lane, records: Sequence[Record]) -> Verdict:
        """Store the records and read them back, or crash at a point that the seed chooses."""
        self._let_arrive(lane)
        if self._random.random() < self.crash_rate:
            self._crash(lane, records)
        self._stored[lane] += records
        tail = self._own.setdefault(lane, Tail(self, lane))
        accepted = tail.accepts(records[-1], len(self._stored[lane]))
        return Verdict.ACCEPTED if accepted else Verdict.FENCED

    def commit(self) -> Verdict:
        """Do nothing: an append is as durable as this store ever gets."""
        return Verdict.ACCEPTED

    def read(self, lane: Lane, place: int) -> tuple[Sequence[Record], int]:
        """Return what has arrived."""
        records = self._stored[lane][place:]
        return records, place + len(records)

    def place_of(self, _lane: Lane, _seq: int) -> int | None:
        """Return None: what was ignored stands between the records that count."""
        return None

    def close(self) -> None:
        """Keep everything: the next process reads it."""

    def _crash(self, lane: Lane, records: Sequence[Record]) -> None:
        """Let some records arrive now; the others are in flight, and nobody waits for them.

        A client may also have sent again what had arrived already.
        """
        arrived = self._random.randint(0, len(records))
        self._stored[lane] += records[:arrived]
        repeats = self._random.random() < REPEAT_RATE
        again = self._random.randint(0, arrived) if repeats else arrived
        self._late[lane].append(deque(records[again:]))
        self.crashes += 1
        raise CrashError

    def _let_arrive(self, lane: Lane) -> None:
        """Deliver or lose some records of dead writers."""
        for channel in self._late[lane]:
            for _ in range(self._random.randint(0, len(channel))):
                record = channel.popleft()
                if self._random.random() >= LOSS_RATE:
                    self._stored[lane].append(record)
