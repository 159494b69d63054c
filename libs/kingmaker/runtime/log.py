"""The log as the runtime sees it. What counts, the rule says, not the store."""

from collections.abc import Iterator, Sequence
from enum import Enum, auto
from typing import Protocol, runtime_checkable

from kingmaker.kernel.lane import Chain, Lane, Record


class Verdict(Enum):
    """What became of an append. Anything but `ACCEPTED`: leave, restart, replay."""

    ACCEPTED = auto()
    FENCED = auto()  # the records do not count, and never will
    UNCLEAR = auto()  # they may count: only a new reading tells


class NotAcceptedError(Exception):
    """Our append does not count, or nobody knows: drop this process's engines and start anew."""


class StoreFailedError(Exception):
    """The store cannot write: a full disk, a broken one. What was committed is there."""


type Link = tuple[str, bytes]  # hash and `km_in` of an accepted record


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


@runtime_checkable
class Linked(Protocol):
    """A log that can prove its chains without making a record of each row."""

    def links(self, lane: Lane) -> Iterator[Sequence[Link]]:
        """Yield the links of all accepted records, page by page; raise as reading does."""
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
        """Begin with the step of `seq` where the store can; somebody has verified what precedes."""
        last = self._stored(seq - 1)
        if last is not None and last.n < last.of - 1:  # amid a step: begin with the whole of it
            last = self._stored(last.seq - last.n - 1)
        place = self._log.place_of(self.lane, last.seq) if last is not None else None
        if last is not None and place is not None:
            self.chain.resume(last)
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

    def _stored(self, seq: int) -> Record | None:
        place = self._log.place_of(self.lane, seq) if seq >= 0 else None
        records = self._log.read(self.lane, place)[0] if place is not None else ()
        return records[0] if records else None
