"""`kingmaker db`: migrate, look at, fold anew; in the file of a home and on a real PostgreSQL."""

import sqlite3
from pathlib import Path

import pytest

from kingmaker.runtime.home import Home
from tests.postgres import PostgresServer
from tests.runtime.cli.conftest import Call


def execute(path: Path, statement: str) -> None:
    db = sqlite3.connect(path)
    with db:
        db.executescript(statement)
    db.close()


@pytest.fixture
def unseen(own: Home) -> Home:
    """Return a home whose rows nobody has folded yet."""
    for file in own.path.glob(f"{own.views.name}*"):
        file.unlink()
    return own


def test_a_home_is_migrated_once(call: Call, unseen: Home) -> None:
    first = call("db", "migrate", home=unseen)
    assert (first.code, first.out.splitlines()[0]) == (0, "applied 001_kingdom")
    again = call("db", "migrate", "-o", "json", home=unseen)
    assert again.json == {"database": str(unseen.views), "applied": []}
    assert "already applied" in call("db", "migrate", home=unseen).out


def test_a_status_tells_what_is_missing_and_the_remedy(call: Call, unseen: Home) -> None:
    told = call("db", "status", home=unseen)
    assert told.code == 3
    assert "✗ 001_kingdom" in told.out
    assert "kingmaker db migrate" in told.out


def test_a_rebuild_folds_the_same_rows_again(call: Call, own: Home) -> None:
    call("status", home=own)
    before = call("db", "status", "--digest", "-o", "json", home=own).json
    execute(own.views, "UPDATE champions SET model = 'forged'; DELETE FROM trades")
    forged = call("db", "status", "--digest", "-o", "json", home=own).json
    assert forged["digests"]["champions"] != before["digests"]["champions"]
    told = call("db", "rebuild", "-o", "json", home=own)
    assert (told.code, told.json["events"] > 100) == (0, True)
    assert call("db", "status", "--digest", "-o", "json", home=own).json == before
    assert before["rows"]["champions"] == 9


def test_an_edited_migration_is_refused_by_its_name(call: Call, own: Home) -> None:
    call("db", "migrate", home=own)
    execute(own.views, "UPDATE schema_migrations SET checksum = 'x' WHERE name LIKE '003%'")
    for words in (("db", "migrate"), ("db", "status"), ("db", "rebuild")):
        told = call(*words, home=own)
        assert told.code == 6
        assert "003_learning_state.sql was edited after" in told.err


def test_without_a_home_it_says_where_it_looked(call: Call) -> None:
    told = call("db", "status")
    assert told.code == 2
    assert "holds no kingdom yet" in told.err


@pytest.mark.postgres
def test_a_home_can_be_folded_into_a_postgresql_of_the_settings(
    call: Call, own: Home, database: str, postgres: PostgresServer, tmp_path: Path
) -> None:
    config = tmp_path / "cluster.yaml"
    config.write_text(f'views: {{url: "{database}"}}\n', encoding="utf-8")
    assert call("db", "migrate", "-c", str(config)).code == 0
    assert call("db", "rebuild", "-c", str(config), home=own).code == 0
    there = call("db", "status", "--digest", "-c", str(config), "-o", "json").json
    call("status", home=own)
    here = call("db", "status", "--digest", "-o", "json", home=own).json
    assert there["digests"] == here["digests"]
    assert postgres.fetch(database, "SELECT count(*) FROM champions") == [(9,)]


@pytest.mark.parametrize("secret", ["km:hidden@db/rows", "km@db/rows?password=hidden"])
def test_a_password_in_a_url_is_refused_and_not_repeated(
    call: Call, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setenv("KINGMAKER__VIEWS__URL", f"postgresql://{secret}")
    told = call("db", "status")
    assert told.code == 2
    assert "views.url is postgresql://USER@HOST:PORT/DATABASE, without a password" in told.err
    assert "hidden" not in told.err


def test_a_server_that_is_away_is_one_paragraph_with_the_remedy(
    call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KINGMAKER__VIEWS__URL", f"postgresql:///rows?host={tmp_path}")
    told = call("db", "status")
    assert told.code == 1
    assert "does not answer" in told.err
    assert "See that it runs and that views.url is right" in told.err
