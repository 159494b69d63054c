"""The log as the runtime sees it. What counts, the rule says, not the store."""

from collections.abc import Sequence
from enum import Enum, auto
from typing import Protocol

from kingmaker.kernel.lane import Chain, Lane, Record


class Verdict(Enum):
    """What became of an append. Anything but `ACCEPTED`: leave, restart, replay."""

    ACCEPTED = auto()
    FENCED = auto()  # the records do not count, and never will
    UNCLEAR = auto()  # they may count: only a new reading tells


class NotAcceptedError(Exception):
    """Our append does not count, or nobody knows: drop this process's engines and start anew."""


class Log(Protocol):
    """A store of lanes: memory, SQLite or Kafka, held to `tests/conformance`."""

    @property
    def incarnation(self) -> str:
        """Chosen when the store was made: a store made anew is a stranger."""
        ...

    def append(self, lane: Lane, records: Sequence[Record]) -> Verdict:
        """Append chained records; their first says by `seq` and `prev` what they extend.

        Accepted records are visible to readers of this object; others see them after `commit`.
        """
        ...

    def commit(self) -> Verdict:
        """Make all that was appended durable, at once; nothing may leave the process before."""
        ...

    def read(self, lane: Lane, place: int) -> tuple[Sequence[Record], int]:
        """Return records stored from `place` on (0: all) and the place to go on from.

        A place means something to this store alone (an offset, a row). Empty: the end, for now.
        """
        ...

    def place_of(self, lane: Lane, seq: int) -> int | None:
        """Return the place of an accepted record; None where the store cannot tell."""
        ...

    def close(self) -> None:
        """Let go of the store; what was not committed is lost."""
        ...


class Tail:
    """Follows one lane and lets the rule choose."""

    def __init__(self, log: Log, lane: Lane) -> None:
        """Begin before the first record."""
        self.lane = lane
        self.chain = Chain(lane, log.incarnation)
        self.place = 0
        self._log = log

    def skip_to(self, seq: int) -> None:
        """Begin at record `seq`, whose predecessors somebody has verified, where the store can."""
        place = self._log.place_of(self.lane, seq - 1) if seq > 0 else None
        if place is None:
            return
        records, _ = self._log.read(self.lane, place)
        if records and records[0].n == records[0].of - 1:
            self.chain.resume(records[0])
            self.place = place + 1

    def poll(self) -> list[Record]:
        """Return what was accepted since the last poll; empty at the end."""
        accepted: list[Record] = []
        while not accepted:
            records, self.place = self._log.read(self.lane, self.place)
            if not records:
                break
            for record in records:
                accepted.extend(self.chain.feed(record))
        return accepted

    def accepts(self, last: Record, place: int) -> bool:
        """Read up to `place` and tell whether `last`, the end of a step, was accepted."""
        found = False
        while self.place < place:
            found |= last.hash in {record.hash for record in self.poll()}
        return found
