"""The schema, on a real SQLite."""

import sqlite3

from kingmaker.runtime.views import schema


def test_every_table_can_be_made_twice() -> None:
    db = sqlite3.connect(":memory:")
    db.executescript(schema.statements())
    db.executescript(schema.statements())
    made = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert made == {*schema.TABLES, "positions", "home"}
    db.close()
