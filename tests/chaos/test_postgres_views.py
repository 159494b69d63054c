"""PostgreSQL killed, away, and put back from an old backup: nobody waits, and the rows come back.

The rows are compared by one hash with those of a rebuild, and with those that SQLite holds of the
same log. The log is one that all real deciders wrote.
"""

import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.contracts.topics import event_topic
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.live.health import Health
from kingmaker.runtime.live.views import Follower
from kingmaker.runtime.log import Log
from kingmaker.runtime.memory_log import MemoryLog
from kingmaker.runtime.views import follow
from kingmaker.runtime.views.digest import digests
from kingmaker.runtime.views.follow import Views
from kingmaker.runtime.views.postgres_address import Address
from kingmaker.runtime.views.postgres_store import PostgresStore
from kingmaker.runtime.views.sqlite_store import SqliteStore
from tests.chaos import checker
from tests.conformance.view_stores import GrowingLog, desks
from tests.conftest import lonely_postgres
from tests.histories.record import STORIES, time_of, world_of
from tests.postgres import PostgresServer
from tests.simulation.world import DESKS, Life

KILLS = 6
SEED = 16

pytestmark = pytest.mark.postgres


class Rows:
    """A database on a server of this test's own, and who keeps it up with a log."""

    def __init__(self, server: PostgresServer, log: Log) -> None:
        self.server, self.log, self.url = server, log, server.new_database()
        store = self.store()
        store.migrate()
        store.close()
        self.health, self.said = Health(), list[str]()
        self.follower = Follower(self.store, log, desks(), self.health, self.said.append)

    def store(self) -> PostgresStore:
        return PostgresStore(Address(self.url))

    def held(self) -> dict[str, str]:
        store = self.store()
        try:
            return dict(digests(store))
        finally:
            store.close()

    def folded_anew(self, folder: Path) -> dict[str, str]:
        """Return what a file holds of the whole log, folded at once."""
        store = SqliteStore(folder / "anew.sqlite")
        store.migrate()
        Views(store, self.log, desks()).catch_up()
        found = dict(digests(store))
        store.close()
        return found

    def rebuilt(self) -> dict[str, str]:
        store = self.store()
        views = Views(store, self.log, desks())
        views.rebuild()
        views.catch_up()
        store.close()
        return self.held()


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with lonely_postgres() as own:
        yield own


def test_killed_again_and_again_while_rows_are_written_it_holds_each_event_once(
    server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "FLUSH_EVENTS", 5)  # many transactions, each of which may be hit
    log, moments = GrowingLog(), random.Random(SEED)  # noqa: S311 - moments, not secrets
    rows = Rows(server, log)
    failed = 0
    for kill in range(1, KILLS + 1):
        log.grow(kill / KILLS)
        killer = threading.Timer(moments.uniform(0.0, 0.3), server.kill)
        killer.start()
        failed += not rows.follower.turn()
        killer.join()
        failed += not rows.follower.turn()
        assert not rows.health.ready
        server.start()
    assert rows.follower.turn()
    assert failed >= KILLS
    assert rows.held() == rows.folded_anew(tmp_path) == rows.rebuilt()
    rows.follower.close()


def test_while_it_is_away_crowns_change_hands_and_afterwards_the_rows_say_so(
    server: PostgresServer, tmp_path: Path
) -> None:
    story, log = STORIES["every_service"], MemoryLog(incarnation="golden")
    life = Life(log, world_of(story))
    rows = Rows(server, log)
    life.to_the_end(time_of(10))
    assert rows.follower.turn()
    server.kill()
    life.to_the_end(time_of(story.bars))  # a coronation by command, a training, trades
    assert not rows.follower.turn()
    assert "does not answer" in rows.health.reason
    assert crowned(log) > len(COMPONENTS) * len(DESKS)
    checker.check(log, DESKS)
    server.start()
    assert rows.follower.turn()
    assert rows.health.ready
    assert rows.held() == rows.folded_anew(tmp_path) == rows.rebuilt()
    champions = server.fetch(rows.url, "SELECT model FROM champions WHERE reign = 2")
    assert champions == [("v1.1.0-cloud",)]
    rows.follower.close()


@pytest.mark.parametrize("restarted", [False, True])
def test_put_back_from_an_old_backup_it_is_found_stale_and_catches_up(
    server: PostgresServer, tmp_path: Path, *, restarted: bool
) -> None:
    log = GrowingLog()
    log.grow(0.3)
    rows = Rows(server, log)
    assert rows.follower.turn()
    old = rows.held()
    server.stop()
    server.copy(tmp_path / "backup")
    server.start()
    log.grow(1.0)
    assert until_ready(rows)
    assert rows.held() != old
    server.stop()
    server.restore(tmp_path / "backup")
    server.start()
    assert rows.held() == old  # a day is missing, and nobody has told
    if restarted:
        rows.follower.close()
        rows.follower = Follower(rows.store, log, desks(), rows.health, rows.said.append)
    assert until_ready(rows)
    assert rows.held() == rows.folded_anew(tmp_path) == rows.rebuilt()
    rows.follower.close()


def test_a_backup_of_another_kingdom_is_refused_by_name_and_left_as_it_is(
    server: PostgresServer,
) -> None:
    log = GrowingLog()
    log.grow(1.0)
    rows = Rows(server, log)
    assert rows.follower.turn()
    held = rows.held()
    other = GrowingLog(incarnation="ffffffffffffffff")
    follower = Follower(rows.store, other, desks(), rows.health, rows.said.append)
    assert not follower.turn()
    assert f"of the log {log.incarnation}, not of ffffffffffffffff" in rows.health.reason
    assert rows.held() == held
    rows.follower.close()


def until_ready(rows: Rows) -> bool:
    """Try as the process does; a connection that the server cut is found at the first try."""
    deadline = time.monotonic() + 30.0
    while not rows.follower.turn():
        assert time.monotonic() < deadline, rows.health.reason
    return rows.health.ready


def crowned(log: Log) -> int:
    lanes = [Lane(event_topic("promotion"), desk.index) for desk in DESKS]
    return sum(checker.kinds(log, lane)["ChampionCrowned"] for lane in lanes)
