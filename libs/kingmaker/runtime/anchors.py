"""Anchors outside the log: the last place of every lane, so that a lost tail is found too."""

import json
import time
from collections.abc import Mapping
from pathlib import Path

from kingmaker.kernel.lane import Lane, LaneDamagedError, Position, Record
from kingmaker.runtime.home import write_file
from kingmaker.runtime.log import Log

WRITE_EVERY_S = 1.0


class Anchors:
    """A small file beside the log. Losing it costs a check, never truth."""

    def __init__(self, path: Path) -> None:
        """Remember where."""
        self._path = path
        self._written_at = 0.0

    def are_due(self) -> bool:
        """Tell whether a second has passed since the last time."""
        return time.monotonic() - self._written_at > WRITE_EVERY_S

    def drop(self, tips: Mapping[Lane, Position]) -> None:
        """Write where the lanes end. Only what is durable: an anchor never runs ahead."""
        self._written_at = time.monotonic()
        rows = [[lane.topic, lane.index, tip.seq, tip.hash] for lane, tip in tips.items()]
        write_file(self._path, json.dumps(rows).encode())

    def read(self) -> dict[Lane, Position]:
        """Return what was written last; nothing if there is no file."""
        try:
            rows = json.loads(self._path.read_text())
        except FileNotFoundError:
            return {}
        except ValueError as error:
            raise LaneDamagedError(
                f"{self._path} cannot be read ({error}). If the log is whole by `kingmaker audit"
                f" verify`, delete this file: it is written anew."
            ) from error
        return {Lane(topic, index): Position(seq, found) for topic, index, seq, found in rows}

    def check(self, log: Log) -> None:
        """Refuse a log that ends before an anchor, or holds another record there."""
        for lane, anchor in self.read().items():
            if anchor.seq < 0:
                continue
            place = log.place_of(lane, anchor.seq)
            records = log.read(lane, place)[0] if place is not None else ()
            if not records:
                raise _missing(lane, anchor, self._path.name)
            _compare(lane, anchor, records[0], self._path.name)

    def witness(self) -> "Witness":
        """Return what checks lanes while somebody reads them anyway."""
        return Witness(self.read(), self._path.name)


class Witness:
    """Meets the anchors on the way: for a log that cannot tell where a record is."""

    def __init__(self, anchors: Mapping[Lane, Position], name: str) -> None:
        """Wait for these; `name` is that of the file that holds them."""
        self._anchors = {lane: at for lane, at in anchors.items() if at.seq >= 0}
        self._name = name

    def see(self, lane: Lane, record: Record) -> None:
        """Refuse an accepted record that is not the one an anchor names."""
        anchor = self._anchors.get(lane)
        if anchor is not None and record.seq == anchor.seq:
            _compare(lane, anchor, record, self._name)
            del self._anchors[lane]

    def require(self, lane: Lane) -> None:
        """Refuse a lane that ended before its anchor."""
        if lane in self._anchors:
            raise _missing(lane, self._anchors[lane], self._name)


def _compare(lane: Lane, anchor: Position, found: Record, name: str) -> None:
    if found.hash != anchor.hash:
        raise LaneDamagedError(
            f"{lane}: record {anchor.seq} is not the one that {name} names: the"
            f" lane was forged or made anew. Restore it from a copy."
        )


def _missing(lane: Lane, anchor: Position, name: str) -> LaneDamagedError:
    return LaneDamagedError(
        f"{lane}: record {anchor.seq} is missing: it was there when"
        f" {name} was written. The log lost its tail; restore it from a"
        f" copy; never edit it."
    )
