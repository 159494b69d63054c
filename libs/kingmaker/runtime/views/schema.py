"""The tables of the views, as the migrations make them: keys, columns, counters, types.

The files of `migrations/` are PostgreSQL's SQL, and the only place where a column is declared.
SQLite reads the same text with a few words exchanged; what follows `-- postgresql only:` it skips.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Literal

type Dialect = Literal["postgresql", "sqlite"]

POSTGRESQL_ONLY = "-- postgresql only:"

# What SQLite calls it. Moments are text there, as ISO 8601 says them.
SQLITE_TYPES: Mapping[str, str] = {
    "BIGINT": "INTEGER",
    "DOUBLE PRECISION": "REAL",
    "JSONB": "TEXT",
    "TIMESTAMPTZ": "TEXT",
}

_TABLE = re.compile(r"^CREATE TABLE (\w+) \(\n(.*?)\n\);$", re.DOTALL | re.MULTILINE)
_COLUMN = re.compile(r"^    (\w+) ([A-Z]+(?: PRECISION)?)(.*?),?$")
_KEY = re.compile(r"^    PRIMARY KEY \(([\w, ]+)\)$")
_WORD = re.compile(r"\b(" + "|".join(SQLITE_TYPES) + r")\b")


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: applied once, in order of its number, and never edited afterwards."""

    name: str
    text: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the file."""
        return sha256(self.text.encode()).hexdigest()

    def of(self, dialect: Dialect) -> str:
        """Return what a database of this dialect is to execute."""
        if dialect == "postgresql":
            return self.text
        shared = self.text.partition(POSTGRESQL_ONLY)[0]
        return _TABLE.sub(_in_sqlite, shared)


@dataclass(frozen=True, slots=True)
class Table:
    """Columns by name with their types: what makes a row one of a kind, and what it holds.

    Counters are 0 where nothing was added yet.
    """

    key: Mapping[str, str]
    columns: Mapping[str, str]
    counters: Mapping[str, str]

    @property
    def types(self) -> Mapping[str, str]:
        """Every column with its type."""
        return {**self.key, **self.columns, **self.counters}


@cache
def migrations() -> tuple[Migration, ...]:
    """Return every file, in order."""
    folder = files(__package__) / "migrations"
    paths = sorted((path for path in folder.iterdir()), key=lambda path: path.name)
    return tuple(
        Migration(path.name.removesuffix(".sql"), path.read_text(encoding="utf-8"))
        for path in paths
        if path.name.endswith(".sql")
    )


def _declared(text: str) -> Iterator[tuple[str, Table]]:
    for name, body in _TABLE.findall(text):
        columns: dict[str, tuple[str, str]] = {}
        key: list[str] = []
        for line in body.splitlines():
            if found := _KEY.match(line):
                key = found[1].split(", ")
            elif column := _COLUMN.match(line):
                columns[column[1]] = (column[2], column[3])
        counters = {column for column, (_, rest) in columns.items() if "DEFAULT 0" in rest}
        types = {column: kind for column, (kind, _) in columns.items()}
        yield (
            name,
            Table(
                {column: types[column] for column in key},
                {c: kind for c, kind in types.items() if c not in key and c not in counters},
                {c: kind for c, kind in types.items() if c in counters},
            ),
        )


def _in_sqlite(declared: re.Match[str]) -> str:
    """Exchange the types of a table; its key is where its rows lie."""
    text = _WORD.sub(lambda word: SQLITE_TYPES[word[0]], declared[0])
    return f"{text[:-1]} STRICT, WITHOUT ROWID;"


_BOOKKEEPING = {"folded", "folded_log"}
_DECLARED: Mapping[str, Table] = {
    name: table
    for migration in migrations()
    for name, table in _declared(migration.text.partition(POSTGRESQL_ONLY)[0])
}
TABLES: Mapping[str, Table] = {
    name: table for name, table in _DECLARED.items() if name not in _BOOKKEEPING
}
