"""The file of a home: what does not fit it is made anew."""

import sqlite3
from pathlib import Path

import pytest

from kingmaker.contracts.desks import Desk
from kingmaker.runtime.memory_log import MemoryLog
from kingmaker.runtime.views.at_home import open_views

DESKS = [Desk("main", 0)]
LOG = MemoryLog(incarnation="x")


def filled(path: Path) -> None:
    open_views(path, LOG, DESKS).close()
    execute(path, "INSERT INTO desks (desk, bars) VALUES ('main', 5)")


def execute(path: Path, statement: str) -> None:
    db = sqlite3.connect(path)
    with db:
        db.executescript(statement)
    db.close()


def desks(path: Path) -> list[tuple[object, ...]]:
    db = sqlite3.connect(path)
    found = db.execute("SELECT desk, bars FROM desks").fetchall()
    db.close()
    return found


def test_rows_that_fit_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "views.sqlite"
    filled(path)
    open_views(path, LOG, DESKS).close()
    assert desks(path) == [("main", 5)]


@pytest.mark.parametrize("damage", [b"not a database at all, only text" * 99, b""])
def test_a_damaged_file_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "views.sqlite"
    path.write_bytes(damage)
    open_views(path, LOG, DESKS).close()
    assert desks(path) == []


def test_rows_of_another_log_are_dropped(tmp_path: Path) -> None:
    path = tmp_path / "views.sqlite"
    filled(path)
    open_views(path, MemoryLog(incarnation="another"), DESKS).close()
    assert desks(path) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE schema_migrations SET checksum = 'edited'",
        "UPDATE folded_log SET folds = folds - 1",
        "DROP TABLE schema_migrations",  # as releases before it left their files
    ],
)
def test_rows_of_another_schema_or_of_other_folds_are_dropped(tmp_path: Path, change: str) -> None:
    path = tmp_path / "views.sqlite"
    filled(path)
    execute(path, change)
    open_views(path, LOG, DESKS).close()
    assert desks(path) == []


def test_a_file_that_somebody_works_on_is_not_taken_for_a_damaged_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "views.sqlite"
    filled(path)
    monkeypatch.setattr("kingmaker.runtime.views.sqlite_store.BUSY_TIMEOUT_S", 0.01)
    execute(path, "UPDATE folded_log SET folds = folds - 1")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        open_views(path, LOG, DESKS)
    other.execute("ROLLBACK")
    other.close()
    assert desks(path) == [("main", 5)]
