"""Rows and positions in one SQLite file: whatever kills the process, they fit each other."""

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kingmaker.kernel.lane import Lane, Position
from kingmaker.runtime.views import schema
from kingmaker.runtime.views.changes import Add, Change, Key, Set, Value

BUSY_TIMEOUT_S = 10.0


class ViewStore:
    """Collects changes in memory and writes them with the positions that they belong to."""

    def __init__(self, path: Path, incarnation: str) -> None:
        """Open the file, or make it; one that is damaged or of another log is made anew."""
        self._path, self._incarnation = path, incarnation
        self._db = self._open()
        self._sets: dict[tuple[str, Key], dict[str, Value]] = {}
        self._adds: dict[tuple[str, Key], dict[str, int | float]] = {}
        self._positions: dict[Lane, Position] = {}
        self._stored = self.positions()  # as this process last saw or wrote them

    def positions(self) -> dict[Lane, Position]:
        """Return up to where each lane is folded."""
        rows = self._db.execute("SELECT topic, lane, seq, hash FROM positions")
        return {Lane(topic, lane): Position(seq, hash_) for topic, lane, seq, hash_ in rows}

    def begin(self) -> Mapping[Lane, Position]:
        """Let nobody else fold until `flush`; forget what was taken, return what is stored."""
        self._db.execute("BEGIN IMMEDIATE")
        self._forget()
        self._stored = self.positions()
        return self._stored

    def take(self, changes: Iterable[Change], lane: Lane, position: Position) -> None:
        """Keep in memory what an event does to rows, and where the event stands."""
        for change in changes:
            at = (change.table, change.key)
            match change:
                case Set(values=values):
                    self._sets.setdefault(at, {}).update(values)
                case Add(amounts=amounts):
                    sums = self._adds.setdefault(at, {})
                    for name, amount in amounts.items():
                        sums[name] = sums.get(name, 0) + amount
        self._positions[lane] = position

    def flush(self) -> bool:
        """Write everything in one transaction.

        False if another process folded in the meantime: then what was taken is forgotten, since
        its rows may hold it already.
        """
        if not self._db.in_transaction:
            self._db.execute("BEGIN IMMEDIATE")
        alone = self.positions() == self._stored
        if alone:
            self._write()
        self._db.execute("COMMIT")
        self._forget()
        return alone

    def rebuild(self) -> None:
        """Drop every row: the log tells them again."""
        self._db.close()
        self._remove()
        self._db = self._open()
        self._stored = {}

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _open(self) -> sqlite3.Connection:
        try:
            db = self._connect()
            if _fits(db, self._incarnation):
                return db
            db.close()
        except sqlite3.DatabaseError:
            pass  # damaged: a view is a cache
        self._remove()
        return self._connect()

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, isolation_level=None, timeout=BUSY_TIMEOUT_S)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")  # what a power cut takes, the log tells again
        if not db.execute("PRAGMA user_version").fetchone()[0]:
            db.executescript(schema.statements())
            db.execute("INSERT OR IGNORE INTO home VALUES (?)", (self._incarnation,))
        return db

    def _remove(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    def _write(self) -> None:
        for (table, key), values in self._sets.items():
            self._upsert(table, key, values, "excluded.{0}")
        for (table, key), amounts in self._adds.items():
            self._upsert(table, key, amounts, "{1}.{0} + excluded.{0}")
        rows = [(at.topic, at.index, p.seq, p.hash) for at, p in self._positions.items()]
        self._db.executemany("INSERT OR REPLACE INTO positions VALUES (?, ?, ?, ?)", rows)
        self._stored = {**self._stored, **self._positions}

    def _forget(self) -> None:
        self._sets.clear()
        self._adds.clear()
        self._positions.clear()

    def _upsert(self, table: str, key: Key, values: Mapping[str, Any], form: str) -> None:
        keys = tuple(schema.TABLES[table].key)
        names = (*keys, *values)
        marks = ", ".join("?" * len(names))
        updates = ", ".join(f"{name} = {form.format(name, table)}" for name in values)
        self._db.execute(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - names of our own schema
            f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {updates}",
            (*key, *values.values()),
        )


def _fits(db: sqlite3.Connection, incarnation: str) -> bool:
    """Tell whether the rows are of this schema and of this log."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version != schema.VERSION:
        return False
    return db.execute("SELECT incarnation FROM home").fetchall() == [(incarnation,)]
