"""Views follow the log: live, after a restart, and after their file was deleted."""

import sqlite3
from pathlib import Path

import pytest

from kingmaker.contracts.desks import Desk
from kingmaker.feed.domain import BarRead
from kingmaker.feed.service import build
from kingmaker.kernel.host import Host
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Input
from kingmaker.runtime.sqlite_log import SqliteLog
from kingmaker.runtime.views.at_home import open_views
from kingmaker.runtime.views.follow import Views, catch_up_or_rebuild
from kingmaker.runtime.views.store import OtherLogError

HOUR = 3_600_000
DESKS = [Desk("main", 0)]


class Feed:
    """A real feed that writes a real log, and shows its steps to the views."""

    def __init__(self, folder: Path, incarnation: str = "x") -> None:
        self.log = SqliteLog(folder / f"{incarnation}.sqlite", incarnation)
        self.host = Host(build(DESKS, 0), "feed", incarnation)
        self.host.take_over("test")
        self.accept(None)

    def bars(self, first: int, last: int, views: Views | None = None) -> None:
        for number in range(first, last):
            row = BarRead("BTC", HOUR, number * HOUR, 10.0, 11.0, 9.0, 10.0, 1.0)
            draft = self.host.service.messages.encode(row)
            fact = Input(Lane("km.feed.facts.v1"), number, draft.kind, draft.value)
            assert self.host.consume(fact)
            self.host.decide({})
            self.accept(views)

    def accept(self, views: Views | None) -> None:
        self.log.append(self.host.lane, self.host.ready())
        self.log.commit()
        self.steps = self.host.advance()
        for step in self.steps:
            if views:
                views.show(self.host.lane, step)


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    return Feed(tmp_path)


def rows(path: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as db:
        query = "SELECT desk, symbol, bars, last_open_ms FROM symbols"
        return db.execute(query).fetchall()


def test_views_of_a_forged_or_shorter_log_are_rebuilt(feed: Feed, tmp_path: Path) -> None:
    path = tmp_path / "views.sqlite"
    feed.bars(0, 5)
    with sqlite3.connect(path):
        views = open_views(path, feed.log, DESKS)
        views.catch_up()
        views.close()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE folded SET hash = 'forged'")
        db.execute("UPDATE symbols SET bars = 99")
    again = open_views(path, feed.log, DESKS)
    with pytest.raises(OtherLogError, match=r"km.feed.v1/0 .*views hold record .*db rebuild"):
        again.catch_up()
    assert catch_up_or_rebuild(again) > 5
    again.close()
    assert rows(path) == [("main", "BTC", 5, 4 * HOUR)]


def test_live_views_equal_views_folded_from_the_log(feed: Feed, tmp_path: Path) -> None:
    live = open_views(tmp_path / "live.sqlite", feed.log, DESKS)
    live.catch_up()
    feed.bars(0, 20, live)
    live.flush()
    live.close()
    folded = open_views(tmp_path / "folded.sqlite", feed.log, DESKS)
    folded.catch_up()
    folded.close()
    assert rows(tmp_path / "live.sqlite") == rows(tmp_path / "folded.sqlite")
    assert rows(tmp_path / "live.sqlite") == [("main", "BTC", 20, 19 * HOUR)]


def test_a_later_process_goes_on_where_the_last_one_stopped(feed: Feed, tmp_path: Path) -> None:
    path = tmp_path / "views.sqlite"
    for first in (0, 10, 20):
        feed.bars(first, first + 10)
        views = open_views(path, feed.log, DESKS)
        views.catch_up()
        assert views.catch_up() == 0
        views.close()
    assert rows(path) == [("main", "BTC", 30, 29 * HOUR)]


def test_a_step_that_was_folded_already_is_not_added_again(feed: Feed, tmp_path: Path) -> None:
    path = tmp_path / "views.sqlite"
    views = open_views(path, feed.log, DESKS)
    feed.bars(0, 3)
    views.catch_up()
    for step in feed.steps:
        views.show(feed.host.lane, step)
    views.flush()
    views.close()
    assert rows(path) == [("main", "BTC", 3, 2 * HOUR)]


def test_two_processes_never_fold_an_event_twice(feed: Feed, tmp_path: Path) -> None:
    path = tmp_path / "views.sqlite"
    live = open_views(path, feed.log, DESKS)
    live.catch_up()
    feed.bars(0, 10, live)
    other = open_views(path, feed.log, DESKS)
    assert other.catch_up() == 12  # ten bars, the symbol and the calendar
    feed.bars(10, 15, live)
    live.flush()
    assert other.catch_up() == 0
    feed.bars(15, 20, live)
    live.flush()
    live.close()
    other.close()
    assert rows(path) == [("main", "BTC", 20, 19 * HOUR)]
