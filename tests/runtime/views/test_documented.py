"""What docs/views.md says: its queries run on both databases, its tables are those there are."""

import json
import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.views.batch import Batch, Folded
from kingmaker.runtime.views.changes import Learned, Where
from kingmaker.runtime.views.folds import FOLDS
from kingmaker.runtime.views.follow import Views
from kingmaker.runtime.views.postgres_address import Address
from kingmaker.runtime.views.postgres_store import PostgresStore
from kingmaker.runtime.views.schema import TABLES
from kingmaker.runtime.views.sqlite_store import SqliteStore
from kingmaker.runtime.views.store import ViewStore
from tests.conformance.view_stores import desks, history
from tests.postgres import PostgresServer

PAGE = (Path(__file__).parents[3] / "docs" / "views.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
QUERIES = [query for block in BLOCKS for query in block.split(";") if query.strip()]
NAMES = ("ml_models", "tradable_pairs", "jobs", "changes", "live_signals", "signal_history")
WEIGHTS = {f"HEAD_{letter}": 0.1 for letter in "ABCDEFGH"} | {"HEAD_I": 0.2}


def folded(store: ViewStore) -> None:
    """Fold a history in which every service lived, and two versions of weights."""
    store.migrate()
    Views(store, history().log, desks()).catch_up()
    for number, weight in enumerate((0.11, 0.12), start=1):
        learned = Learned(
            "one", "head_weights", json.dumps({"HEAD_A": weight}), number, f"e{number}"
        )
        batch = Batch()
        batch.take([learned], Lane("km.learners.v1", 9), Folded(number, "h"))
        assert store.write(batch, store.positions())
    store.close()


@pytest.fixture(scope="module")
def in_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("documented") / "views.sqlite"
    folded(SqliteStore(path))
    return path


@pytest.fixture(scope="module")
def in_postgres(postgres: PostgresServer) -> str:
    url = postgres.new_database()
    folded(PostgresStore(Address(url)))
    return url


def asked(path: Path, query: str) -> list[tuple[Any, ...]]:
    db = sqlite3.connect(path)
    try:
        return db.execute(query).fetchall()
    finally:
        db.close()


def test_every_table_is_on_the_page() -> None:
    assert {name for name in TABLES if f"`{name}`" not in PAGE} == set()
    assert all(f"`{name}`" in PAGE for name in NAMES)


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_of_the_page_runs_in_sqlite(in_sqlite: Path, query: str) -> None:
    rows = asked(in_sqlite, query)  # raises where it is no SQL of SQLite's
    assert rows or "FROM trial" in query or "FROM trades" in query  # none is open or over


@pytest.mark.postgres
@pytest.mark.parametrize("query", QUERIES)
def test_a_query_of_the_page_says_the_same_in_postgresql(
    in_sqlite: Path, in_postgres: str, postgres: PostgresServer, query: str
) -> None:
    if "event_timestamp" in query or "created_at" in query or "state_data" in query:
        columns = 2 if "created_at" in query else 1  # moments and JSON are written in another way
        assert len(postgres.fetch(in_postgres, query)) == len(asked(in_sqlite, query)) >= columns
        return
    assert rounded(postgres.fetch(in_postgres, query)) == rounded(asked(in_sqlite, query))


def rounded(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [tuple(v if isinstance(v, str | None) else round(float(v), 9) for v in r) for r in rows]


@pytest.mark.postgres
@pytest.mark.parametrize("name", NAMES)
def test_the_known_names_are_there_in_both(
    in_sqlite: Path, in_postgres: str, postgres: PostgresServer, name: str
) -> None:
    count = f"SELECT count(*) FROM {name}"  # noqa: S608 - names of ours
    assert postgres.fetch(in_postgres, count) == asked(in_sqlite, count)


@pytest.mark.postgres
def test_the_weights_in_force_are_asked_by_a_function(
    in_postgres: str, postgres: PostgresServer
) -> None:
    for arguments in ("", "'one'"):
        ((found,),) = postgres.fetch(in_postgres, f"SELECT get_current_head_weights({arguments})")
        assert json.loads(str(found)) == {"HEAD_A": 0.12}
    assert postgres.fetch(in_postgres, "SELECT get_current_head_weights('two')") == [(None,)]


@pytest.mark.postgres
def test_weights_said_in_sql_are_refused_as_long_as_nobody_forwards_them(
    in_postgres: str, postgres: PostgresServer
) -> None:
    with pytest.raises(asyncpg.RaiseError, match=r"learning.sql_commands is off") as refused:
        postgres.execute(in_postgres, update(WEIGHTS))
    assert "ALTER DATABASE" in str(refused.value.hint)
    assert postgres.fetch(in_postgres, "SELECT count(*) FROM km_command_outbox") == [(0,)]


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("weights", "told"),
    [
        (WEIGHTS | {"HEAD_A": 0.04, "HEAD_I": 0.26}, "HEAD_A is 0.04: a weight lies between"),
        (WEIGHTS | {"HEAD_I": 0.3}, r"sum to 1\.\d+, not to 1"),
        (WEIGHTS | {"HEAD_J": 0.1}, "must hold HEAD_A to HEAD_I"),
        ({"HEAD_A": 1.0}, "must hold HEAD_A to HEAD_I"),
        (WEIGHTS | {"HEAD_A": "0.1"}, 'HEAD_A is "0.1"'),
    ],
)
def test_weights_out_of_their_bounds_are_refused_with_the_number(
    in_postgres: str, postgres: PostgresServer, weights: dict[str, object], told: str
) -> None:
    with pytest.raises(asyncpg.RaiseError, match=told):
        postgres.execute(in_postgres, f"SET kingmaker.sql_commands = on; {update(weights)}")


@pytest.mark.postgres
def test_weights_are_filed_under_the_name_of_who_said_them_and_outlive_a_rebuild(
    postgres: PostgresServer,
) -> None:
    url = postgres.new_database()
    store = PostgresStore(Address(url))
    store.migrate()
    postgres.execute(url, f"SET kingmaker.sql_commands = on; {update(WEIGHTS)}")
    store.rebuild("another")
    store.close()
    ((command, arguments, actor),) = postgres.fetch(
        url, "SELECT command, arguments, actor FROM km_command_outbox"
    )
    assert (command, actor) == ("update_head_weights", "km")
    assert json.loads(str(arguments))["weights"] == WEIGHTS


def update(weights: dict[str, object] | dict[str, float]) -> str:
    return f"SELECT update_head_weights('{json.dumps(weights)}')"


def test_closing_moves_a_signal_from_one_view_to_the_other_at_one_record(tmp_path: Path) -> None:
    path, lane = tmp_path / "views.sqlite", Lane("km.trader.v1", 0)
    events = {
        "PositionOpened": {"symbol": "ASH", "direction": 1, "entry": 9.0, "time_ms": 5},
        "PositionClosed": {"reason": "TP_HIT", "net": 0.0235, "time_ms": 9},
    }
    store, seen = SqliteStore(path), []
    store.migrate()
    store.rebuild("a log")
    for seq, (name, fields) in enumerate(events.items(), start=1):
        event = message_class("kingmaker.trader.v1", name)(position="ASH-5", **fields)
        changes = FOLDS[f"kingmaker.trader.v1.{name}"](event, Where(lane.topic, 0, seq, 9, "one"))
        batch = Batch()
        batch.take(changes, lane, Folded(seq, "h"))
        assert store.write(batch, store.positions())
        live = asked(path, "SELECT signal_id, direction FROM live_signals")
        over = asked(path, "SELECT signal_id, outcome, exit_reason, profit_pct FROM signal_history")
        seen.append((live, over))
    store.close()
    assert seen == [
        ([("ASH-5", "long")], []),
        ([], [("ASH-5", "win", "TP_HIT", pytest.approx(2.35))]),
    ]
