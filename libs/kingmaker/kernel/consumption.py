"""What a lane has consumed of others: nothing twice, nothing skipped, nothing changed since."""

import base64
import functools
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from kingmaker.kernel.lane import Lane, LaneDamagedError, Position
from kingmaker.kernel.service import CLOCK, Consumed, Input, Run

# In C alone: a replay spends a tenth of its time here.
_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined] # the stubs leave it out
_new = tuple.__new__  # as Position(...) does, in half of the time
_BEFORE_THE_FIRST = Position(-1, "")
LANES_KEPT = 1024  # a process reads a few
_RUN = re.compile(rb'\["([^"\\]*)",(\d+),\d+,(\d+),"')  # no topic of ours needs escapes
_ONE_COPY = re.compile(rb'\[\["[^"\\]*",\d+,\d+,"[^"\\]*","[A-Za-z0-9+/=]*",-?\d+\]\]')
_END_OF_A_RUN = b'"]]'  # its hash; what was copied ends in a time
_write = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(slots=True)
class Consumption:
    """A fold of the runs recorded in our own steps, plus those that wait for the next step."""

    positions: dict[Lane, Position] = field(default_factory=dict)
    waiting: list[Consumed] = field(default_factory=list)

    def position(self, lane: Lane) -> Position:
        """Return the last input consumed from `lane`."""
        return self.positions.get(lane, _BEFORE_THE_FIRST)

    def is_news(self, item: Input) -> bool:
        """Tell whether `item` was not consumed yet; stop if it contradicts what was."""
        last = self.positions.get(item.lane, _BEFORE_THE_FIRST)
        if item.hash and item.number != last.seq + 1:
            if item.number > last.seq:
                raise LaneDamagedError(
                    f"{item.lane}: event {item.number} was offered after event {last.seq}"
                )
            self.bear_witness(item.lane, Position(item.number, item.hash))
        return item.number > last.seq

    def bear_witness(self, lane: Lane, seen: Position) -> None:
        """Refuse a lane that no longer holds the event we last consumed from it."""
        last = self.position(lane)
        if seen.seq == last.seq >= 0 and seen.hash != last.hash:
            raise LaneDamagedError(
                f"{lane}: event {seen.seq} is not the one consumed: it was {last.hash[:12]},"
                f" it is {seen.hash[:12]}. The lane was edited or made anew; restore it."
            )

    def require(self, lane: Lane, end: Position) -> None:
        """Refuse a lane that ends before what we consumed from it: its tail was lost."""
        last = self.position(lane)
        if end.seq < last.seq:
            raise LaneDamagedError(
                f"{lane}: ends at event {end.seq}, but event {last.seq} was consumed: restore it."
            )

    def note(self, item: Input) -> None:
        """Put `item` on the list for the next step."""
        self.positions[item.lane] = Position(item.number, item.hash)
        before = self.waiting[-1] if self.waiting else None
        if before is not None and before.lane == item.lane == CLOCK:
            self.waiting[-1] = item  # that one decided nothing: the time it told is over
        elif not item.hash:
            self.waiting.append(item)
        elif isinstance(before, Run) and before.lane == item.lane:
            self.waiting[-1] = Run(item.lane, before.first, item.number, item.hash)
        else:
            self.waiting.append(Run(item.lane, item.number, item.number, item.hash))

    def take(self) -> tuple[Consumed, ...]:
        """Return the list, in order, and begin a new one."""
        taken = tuple(self.waiting)
        self.waiting.clear()
        return taken

    def fold(self, km_in: bytes, topics: Sequence[str] = ()) -> list[Consumed]:
        """Go on after what an accepted step of our own consumed; return what was of these topics.

        Nothing else of it is decoded: a replay has no use for the rest.
        """
        wanted: list[Consumed] = []
        for row in _read(km_in):
            if len(row) == RUN_COLUMNS:
                self._go_on((row[0], row[1]), row[2], row[3], row[4])
            else:
                self._go_on((row[0], row[1]), row[2], row[2], "")
            if row[0] in topics:
                wanted.append(_decode_row(row))
        return wanted

    def _go_on(self, place: tuple[str, int], first: int, last: int, fingerprint: str) -> None:
        """Take a run, or a copied input, of the lane at a place."""
        before = self.positions.get(place)  # type: ignore[call-overload] # a Lane is such a tuple
        known = -1 if before is None else before.seq
        if fingerprint:
            assert first == known + 1, f"{Lane(*place)}: our own runs have a gap"
        else:
            assert first > known, f"{Lane(*place)}: consumed {first} twice"
        key = Lane(*place) if before is None else place  # a key that is there stays as it is
        self.positions[key] = _new(Position, (last, fingerprint))  # type: ignore[index] # as above


TICK = b'"clock",0,'  # how the row of a tick begins
RUN_COLUMNS = 5  # topic, lane, first, last, hash; a copied input has one more

type Row = list[str | int]


def encode(consumed: Iterable[Consumed]) -> bytes:
    """Return `km_in`: a row per run (first, last, hash) or copied input (number, kind, ...)."""
    rows = [_encode_row(item) for item in consumed]
    return _write(rows).encode() if rows else b""


def decode(km_in: bytes) -> tuple[Consumed, ...]:
    """Return what `encode` was given."""
    return tuple([_decode_row(row) for row in _read(km_in)]) if km_in else ()


def runs(km_in: bytes) -> list[Run]:
    """Return only what was pointed to."""
    return [Run(Lane(topic, index), *run) for topic, index, *run in pointed(km_in)]


def pointed(km_in: bytes) -> list[list[Any]]:
    """Return the rows of what was pointed to: an audit reads them for every record of a log."""
    if b'"]' not in km_in and _ONE_COPY.fullmatch(km_in):
        return []
    return [row for row in _read(_without_ticks(km_in)) if len(row) == RUN_COLUMNS]


def _without_ticks(km_in: bytes) -> bytes:
    """Leave out the rows of ticks, as `encode` writes them: they point to nothing, by hundreds."""
    if TICK not in km_in or not (km_in.startswith(b"[[") and km_in.endswith(b"]]")):
        return km_in
    if km_in.count(b"[") == km_in.count(b"[" + TICK) + 1:
        return b""  # nothing but ticks
    # Where something else stands between two rows, both are in one part, and it is kept.
    parts = km_in[2:-2].split(b"],[")
    rows = [part for part in parts if not part.startswith(TICK) or b"[" in part]
    return b"[[" + b"],[".join(rows) + b"]]" if rows else b""


def _read(km_in: bytes) -> list[list[Any]]:
    """Return the rows. Raise ValueError where the bytes are not rows."""
    rows: list[list[Any]] = _parse(km_in) if km_in else []
    return rows


def _parse(content: bytes) -> Any:  # noqa: ANN401 - rows, or one
    text = content.decode()
    try:
        parsed, end = _scan(text, 0)
    except StopIteration as stop:
        raise json.JSONDecodeError("nothing consumed", text, stop.value) from None
    if end != len(text):
        raise json.JSONDecodeError("more than what was consumed", text, end)
    return parsed


def last_event(km_in: bytes) -> tuple[Lane, int] | None:
    """Return the event that a step consumed last, which is what it decided on.

    None if that was copied. Not read as JSON: the driver of Kafka asks for every step it sends.
    """
    if not km_in.endswith(_END_OF_A_RUN):
        return None
    # Whatever a stranger calls a command stands in rows before it, never in this one.
    row = _RUN.match(km_in, km_in.rfind(b"["))
    return (_lane(row[1], row[2]), int(row[3])) if row else None


@functools.lru_cache(maxsize=LANES_KEPT)
def _lane(topic: bytes, index: bytes) -> Lane:
    return Lane(topic.decode(), int(index))


def _encode_row(item: Consumed) -> Row:
    match item:
        case Run(lane, first, last, fingerprint):
            return [lane.topic, lane.index, first, last, fingerprint]
        case Input(lane, number, kind, value, _, time_ms):
            copy = base64.b64encode(value).decode() if value else ""
            return [lane.topic, lane.index, number, kind, copy, time_ms]


def _decode_row(row: list[Any]) -> Consumed:
    topic, index, number, last_or_kind, rest, *time_ms = row
    lane = Lane(topic, index)
    if isinstance(last_or_kind, int):
        return Run(lane, number, last_or_kind, rest)
    value = base64.b64decode(rest) if rest else b""  # of a tick there is nothing to decode
    return Input(lane, number, last_or_kind, value, time_ms=time_ms[0])
