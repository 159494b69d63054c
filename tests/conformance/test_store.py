"""What every database of views does alike: schema, rows, positions, refusals."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.views.batch import Batch, Folded
from kingmaker.runtime.views.changes import Add, Learned, Set, Where
from kingmaker.runtime.views.digest import digest, digests
from kingmaker.runtime.views.folds import FOLDS
from kingmaker.runtime.views.follow import Views
from kingmaker.runtime.views.migrating import MigrationRefusedError
from kingmaker.runtime.views.postgres_address import Address
from kingmaker.runtime.views.postgres_store import PostgresStore
from kingmaker.runtime.views.schema import TABLES, migrations
from kingmaker.runtime.views.sqlite_store import SqliteStore
from kingmaker.runtime.views.store import OtherLogError, ViewStore
from tests.conformance.view_stores import LANE, Database, GrowingLog, batch, desks, history
from tests.postgres import PostgresServer

NAMES = [migration.name for migration in migrations()]
SHARES = (0.3, 0.31, 0.7, 1.0)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Yield each kind of database in turn, empty."""
    if request.param == "sqlite":
        opened = in_a_file(tmp_path / "views.sqlite")
    else:
        opened = on_a_server(request.getfixturevalue("postgres"))
    yield opened
    opened.close()


def in_a_file(path: Path) -> Database:
    def execute(statement: str) -> None:
        db = sqlite3.connect(path)
        with db:
            db.executescript(statement)
        db.close()

    def columns(table: str) -> dict[str, str]:
        db = sqlite3.connect(path)
        found = {row[1]: row[2] for row in db.execute(f"PRAGMA table_info({table})")}
        db.close()
        return found

    return Database(lambda: SqliteStore(path), execute, columns)


def on_a_server(server: PostgresServer) -> Database:
    url = server.new_database()

    def columns(table: str) -> dict[str, str]:
        query = (
            "SELECT column_name, upper(data_type) FROM information_schema.columns"  # noqa: S608 - our own names
            f" WHERE table_schema = 'public' AND table_name = '{table}'"
        )
        return {str(name): str(kind) for name, kind in server.fetch(url, query)}

    return Database(
        lambda: PostgresStore(Address(url)), lambda said: server.execute(url, said), columns
    )


# schema


def test_migrations_are_applied_once_by_whoever_comes_first(database: Database) -> None:
    first, second = database.open(migrated=False), database.open(migrated=False)
    assert first.applied() == {}
    assert list(first.migrate()) == NAMES
    assert list(second.migrate()) == []
    assert list(second.applied()) == NAMES


def test_every_table_has_the_columns_that_are_declared(database: Database) -> None:
    database.open()
    kinds = {"INTEGER": "BIGINT", "REAL": "DOUBLE PRECISION", "TIMESTAMP WITH TIME ZONE": "TEXT"}
    alike = {"JSONB": "TEXT", "TIMESTAMPTZ": "TEXT"}
    for name, table in TABLES.items():
        found = {column: kinds.get(kind, kind) for column, kind in database.columns(name).items()}
        expected = {column: alike.get(kind, kind) for column, kind in table.types.items()}
        assert set(found) == set(expected), name
        assert {c: alike.get(kind, kind) for c, kind in found.items()} == expected, name


def test_rows_are_kept_when_nothing_is_to_be_migrated(database: Database) -> None:
    store = database.open()
    store.bind("x")
    assert store.write(batch(Set("desks", ("main",), {"last_ms": 5})), {})
    assert database.open().positions() == {LANE: Folded(1, "hash 1")}


def test_an_edited_migration_is_refused_by_its_name_and_nothing_changes(database: Database) -> None:
    database.open()
    database.execute(
        "UPDATE schema_migrations SET checksum = 'x' WHERE name = '002_trading_and_evidence'"
    )
    with pytest.raises(MigrationRefusedError, match=r"002_trading_and_evidence.sql was edited"):
        database.open()
    assert "desks" in TABLES
    assert database.columns("desks")


# rows and positions


def test_rows_and_positions_come_together_or_not_at_all(database: Database) -> None:
    store = database.open()
    store.bind("x")
    wrong = batch(Set("desks", ("main",), {"last_ms": "no number"}))
    with pytest.raises(Exception, match=r"last_ms|no number|integer"):
        store.write(wrong, {})
    again = database.open()
    again.bind("x")
    assert again.positions() == {}
    assert rows(again, "desks", "desk") == []
    assert again.write(batch(Set("desks", ("main",), {"last_ms": 5})), {})


def test_who_comes_second_writes_nothing_and_sees_it(database: Database) -> None:
    first, second = database.open(), database.open()
    first.bind("x")
    second.bind("x")
    known = second.positions()
    assert first.write(batch(Add("desks", ("main",), {"bars": 1})), known)
    assert not second.write(batch(Add("desks", ("main",), {"bars": 1})), known)
    assert rows(second, "desks", "desk", "bars") == [("main", 1)]
    assert second.write(batch(Add("desks", ("main",), {"bars": 1}), seq=2), second.positions())
    assert rows(first, "desks", "desk", "bars") == [("main", 2)]


def test_a_log_of_another_name_is_refused_until_somebody_asks_for_a_rebuild(
    database: Database,
) -> None:
    store = database.open()
    store.bind("x")
    store.write(batch(Set("desks", ("main",), {"last_ms": 5})), {})
    with pytest.raises(OtherLogError, match=r"are of the log x, not of another.*db rebuild"):
        store.bind("another")
    assert rows(store, "desks", "desk") == [("main",)]
    store.rebuild("another")
    store.bind("another")
    assert (store.positions(), rows(store, "desks", "desk")) == ({}, [])


def test_rows_of_other_folds_are_dropped(database: Database) -> None:
    store = database.open()
    store.bind("x")
    store.write(batch(Set("desks", ("main",), {"last_ms": 5})), {})
    database.execute("UPDATE folded_log SET folds = folds - 1")
    store.bind("x")
    assert (store.positions(), rows(store, "desks", "desk")) == ({}, [])


def test_rows_of_a_later_release_are_refused_and_left_alone(database: Database) -> None:
    store = database.open()
    store.bind("x")
    store.write(batch(Set("desks", ("main",), {"last_ms": 5})), {})
    database.execute("UPDATE folded_log SET folds = folds + 1")
    with pytest.raises(OtherLogError, match=r"were folded by a later release .*Use that release"):
        store.bind("x")
    with pytest.raises(OtherLogError, match="later release"):  # also amid its work
        store.write(batch(Set("desks", ("main",), {"last_ms": 6}), seq=2), store.positions())
    assert rows(store, "desks", "desk", "last_ms") == [("main", 5)]


def test_who_folds_while_the_rows_become_those_of_another_log_writes_nothing(
    database: Database,
) -> None:
    store, other = database.open(), database.open()
    store.bind("x")
    other.rebuild("another")
    with pytest.raises(OtherLogError, match="are of the log another, not of x"):
        store.write(batch(Set("desks", ("main",), {"last_ms": 6})), {})
    assert rows(other, "desks", "desk") == []
    database.execute("DELETE FROM folded_log")
    with pytest.raises(OtherLogError, match="were made anew meanwhile"):
        other.write(batch(Set("desks", ("main",), {"last_ms": 6})), {})


def test_what_was_learned_is_numbered_over_restarts(database: Database) -> None:
    for number, weight in enumerate((0.12, 0.12, 0.13), start=1):
        store = database.open()
        store.bind("x")
        learned = Learned("main", "head_weights", f'{{"HEAD_A": {weight}}}', number, f"e{number}")
        assert store.write(batch(learned, seq=number), store.positions())
    assert rows(store, "learning_state", "version", "created_at") == [(1, 1), (2, 3)]
    assert rows(store, "active_learning_state", "current_version", "updated_at") == [(2, 3)]
    assert [row[0] for row in rows(store, "learning_events", "id")] == ["e1", "e3"]


def test_text_and_numbers_of_strangers_are_rows_like_any_other(database: Database) -> None:
    store = database.open()
    store.bind("x")
    odd = "nul \0, half \ud800, quote ' \" \\u0000 and \N{PILE OF POO}"
    changes = [
        Set("alerts", (odd * 50,), {"message": odd, "value": float("nan"), "n": -(2**63)}),
        Set("alerts", ("inf",), {"value": float("-inf")}),
    ]
    assert store.write(batch(*changes), {})
    found = dict((row[1:]) for row in rows(store, "alerts", "alert", "message", "value") if row[1])
    assert list(found.values()) == [None]
    assert "\N{PILE OF POO}" in next(iter(found))
    assert ("inf", float("-inf")) in rows(store, "alerts", "alert", "value")


# a whole history


@pytest.mark.parametrize("kafka_like", [True, False])
def test_rows_folded_little_by_little_are_those_of_one_fold(
    database: Database, *, kafka_like: bool
) -> None:
    log = GrowingLog()
    for share in SHARES:  # each by another process
        log.grow(share)
        Views(database.open(), log, desks()).catch_up()
    store = database.open()
    little_by_little = digests(store)
    views = Views(store, log if kafka_like else history().log, desks())
    assert views.catch_up() == 0
    views.rebuild()
    assert views.catch_up() > 100
    assert digests(store) == little_by_little
    for table in ("champions", "decisions"):
        assert store.count(table) == len(rows(store, table, *TABLES[table].key)) > 0


@pytest.mark.parametrize("first", ["promotion", "shadow", "trader", "registry"])
def test_rows_do_not_depend_on_which_lane_is_folded_first(database: Database, first: str) -> None:
    """Live, lanes are folded as they grow; a rebuild folds one after the other."""
    log, store, held = GrowingLog(), database.open(), dict[Lane, int]()
    ahead = Views(store, log, desks())
    for share in SHARES:
        log.grow(share)
        grown = dict(log.told)
        log.told = {
            lane: end if first in lane.topic else held.get(lane, 0) for lane, end in grown.items()
        }
        ahead.catch_up()
        log.told = held = grown
        ahead.catch_up()
    live = digests(store)
    ahead.rebuild()
    ahead.catch_up()
    assert digests(store) == live


def test_a_log_that_ends_before_the_rows_is_refused_by_name(database: Database) -> None:
    log = GrowingLog()
    log.grow(1.0)
    Views(database.open(), log, desks()).catch_up()
    log.grow(0.5)
    with pytest.raises(
        OtherLogError, match=r"km\.\w+\.v1/0 ends at record \d+, and the views hold"
    ):
        Views(database.open(), log, desks()).catch_up()


# the same rows in both


@pytest.mark.postgres
def test_a_history_is_the_same_rows_in_sqlite_and_postgresql(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    found = []
    for database in (in_a_file(tmp_path / "views.sqlite"), on_a_server(postgres)):
        store = database.open()
        Views(store, history().log, desks()).catch_up()
        found.append((dict(digests(store)), digest(store)))
        database.close()
    assert found[0] == found[1]


@pytest.fixture(scope="module")
def both(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[ViewStore, ViewStore]]:
    """Yield one database of each kind, for many small writes."""
    databases = (in_a_file(tmp_path_factory.mktemp("both") / "v.sqlite"), on_a_server(postgres))
    yield (databases[0].open(), databases[1].open())
    for database in databases:
        database.close()


@pytest.mark.postgres
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_whatever_an_event_holds_both_take_it_and_hold_the_same(
    both: tuple[ViewStore, ViewStore], data: st.DataObject
) -> None:
    kinds = sorted(kind for kind in FOLDS if not kind.startswith("km."))
    events = [_any_message(data, data.draw(st.sampled_from(kinds))) for _ in range(3)]
    found = []
    for store in both:
        store.rebuild("x")
        made = Batch()
        for seq, (kind, event) in enumerate(events):
            where = Where("km.promotion.v1", 0, seq, seq, "main")
            made.take(FOLDS[kind](event, where), LANE, Folded(seq, "h"))
        assert store.write(made, {})
        found.append(digests(store))
    assert found[0] == found[1]


def _any_message(data: st.DataObject, kind: str) -> tuple[str, Any]:
    package, _, name = kind.rpartition(".")
    event: Any = message_class(package, name)()
    _fill(data, event, 2)
    return kind, event


def _fill(data: st.DataObject, message: Any, depth: int) -> None:  # noqa: ANN401 - of any kind
    for field in message.DESCRIPTOR.fields:
        nested = field.message_type
        if nested and nested.GetOptions().map_entry:
            if nested.fields_by_name["value"].type == field.TYPE_DOUBLE:
                getattr(message, field.name)[data.draw(TEXT)] = data.draw(st.floats())
        elif nested and depth:
            inner = getattr(message, field.name)
            _fill(data, inner.add() if field.is_repeated else inner, depth - 1)
        elif not field.is_repeated and field.name not in ("slot", "scope"):
            value = {
                field.TYPE_STRING: TEXT,
                field.TYPE_DOUBLE: st.floats(),
                field.TYPE_BOOL: st.booleans(),
                field.TYPE_INT64: st.integers(-(2**40), 2**62),
                field.TYPE_INT32: st.integers(-(2**31), 2**31 - 1),
            }.get(field.type)
            if value is not None:
                setattr(message, field.name, data.draw(value))
        elif field.name == "slot":
            message.slot = "online_learning@main"


TEXT = st.text(max_size=600) | st.sampled_from(["\0", "a\0", "a\ufffd", "x" * 9_000, ""])


def rows(store: ViewStore, table: str, *columns: str) -> list[tuple[Any, ...]]:
    return sorted(store.rows(table, columns), key=repr)


def test_positions_of_several_lanes_are_kept_apart(database: Database) -> None:
    store = database.open()
    store.bind("x")
    made = batch()
    made.take((), Lane("km.feed.v1", 2), Folded(9, "h", 77))
    assert store.write(made, {})
    assert store.positions() == {
        LANE: Folded(1, "hash 1"),
        Lane("km.feed.v1", 2): Folded(9, "h", 77),
    }
