"""The log in one SQLite file, the default on a single machine: compare and append at once.

Appends collect in memory, where this process reads them, and become durable together at `commit`.
The file holds accepted records only, so whatever does not extend the chain there is damage.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from kingmaker.kernel.lane import Lane, LaneDamagedError, Position, Record
from kingmaker.runtime.log import Link, StoreFailedError, Verdict
from kingmaker.runtime.sqlite_walk import Walk, damaged, misplaced

BUSY_TIMEOUT_S = 10.0
READ_RECORDS_MAX = 512
LINKS_MAX = 1024
RECENT_RECORDS_MAX = 4096  # per lane, kept in memory for readers of this process

SCHEMA = """
CREATE TABLE IF NOT EXISTS lanes (
  id INTEGER PRIMARY KEY, topic TEXT NOT NULL, lane INTEGER NOT NULL, UNIQUE (topic, lane)
) STRICT;
CREATE TABLE IF NOT EXISTS records (
  lane INTEGER NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL, term INTEGER NOT NULL,
  writer TEXT NOT NULL, prev TEXT NOT NULL, n INTEGER NOT NULL, of INTEGER NOT NULL,
  kind TEXT NOT NULL, value BLOB NOT NULL, consumed BLOB NOT NULL, time_ms INTEGER NOT NULL,
  PRIMARY KEY (lane, seq)
) STRICT, WITHOUT ROWID;
"""
COLUMNS = "term, writer, seq, prev, n, of, kind, value, consumed, time_ms"
INSERT = "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
LAST = f"SELECT {COLUMNS}, hash FROM records WHERE lane = ? ORDER BY seq DESC LIMIT 1"  # noqa: S608 - constants
READ = f"SELECT {COLUMNS}, hash FROM records WHERE lane = ? AND seq >= ? ORDER BY seq LIMIT ?"  # noqa: S608 - constants


class SqliteLog:
    """A `Log` in one file. A place is a `seq`."""

    def __init__(self, path: Path, incarnation: str, *, read_only: bool = False) -> None:
        """Open or create the file; what was committed survives a power cut."""
        self.incarnation = incarnation
        self._path = path
        self._db = _connect(path, read_only=read_only)
        if not read_only:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.executescript(SCHEMA)
        self._ids: dict[Lane, int] = {}
        self._recent: dict[Lane, list[Record]] = defaultdict(list)
        self._waiting: dict[Lane, list[Record]] = {}

    def append(self, lane: Lane, records: Sequence[Record]) -> Verdict:
        """Take the records if they extend the last one known; else none."""
        recent = self._recent[lane]
        end = recent[-1].position if recent else self._end(lane)
        if end.seq != records[0].seq - 1 or end.hash != records[0].prev:
            return Verdict.FENCED
        recent.extend(records)
        self._waiting.setdefault(lane, []).extend(records)
        return Verdict.ACCEPTED

    def commit(self) -> Verdict:
        """Insert all that waits, in one transaction, if every lane is as it was; else none.

        Raises StoreFailedError, and nothing is inserted, where the file cannot be written.
        """
        if not self._waiting:
            return Verdict.ACCEPTED
        try:
            return self._insert(self._waiting)
        except sqlite3.Error as error:
            self._ids.clear()  # a lane that was new is not there after all
            raise StoreFailedError(
                f"{self._path} cannot be written: {error}. Nothing that was committed is lost."
                f" Make room or repair the disk, then start again."
            ) from error

    def _insert(self, waiting: dict[Lane, list[Record]]) -> Verdict:
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            # The key alone is not enough: a writer that goes on after it was fenced would take
            # a number that is still free, and nobody could ever write there again.
            if any(self._end(lane) != _extended(records) for lane, records in waiting.items()):
                return Verdict.FENCED
            for lane, records in waiting.items():
                identity = self._id(lane)
                self._db.executemany(INSERT, [_row(identity, record) for record in records])
        for lane in waiting:
            del self._recent[lane][:-RECENT_RECORDS_MAX]
        self._waiting = {}
        return Verdict.ACCEPTED

    def read(self, lane: Lane, place: int) -> tuple[Sequence[Record], int]:
        """Return records by number; stop at one whose bytes are not what was written."""
        recent = self._recent[lane]
        if recent and place >= recent[0].seq:
            records: Sequence[Record] = recent[place - recent[0].seq :]
        else:
            records = self._stored(lane, place)
        return records, place + len(records)

    def links(self, lane: Lane) -> Iterator[list[Link]]:
        """Yield hash and `km_in` of what is accepted, a page at a time; no records are made."""
        walk, place = Walk(lane, self.incarnation), 0
        identity = self._known_id(lane)
        while identity is not None:
            rows = self._rows(lane, READ, (identity, place, LINKS_MAX))
            if not rows:
                return
            place += len(rows)
            yield walk.follow(rows)

    def place_of(self, lane: Lane, seq: int) -> int | None:
        """Return the number itself."""
        return seq if seq >= 0 and lane in self.lanes() else None

    def lanes(self) -> Sequence[Lane]:
        """Return every lane that holds a record."""
        rows = self._db.execute("SELECT topic, lane, id FROM lanes ORDER BY topic, lane")
        for topic, index, identity in rows:
            self._ids[Lane(topic, index)] = identity
        return list(self._ids)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _stored(self, lane: Lane, place: int) -> list[Record]:
        """Return a page, each record checked against its hash and the record before it."""
        identity = self._known_id(lane)
        if identity is None:
            return []
        records: list[Record] = []
        before = lane.genesis(self.incarnation).hash if place == 0 else None
        expected = max(place - 1, 0)
        for row in self._rows(lane, READ, (identity, expected, READ_RECORDS_MAX)):
            record = _record(lane, row)
            if record.seq != expected or (before is not None and record.prev != before):
                raise misplaced(lane, record.seq, expected)
            before, expected = record.hash, expected + 1
            records.append(record)
        return records[1:] if place else records

    def _end(self, lane: Lane) -> Position:
        identity = self._known_id(lane)
        rows = self._rows(lane, LAST, (identity,)) if identity is not None else []
        return _record(lane, rows[0]).position if rows else lane.genesis(self.incarnation)

    def _rows(self, lane: Lane, query: str, values: tuple[int, ...]) -> list[tuple[object, ...]]:
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            place = f" from record {values[1]} on" if len(values) > 1 else ""
            raise LaneDamagedError(
                f"{lane}: {self._path} cannot be read{place}: {error}. If the disk is sound,"
                f" restore the file from a copy; never edit it."
            ) from error

    def _known_id(self, lane: Lane) -> int | None:
        if lane not in self._ids:
            query = "SELECT id FROM lanes WHERE topic = ? AND lane = ?"
            row = self._db.execute(query, (lane.topic, lane.index)).fetchone()
            if row is None:
                return None
            self._ids[lane] = row[0]
        return self._ids[lane]

    def _id(self, lane: Lane) -> int:
        known = self._known_id(lane)
        if known is not None:
            return known
        insert = "INSERT INTO lanes (topic, lane) VALUES (?, ?) RETURNING id"
        (identity,) = self._db.execute(insert, (lane.topic, lane.index)).fetchone()
        self._ids[lane] = identity
        return int(identity)


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    if not read_only:
        return sqlite3.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT_S)
    return sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_S
    )


def _record(lane: Lane, row: tuple[object, ...]) -> Record:
    record = Record(*row[:-1])  # type: ignore[arg-type] # the table is STRICT: its types are ours
    if record.hash != row[-1]:
        raise damaged(lane, record.seq, str(row[-1]))
    return record


def _extended(records: Sequence[Record]) -> Position:
    return Position(records[0].seq - 1, records[0].prev)


def _row(identity: int, r: Record) -> tuple[object, ...]:
    framing = (r.term, r.writer, r.prev, r.n, r.of)
    return (identity, r.seq, r.hash, *framing, r.kind, r.value, r.consumed, r.time_ms)
