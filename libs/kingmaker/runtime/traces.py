"""Hands traces on from the events that a process consumes to those that it writes.

What decided a step is the last input it consumed. If that is an event of another lane the step goes
on with its trace; if it is a tick, a command or a fact, a trace begins.
"""

from collections.abc import Sequence

from kingmaker.contracts import traceparent
from kingmaker.contracts.envelope import FRAMING_PREFIX
from kingmaker.kernel import consumption
from kingmaker.kernel.lane import Lane, Record

KEPT = 16_384  # headers of each lane: more than is read ahead of what is consumed


class Traces:
    """The headers of the latest events of each lane that was read or written here."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._headers: dict[Lane, dict[int, bytes]] = {}

    def note(self, lane: Lane, seqs: Sequence[int], headers: Sequence[bytes]) -> None:
        """Remember the headers of events by number, and forget the oldest."""
        known = self._headers.setdefault(lane, {})
        known.update((seq, told) for seq, told in zip(seqs, headers, strict=True) if told)
        if len(known) > 2 * KEPT:
            self._headers[lane] = dict(list(known.items())[-KEPT:])

    def of(self, lane: Lane, seq: int) -> bytes:
        """Return the header of an event; empty where it has none, or none is known any more."""
        return self._headers.get(lane, {}).get(seq, b"")

    def lead(self, lane: Lane, records: Sequence[Record]) -> list[bytes]:
        """Return the header of each record of whole steps that `lane` is about to hold.

        Records of the machine itself have none: they tell of a process, not of what happened.
        """
        found: list[bytes] = []
        cause, where = b"", str(lane)
        for record in records:
            if record.n == 0:
                cause = self.cause_of(record)
            is_framing = record.kind.startswith(FRAMING_PREFIX)
            led = b"" if is_framing else traceparent.following(f"{where}/{record.seq}", cause)
            found.append(led)
        return found

    def cause_of(self, first: Record) -> bytes:
        """Return the header of the event that decided a step, by the step's first record."""
        event = consumption.last_event(first.consumed)
        return self.of(*event) if event else b""
