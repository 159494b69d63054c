"""Which records of a lane count: one rule, applied by every reader. No I/O.

A lane has one writer at a time. A writer opens its *term* with a `Started` record on the tip it
read, then appends *steps*: framed (`n` of `of`), numbered (`seq`), chained (`prev`). The store may
hold more: torn steps, retries, records of a writer that woke up too late. Every reader feeds every
record to a `Chain` and believes only what comes back. So no lock, no lease and no transaction.
"""

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kingmaker.kernel.frozen import quick

STARTED = "km.Started"  # the dot keeps it apart from every event of a service
IN_FLIGHT_RECORDS_MAX = 4096  # what a writer may have sent and not yet read back

_pack = struct.Struct(">10q").pack  # the numbers of a record, and the lengths of its texts
_GENESIS = struct.Struct(">3q")
_sha256, _set, _new = hashlib.sha256, object.__setattr__, tuple.__new__


class LaneDamagedError(Exception):
    """Records that were once accepted are missing or differ: stop, never guess."""


class Lane(NamedTuple):  # and not a dataclass: it is looked up for every input
    """One partition of one topic."""

    topic: str
    index: int = 0  # type: ignore[assignment] # hides tuple.index, which nobody asks a lane for

    def genesis(self, incarnation: str) -> "Position":
        """Return the position before the first record; a topic made anew is a stranger."""
        topic, home = self.topic.encode(), incarnation.encode()
        head = _GENESIS.pack(self.index, len(topic), len(home))
        return Position(-1, _digest((head, topic, home)))

    def __str__(self) -> str:
        """Return the form used in ids and messages: `km.promotion.v1/0`."""
        return f"{self.topic}/{self.index}"


class Position(NamedTuple):  # likewise: one is made for every record
    """A record of a lane by number and by content."""

    seq: int
    hash: str


@quick
@dataclass(frozen=True, slots=True)
class Record:
    """One event in the log, with the headers (`km_*`) that frame, number and chain it.

    `hash` is SHA-256 over every field; never over what a store adds, such as offsets and times.
    """

    term: int
    writer: str
    seq: int
    prev: str
    n: int
    of: int
    kind: str
    value: bytes
    consumed: bytes = b""  # km_in: what the step consumed, on its first record
    time_ms: int = 0  # logical time, UTC: what the writer knew of the market's clock
    hash: str = field(init=False)

    def __post_init__(self) -> None:
        """Hash once; every reader compares it."""
        about = (self.term, self.writer, self.seq, self.prev, self.n, self.of, self.kind)
        _set(self, "hash", hash_of(*about, self.value, self.consumed, self.time_ms))

    @property
    def position(self) -> Position:
        """Where a record that extends this one must say it stands."""
        return _new(Position, (self.seq, self.hash))  # as Position(...) does, in half of the time


def hash_of(  # noqa: PLR0913, PLR0917 - the fields of a record, in their order
    term: int,
    writer: str,
    seq: int,
    prev: str,
    n: int,
    of: int,
    kind: str,
    value: bytes,
    consumed: bytes,
    time_ms: int,
) -> str:
    """Return the hash of a record with these fields: for who reads too many to make them all."""
    # Written out, where a loop would do: this is most of what reading a record costs.
    who, before, what = writer.encode(), prev.encode(), kind.encode()
    lengths = (len(who), len(before), len(what), len(value), len(consumed))
    return _digest((_pack(term, seq, n, of, time_ms, *lengths), who, before, what, value, consumed))


@quick
@dataclass(frozen=True, slots=True)
class Draft:
    """An event as bytes, not yet framed."""

    kind: str
    value: bytes


@quick
@dataclass(frozen=True, slots=True)
class Pen:
    """Who writes: the term, the writer and its logical time."""

    term: int
    writer: str
    time_ms: int = 0


def frame(
    tip: Position, pen: Pen, events: Sequence[Draft], consumed: bytes = b""
) -> tuple[Record, ...]:
    """Return `events` as one step on `tip`."""
    step: list[Record] = []
    of = len(events)
    seq, prev, km_in = tip.seq, tip.hash, consumed
    for n, draft in enumerate(events):
        seq += 1
        record = Record(
            pen.term, pen.writer, seq, prev, n, of, draft.kind, draft.value, km_in, pen.time_ms
        )
        step.append(record)
        prev, km_in = record.hash, b""
    return tuple(step)


@dataclass(slots=True)
class Chain:
    """The rule, as a machine that is fed one lane in log order.

    Accept  a step that extends the tip and is complete.
    Hold    a step that extends the tip and is not complete yet.
    Ignore  zombies, retries, losers of a take-over, leftovers of a failed send.
    Stop    when records are missing that were once accepted.

    Readers of any two prefixes agree: what was accepted stays accepted.
    """

    lane: Lane
    incarnation: str = ""
    tip: Position = field(init=False)
    term: int = field(default=0, init=False)
    writer: str = field(default="", init=False)
    _held: list[Record] = field(default_factory=list, init=False)
    _void: int = field(default=0, init=False)  # records ignored since this term broke its chain

    def __post_init__(self) -> None:
        """Begin before the first record."""
        self.tip = self.lane.genesis(self.incarnation)

    def resume(self, last: Record) -> None:
        """Go on after `last`, the end of a step that is known to be accepted."""
        self.tip, self.term, self.writer = last.position, last.term, last.writer

    def feed(self, record: Record) -> Sequence[Record]:
        """Return the step that `record` completes; nothing if it is held or ignored."""
        if record.kind == STARTED:
            return self._take_over(record)
        if record.term != self.term or record.writer != self.writer:
            return self._meet_stranger(record)
        if self._repeats(record):
            return ()
        if self._void or not self._extends(record):
            return self._void_term()
        return self._hold(record)

    @property
    def holding(self) -> int:
        """How many records of an incomplete step are held."""
        return len(self._held)

    def _take_over(self, start: Record) -> Sequence[Record]:
        """Accept a new writer on the tip; a step left incomplete before it is dropped for ever."""
        if start.seq > self.tip.seq + 1:
            raise self._damage(f"record {start.seq} opens term {start.term}", start.seq - 1)
        if start.term <= self.term or (start.seq, start.prev) != (self.tip.seq + 1, self.tip.hash):
            return ()  # it lost the race: its writer will not find itself accepted, and leave
        self.term, self.writer = start.term, start.writer
        self._held.clear()
        self._void = 0
        return self._accept((start,))

    def _meet_stranger(self, record: Record) -> Sequence[Record]:
        """Ignore a zombie; a writer of the future means that its start is missing."""
        if record.term > self.term:
            raise self._damage(f"record {record.seq} is of term {record.term}", record.seq - 1)
        return ()

    def _repeats(self, record: Record) -> bool:
        return not self._void and record.seq <= self._last.seq

    def _extends(self, record: Record) -> bool:
        held = self._held
        last = held[-1] if held else self.tip
        return (
            record.seq == last.seq + 1
            and record.prev == last.hash
            and record.n == len(held)
            and (not held or record.of == held[0].of)
        )

    def _void_term(self) -> Sequence[Record]:
        """Ignore the rest of a term whose writer failed to send a record; it will leave."""
        self._held.clear()
        self._void += 1
        if self._void > IN_FLIGHT_RECORDS_MAX:
            raise self._damage(f"term {self.term} went on", self.tip.seq + 1)
        return ()

    def _hold(self, record: Record) -> Sequence[Record]:
        self._held.append(record)
        if len(self._held) < record.of:
            return ()
        step, self._held = tuple(self._held), []
        return self._accept(step)

    def _accept(self, step: tuple[Record, ...]) -> Sequence[Record]:
        self.tip = step[-1].position
        return step

    @property
    def _last(self) -> Position | Record:
        return self._held[-1] if self._held else self.tip

    def _damage(self, seen: str, missing: int) -> LaneDamagedError:
        return LaneDamagedError(
            f"{self.lane}: {seen}, but the lane ends at {self.tip.seq}: records up to {missing} are"
            f" missing. See `kingmaker audit verify`, then restore it from a copy; never edit it."
        )


def _digest(fields: Sequence[bytes]) -> str:
    """Hash a head of fixed length that tells the lengths of all other fields, and those fields.

    So no two lists of fields look alike.
    """
    return _sha256(b"".join(fields)).hexdigest()
