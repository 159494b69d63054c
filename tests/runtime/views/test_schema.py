"""The tables, as the migrations declare them."""

import sqlite3

from kingmaker.runtime.views import schema
from kingmaker.runtime.views.schema import TABLES, Migration, migrations

SAMPLE = Migration(
    "001_sample",
    """CREATE TABLE things (
    name TEXT NOT NULL,
    data JSONB,
    seen_at TIMESTAMPTZ,
    size DOUBLE PRECISION NOT NULL DEFAULT 0,
    PRIMARY KEY (name)
);

-- postgresql only:

CREATE FUNCTION f() RETURNS BIGINT LANGUAGE sql AS $$ SELECT 1; $$;
""",
)


def test_a_column_is_declared_once_and_read_from_there() -> None:
    ((name, table),) = schema._declared(SAMPLE.text)
    assert name == "things"
    assert table.key == {"name": "TEXT"}
    assert table.columns == {"data": "JSONB", "seen_at": "TIMESTAMPTZ"}
    assert table.counters == {"size": "DOUBLE PRECISION"}


def test_sqlite_reads_the_same_text_with_its_own_types_and_without_functions() -> None:
    text = SAMPLE.of("sqlite")
    assert "data TEXT" in text
    assert "size REAL" in text
    assert text.rstrip().endswith(") STRICT, WITHOUT ROWID;")
    assert "FUNCTION" not in text
    sqlite3.connect(":memory:").executescript(text).connection.close()
    assert SAMPLE.of("postgresql") == SAMPLE.text


def test_an_edited_file_has_another_checksum() -> None:
    assert Migration("a", "x").checksum != Migration("a", "y").checksum


def test_migrations_are_numbered_without_a_gap() -> None:
    names = [migration.name for migration in migrations()]
    assert [int(name[:3]) for name in names] == list(range(1, len(names) + 1))
    assert "003_learning_state" in names


def test_every_line_of_a_table_is_understood() -> None:
    """A column that the pattern passes over would be in the database and in no fold."""
    text = "".join(migration.of("sqlite") for migration in migrations())
    db = sqlite3.connect(":memory:")
    db.executescript(text)
    for name, table in TABLES.items():
        found = {row[1] for row in db.execute(f"PRAGMA table_info({name})")}
        assert found == set(table.types), name
    db.close()
