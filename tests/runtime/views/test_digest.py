"""One hash of rows: it changes with any of them, and with nothing else."""

import sqlite3
from pathlib import Path

import pytest

from kingmaker.runtime.views.digest import digest, digests
from kingmaker.runtime.views.sqlite_store import SqliteStore


def hashed(path: Path, *statements: str) -> dict[str, str]:
    store = SqliteStore(path)
    store.migrate()
    db = sqlite3.connect(path)
    with db:
        db.executescript(";".join(statements))
    db.close()
    found = dict(digests(store))
    assert digest(store)
    store.close()
    return found


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("desk, bars) VALUES ('a', 1), ('b', 2)", "desk, bars) VALUES ('b', 2), ('a', 1)", True),
        ("desk, equity) VALUES ('a', 0.0)", "desk, equity) VALUES ('a', -0.0)", True),
        ("desk, bars) VALUES ('a', 1)", "desk, bars) VALUES ('a', 2)", False),
        ("desk, equity) VALUES ('a', NULL)", "desk, equity) VALUES ('a', 0.0)", False),
        ("desk, lineup) VALUES ('a', '')", "desk, lineup) VALUES ('a', NULL)", False),
    ],
)
def test_rows_count_and_their_order_does_not(
    tmp_path: Path, one: str, other: str, *, equal: bool
) -> None:
    first = hashed(tmp_path / "1", f"INSERT INTO desks ({one}")
    second = hashed(tmp_path / "2", f"INSERT INTO desks ({other}")
    assert (first == second) is equal
    assert {name for name in first if first[name] != second[name]} <= {"desks"}


def test_json_is_compared_by_what_it_says(tmp_path: Path) -> None:
    insert = "INSERT INTO models (slot, model, metrics) VALUES ('s', 'm', '{}')"
    first = hashed(tmp_path / "1", insert.format('{"a": 1, "b": 2.50}'))
    second = hashed(tmp_path / "2", insert.format('{"b":2.5,"a":1.0}'))
    third = hashed(tmp_path / "3", insert.format('{"b":2.5,"a":1.5}'))
    assert first == second != third


def test_up_to_where_rows_are_folded_counts_and_the_place_in_a_store_does_not(
    tmp_path: Path,
) -> None:
    insert = "INSERT INTO folded VALUES ('km.feed.v1', 0, {}, 'h', {})"
    first, second, third = (
        hashed(tmp_path / str(number), insert.format(*values))
        for number, values in enumerate(((1, 5), (1, 9), (2, 5)))
    )
    assert first == second != third
