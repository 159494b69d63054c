"""Rows in SQLite: damaged or foreign ones are made anew."""

import sqlite3
from pathlib import Path

import pytest

from kingmaker.kernel.lane import Lane, Position
from kingmaker.runtime.views.changes import Add, Change, Set
from kingmaker.runtime.views.store import ViewStore

LANE = Lane("km.feed.v1")
AT = Position(4, "abc")


def filled(path: Path, incarnation: str = "x") -> ViewStore:
    store = ViewStore(path, incarnation)
    changes: list[Change] = [
        Set("desks", ("main",), {"last_ms": 5}),
        Add("desks", ("main",), {"bars": 2}),
    ]
    store.take(changes, LANE, AT)
    store.take([Add("desks", ("main",), {"bars": 3})], LANE, AT)
    store.flush()
    return store


def bars(path: Path) -> list[tuple[int, int]]:
    with sqlite3.connect(path) as db:
        return db.execute("SELECT last_ms, bars FROM desks").fetchall()


@pytest.mark.parametrize("damage", [b"not a database at all, only text" * 99, b""])
def test_a_damaged_file_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "views.sqlite"
    path.write_bytes(damage)
    store = ViewStore(path, "x")
    assert store.positions() == {}
    store.close()


def test_rows_of_another_log_are_dropped(tmp_path: Path) -> None:
    path = tmp_path / "views.sqlite"
    filled(path).close()
    store = ViewStore(path, "another")
    assert store.positions() == {}
    store.close()


def test_rows_of_another_version_are_dropped(tmp_path: Path) -> None:
    path = tmp_path / "views.sqlite"
    filled(path).close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 999")
    store = ViewStore(path, "x")
    assert store.positions() == {}
    store.close()


def test_what_was_not_flushed_leaves_neither_rows_nor_position(tmp_path: Path) -> None:
    path = tmp_path / "views.sqlite"
    store = filled(path)
    store.take([Add("desks", ("main",), {"bars": 1})], LANE, Position(5, "d"))
    store.close()
    assert bars(path) == [(5, 5)]
    reopened = ViewStore(path, "x")
    assert reopened.positions() == {LANE: AT}
    reopened.close()


def test_counters_are_added_over_flushes(tmp_path: Path) -> None:
    path = tmp_path / "views.sqlite"
    store = filled(path)
    store.take([Add("desks", ("main",), {"bars": 1})], LANE, Position(5, "d"))
    store.flush()
    store.close()
    assert bars(path) == [(5, 6)]


def test_a_rebuild_begins_with_nothing(tmp_path: Path) -> None:
    store = filled(tmp_path / "views.sqlite")
    store.rebuild()
    assert store.positions() == {}
    store.close()
