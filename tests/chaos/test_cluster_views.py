"""All services as processes, and their views: PostgreSQL goes away, and only the views notice."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kingmaker.runtime.services import ORDER
from kingmaker.runtime.views.digest import digests
from kingmaker.runtime.views.follow import Views
from kingmaker.runtime.views.postgres_address import Address
from kingmaker.runtime.views.postgres_store import PostgresStore
from kingmaker.runtime.views.sqlite_store import SqliteStore
from kingmaker.runtime.views.store import ViewStore
from tests.chaos.cluster import ClusterHome
from tests.chaos.orders import NINE, crown_a_challenger, is_answered, ready, roll_back, watched
from tests.conftest import lonely_broker, lonely_postgres
from tests.postgres import PostgresServer

BARS = 250

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.cluster, pytest.mark.slow]


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with lonely_postgres() as own:
        yield own


@pytest.fixture
def home(server: PostgresServer, tmp_path: Path) -> Iterator[ClusterHome]:
    with lonely_broker(tmp_path / "kafka") as servers:
        opened = ClusterHome(servers, tmp_path / "cluster", bars=BARS)
        settings = json.loads(opened.config.read_text(encoding="utf-8"))
        settings["views"] = {"url": server.new_database()}
        opened.config.write_text(json.dumps(settings), encoding="utf-8")
        yield opened
        opened.close()


def test_without_postgresql_trades_are_decided_and_crowns_change_hands(
    home: ClusterHome, server: PostgresServer, tmp_path: Path
) -> None:
    url = json.loads(home.config.read_text(encoding="utf-8"))["views"]["url"]
    store = PostgresStore(Address(url))
    store.migrate()
    store.close()
    home.start("views", *(name for name in ORDER if name != "feed"))
    home.await_that("nine act", lambda: len(home.said("trader", "ChampionActivated")) == NINE)
    home.await_that("rows are ready", lambda: ready(home, "views"))
    server.kill()
    home.await_that("the views say so", lambda: not ready(home, "views"))
    assert "does not answer" in home.readiness("views")["reason"]
    home.start("feed")  # every bar is played without a database
    home.await_settled()
    crown_a_challenger(home)
    roll_back(home, 1)
    home.await_that("the rollback is answered", lambda: is_answered(home, 1))
    home.await_settled()
    assert home.said("trader", "OpportunityResolved")
    assert [how for how, _, _ in watched(home).coronations].count("rollback") == 1
    assert set(home.ended) == set()  # nobody left, the views neither
    server.start()
    home.await_that("rows are ready again", lambda: ready(home, "views"))
    home.stop()
    with_champions = "SELECT count(*) FROM champions"
    assert server.fetch(url, with_champions) == [(NINE,)]
    anew = SqliteStore(tmp_path / "anew.sqlite")
    anew.migrate()
    assert caught_up(home, PostgresStore(Address(url))) == caught_up(home, anew)


def caught_up(home: ClusterHome, store: ViewStore) -> dict[str, str]:
    """Return what a database holds of everything in Kafka: the services wrote to their end."""
    log = home.log()
    Views(store, log, home.desks).catch_up()
    log.close()
    found = dict(digests(store))
    store.close()
    return found
