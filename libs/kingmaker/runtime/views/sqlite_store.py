"""Views in one SQLite file: whatever kills the process, rows and positions fit each other."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kingmaker.kernel.lane import Lane
from kingmaker.runtime.views import migrating
from kingmaker.runtime.views.batch import Batch, Folded, Row, Upsert
from kingmaker.runtime.views.schema import TABLES
from kingmaker.runtime.views.store import FOLDS_VERSION, fits, require_fit
from kingmaker.runtime.views.texts import as_moment

BUSY_TIMEOUT_S = 10.0


class SqliteStore:
    """A `ViewStore` in a file. Not for two threads."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it."""
        self._path, self._incarnation = path, ""
        self._db = sqlite3.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT_S)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")  # what a power cut takes, the log tells

    @property
    def place(self) -> str:
        """Return the path."""
        return str(self._path)

    def applied(self) -> Mapping[str, str]:
        """Return the checksums of the migrations it has, by name."""
        tables = {name for (name,) in self._db.execute("SELECT name FROM sqlite_master")}
        if "schema_migrations" not in tables:
            if tables:
                raise migrating.MigrationRefusedError(
                    f"{self.place} holds tables that no migration made: an older release did, or"
                    f" it is not ours. If it is the views of a home, delete it."
                )
            return {}
        return dict(self._db.execute("SELECT name, checksum FROM schema_migrations"))

    def migrate(self) -> Sequence[str]:
        """Apply what is missing in one transaction that nobody else can be in."""
        if not migrating.pending(self.applied(), self.place):
            return ()
        with self._alone():
            missing = migrating.pending(self.applied(), self.place)
            self._db.execute(migrating.RECORD)
            for migration in missing:
                for statement in _statements(migration.of("sqlite")):
                    self._db.execute(statement)
                row = (migration.name, migration.checksum, datetime.now(UTC).isoformat())
                self._db.execute("INSERT INTO schema_migrations VALUES (?, ?, ?)", row)
        return [migration.name for migration in missing]

    def bind(self, incarnation: str) -> None:
        """Make it hold rows of this log, by the folds of this release."""
        if not fits(self._of(), incarnation, self.place):
            self.rebuild(incarnation)
        self._incarnation = incarnation

    def positions(self) -> dict[Lane, Folded]:
        """Return up to where each lane is folded."""
        rows = self._db.execute("SELECT topic, lane, seq, hash, place FROM folded")
        return {Lane(topic, lane): Folded(*rest) for topic, lane, *rest in rows}

    def write(self, batch: Batch, known: Mapping[Lane, Folded]) -> bool:
        """Write everything in one transaction, if nobody else folded meanwhile."""
        with self._alone():
            require_fit(self._of(), self._incarnation, self.place)
            if self.positions() != known:
                return False
            batch.settle({table: self._there(table) for table in batch.needs})
            for upsert in batch.upserts():
                self._db.executemany(_statement(upsert), _converted(upsert))
            rows = [(lane.topic, lane.index, *folded) for lane, folded in batch.folded.items()]
            self._db.executemany("INSERT OR REPLACE INTO folded VALUES (?, ?, ?, ?, ?)", rows)
        return True

    def rebuild(self, incarnation: str) -> None:
        """Drop every row."""
        with self._alone():
            for table in (*TABLES, "folded", "folded_log"):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own schema
            self._db.execute("INSERT INTO folded_log VALUES (?, ?)", (incarnation, FOLDS_VERSION))
        self._incarnation = incarnation

    def rows(self, table: str, columns: Sequence[str]) -> Iterable[Row]:
        """Return rows: JSON as text, moments as milliseconds."""
        moments = [TABLES[table].types[column] == "TIMESTAMPTZ" for column in columns]
        query = f"SELECT {', '.join(columns)} FROM {table}"  # noqa: S608 - names of our own schema
        for row in self._db.execute(query):
            yield tuple(
                _milliseconds(value) if is_moment and value else value
                for value, is_moment in zip(row, moments, strict=True)
            )

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        query = f"SELECT count(*) FROM {table}"  # noqa: S608 - names of our own schema
        return int(self._db.execute(query).fetchone()[0])

    def ping(self) -> None:
        """Do nothing: a file is there."""

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _of(self) -> tuple[str, int] | None:
        """Return whose rows these are: the log, and the folds."""
        found = self._db.execute("SELECT incarnation, folds FROM folded_log").fetchone()
        return tuple(found) if found else None

    def _there(self, table: str) -> Iterator[dict[str, Any]]:
        names = list(TABLES[table].types)
        return (dict(zip(names, row, strict=True)) for row in self.rows(table, names))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def _statements(text: str) -> Iterator[str]:
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _statement(upsert: Upsert) -> str:
    table, marks = upsert.table, ", ".join("?" * len(upsert.names))
    updates = [f"{name} = excluded.{name}" for name in upsert.sets]
    updates += [f"{name} = {table}.{name} + excluded.{name}" for name in upsert.adds]
    then = f"UPDATE SET {', '.join(updates)}" if updates else "NOTHING"
    return (
        f"INSERT INTO {table} ({', '.join(upsert.names)}) VALUES ({marks})"  # noqa: S608 - names of our own schema
        f" ON CONFLICT ({', '.join(upsert.keys)}) DO {then}"
    )


def _converted(upsert: Upsert) -> Iterable[Row]:
    """Return rows whose moments are text; most tables have none."""
    types = TABLES[upsert.table].types
    moments = {at for at, name in enumerate(upsert.names) if types[name] == "TIMESTAMPTZ"}
    if not moments:
        return upsert.rows
    return [
        tuple(_iso(value) if at in moments else value for at, value in enumerate(row))
        for row in upsert.rows
    ]


def _iso(time_ms: int) -> str:
    """Return UTC to the millisecond, as SQLite's own functions read it."""
    return f"{as_moment(time_ms):%Y-%m-%d %H:%M:%S.%f}"[:-3]


def _milliseconds(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)
