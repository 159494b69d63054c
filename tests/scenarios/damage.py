"""What disks and forgers do to a log behind its back, by plain SQL."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from kingmaker.kernel.lane import Draft, Lane, Pen, Record, frame
from kingmaker.runtime.home import Home
from kingmaker.runtime.log import Tail
from kingmaker.runtime.sqlite_log import SqliteLog

LANE = "(SELECT id FROM lanes WHERE topic = ? AND lane = ?)"
REPLACE = f"UPDATE records SET value = ?, prev = ?, hash = ? WHERE lane = {LANE} AND seq = ?"  # noqa: S608 - constants
DELETE = f"DELETE FROM records WHERE lane = {LANE} AND seq"  # noqa: S608 - constants


def middle(home: Home, lane: Lane) -> int:
    """Return the number of an event in the middle of a lane."""
    records = records_of(home, lane)
    half = len(records) // 2
    return next(r.seq for r in records[half:] if r.value and not r.kind.startswith("km."))


def flip_byte(home: Home, lane: Lane, seq: int) -> None:
    """Flip one bit of what a record says, as a bad disk does."""
    value = bytearray(records_of(home, lane)[seq].value)
    value[-1] ^= 1
    with _edited(home) as db:
        db.execute(
            f"UPDATE records SET value = ? WHERE lane = {LANE} AND seq = ?",  # noqa: S608 - constants
            (bytes(value), *lane, seq),
        )


def cut_tail(home: Home, lane: Lane, first: int) -> None:
    """Lose every record from `first` on."""
    with _edited(home) as db:
        db.execute(f"{DELETE} >= ?", (*lane, first))


def remove(home: Home, lane: Lane, seq: int) -> None:
    """Lose one record."""
    with _edited(home) as db:
        db.execute(f"{DELETE} = ?", (*lane, seq))


def forge(home: Home, lane: Lane, seq: int, *, through: bool) -> None:
    """Let a record say something else, its hash made anew; `through`: all that follow, too."""
    records = records_of(home, lane)
    value = bytearray(records[seq].value)
    value[-1] ^= 1
    forged = _with(records[seq], bytes(value), records[seq].prev)
    rows = [forged]
    for record in records[seq + 1 :] if through else ():
        rows.append(_with(record, record.value, rows[-1].hash))
    with _edited(home) as db:
        for row in rows:
            db.execute(REPLACE, (row.value, row.prev, row.hash, *lane, row.seq))


def append(home: Home, lane: Lane, kind: str) -> int:
    """Append an event as the lane's own writer would, of whatever kind; return its number."""
    log = SqliteLog(home.log, home.incarnation())
    with closing(log):
        last = records_of(home, lane)[-1]
        pen = Pen(last.term, last.writer, last.time_ms)
        log.append(lane, frame(last.position, pen, [Draft(kind, b"")]))
        log.commit()
    return last.seq + 1


def records_of(home: Home, lane: Lane) -> list[Record]:
    """Return every record of a lane; number n stands at n."""
    log = SqliteLog(home.log, home.incarnation(), read_only=True)
    with closing(log):
        tail, records = Tail(log, lane), list[Record]()
        while news := tail.poll():
            records += news
    return records


def content(home: Home) -> str:
    """Return a digest of all that the log and the manifest hold."""
    digest = hashlib.sha256(home.manifest.read_bytes())
    with closing(sqlite3.connect(home.log)) as db:
        for row in db.execute("SELECT * FROM records ORDER BY lane, seq"):
            digest.update(repr(row).encode())
    return digest.hexdigest()


def _with(record: Record, value: bytes, prev: str) -> Record:
    """Return a record with other bytes on another one, and the hash that fits."""
    return Record(
        record.term,
        record.writer,
        record.seq,
        prev,
        record.n,
        record.of,
        record.kind,
        value,
        record.consumed,
        record.time_ms,
    )


@contextmanager
def _edited(home: Home) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(home.log)) as db, db:
        yield db
