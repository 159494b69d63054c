"""What a lane has consumed of others: nothing twice, nothing skipped, nothing changed since."""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kingmaker.kernel.lane import Lane, LaneDamagedError, Position
from kingmaker.kernel.service import Consumed, Input, Run

_read = json.JSONDecoder().decode  # a replay spends a tenth of its time here
_BEFORE_THE_FIRST = Position(-1, "")
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
        if not item.hash:
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

    def fold(self, consumed: Iterable[Consumed]) -> None:
        """Go on after what an accepted step of our own consumed."""
        for item in consumed:
            match item:
                case Run(lane, first, last, fingerprint):
                    assert first == self.position(lane).seq + 1, f"{lane}: our own runs have a gap"
                    self.positions[lane] = Position(last, fingerprint)
                case Input(lane, number):
                    assert number > self.position(lane).seq, f"{lane}: consumed {number} twice"
                    self.positions[lane] = Position(number, "")


type Row = list[str | int]


def encode(consumed: Iterable[Consumed]) -> bytes:
    """Return `km_in`: a row per run (first, last, hash) or copied input (number, kind, ...)."""
    rows = [_encode_row(item) for item in consumed]
    return _write(rows).encode() if rows else b""


def decode(km_in: bytes) -> tuple[Consumed, ...]:
    """Return what `encode` was given."""
    return tuple([_decode_row(row) for row in _read(km_in.decode())]) if km_in else ()


def runs(km_in: bytes) -> list[Run]:
    """Return only what was pointed to: an audit reads it for every record of a log."""
    if not km_in:
        return []
    return [
        Run(Lane(topic, index), first, last, fingerprint)
        for topic, index, first, last, fingerprint, *copied in _read(km_in.decode())
        if not copied
    ]


def last_run(km_in: bytes) -> Run | None:
    """Return what a step consumed last, which is what it decided on; None if that was copied."""
    if not km_in.endswith(_END_OF_A_RUN):
        return None
    # Whatever a stranger calls a command stands in rows before it, never in this one.
    topic, index, first, last, fingerprint = _read(km_in[km_in.rfind(b"[") : -1].decode())
    return Run(Lane(topic, index), first, last, fingerprint)


def _encode_row(item: Consumed) -> Row:
    match item:
        case Run(lane, first, last, fingerprint):
            return [lane.topic, lane.index, first, last, fingerprint]
        case Input(lane, number, kind, value, _, time_ms):
            copy = base64.b64encode(value).decode()
            return [lane.topic, lane.index, number, kind, copy, time_ms]


def _decode_row(row: list[Any]) -> Consumed:
    topic, index, number, last_or_kind, rest, *time_ms = row
    lane = Lane(topic, index)
    if isinstance(last_or_kind, int):
        return Run(lane, number, last_or_kind, rest)
    value = base64.b64decode(rest) if rest else b""  # of a tick there is nothing to decode
    return Input(lane, number, last_or_kind, value, time_ms=time_ms[0])
