"""The process of the views: ready once everything is folded, patient where its database is away."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kingmaker.kernel.lane import Lane, LaneDamagedError
from kingmaker.runtime.live.health import Health
from kingmaker.runtime.live.views import AGAIN_S_MAX, AGAIN_S_MIN, Follower
from kingmaker.runtime.views.digest import digests
from kingmaker.runtime.views.follow import FLUSH_EVENTS
from kingmaker.runtime.views.postgres_address import Address
from kingmaker.runtime.views.postgres_store import PostgresStore
from kingmaker.runtime.views.sqlite_store import SqliteStore
from kingmaker.runtime.views.store import DatabaseUnreachableError, ViewStore
from tests.conformance.view_stores import GrowingLog, desks, history


class Place:
    """A follower of a growing history into a file, with what it said."""

    def __init__(self, open_: Callable[[], ViewStore]) -> None:
        self.log, self.health, self.said = GrowingLog(), Health(), list[str]()
        self.follower = Follower(open_, self.log, desks(), self.health, self.said.append)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(lambda: SqliteStore(tmp_path / "views.sqlite"))
    made.log.grow(0.5)
    yield made
    made.follower.close()


def test_it_is_ready_once_everything_is_folded_and_says_up_to_where(place: Place) -> None:
    assert place.health.answer("/readyz")[0] == 503
    assert place.follower.turn()
    status, body = place.health.answer("/readyz")
    assert (status, body["reason"]) == (200, "caught up")
    before = dict(place.health.lanes)
    assert before["km.promotion.v1/0"] == place.log.told[Lane("km.promotion.v1")] - 1
    place.log.grow(1.0)
    assert place.follower.turn()
    assert place.health.lanes["km.promotion.v1/0"] > before["km.promotion.v1/0"]
    assert [line for line in place.said if "caught up" in line] == place.said[-1:]


def test_a_database_that_is_away_is_told_once_and_tried_again_ever_more_slowly() -> None:
    def away() -> ViewStore:
        raise DatabaseUnreachableError("PostgreSQL at nowhere does not answer. See that it runs.")

    place = Place(away)
    waits = []
    for _ in range(8):
        assert not place.follower.turn()
        waits.append(place.follower.again_s)
    status, body = place.health.answer("/readyz")
    assert (status, body["reason"]) == (
        503,
        "PostgreSQL at nowhere does not answer. See that it runs.",
    )
    assert place.health.answer("/startupz")[0] == 200  # or its supervisor would end it
    assert place.health.answer("/livez")[0] == 200
    assert place.said == [
        "views: not ready: PostgreSQL at nowhere does not answer. See that it runs."
    ]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (2 * AGAIN_S_MIN, AGAIN_S_MAX)


def test_rows_of_another_log_keep_it_from_being_ready_and_are_left_alone(place: Place) -> None:
    assert place.follower.turn()
    other = Place(place.follower._open)
    other.log.incarnation = "another"
    assert not other.follower.turn()
    assert "are of the log" in other.health.reason
    assert "kingmaker db rebuild" in other.health.reason
    assert place.follower.turn()


def test_a_lane_that_cannot_be_read_is_told_and_stops_no_other(place: Place) -> None:
    held = place.log.read
    feed = Lane("km.feed.v1")

    def damaged(lane: Lane, at: int) -> object:
        if lane == feed:
            raise LaneDamagedError(f"{lane}: record 3 is damaged. Restore it from a copy.")
        return held(lane, at)

    place.log.read = damaged  # type: ignore[method-assign, assignment] # as a damaged store would
    assert not place.follower.turn()
    assert "km.feed.v1/0: record 3 is damaged" in place.health.reason
    place.log.read = held  # type: ignore[method-assign] # it was mended
    assert place.follower.turn()
    assert set(place.health.lanes) == {str(lane) for lane in history().log.lanes()}


def test_it_ends_amid_a_long_fold_and_the_next_one_goes_on(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert FLUSH_EVENTS > 100
    monkeypatch.setattr("kingmaker.runtime.views.follow.FLUSH_EVENTS", 50)
    assert place.follower.turn(is_ending=lambda: True)
    assert not place.health.ready
    assert place.follower.turn()
    assert place.health.ready


@pytest.mark.postgres
def test_it_waits_for_the_schema_and_goes_on_by_itself(database: str) -> None:
    place = Place(lambda: PostgresStore(Address(database)))
    place.log.grow(1.0)
    assert not place.follower.turn()
    assert "lacks 001_kingdom" in place.health.reason
    assert "run `kingmaker db migrate`" in place.health.reason
    store = PostgresStore(Address(database))
    store.migrate()
    assert place.follower.turn()
    assert place.health.ready
    assert len(set(digests(store).values())) > 10
    store.close()
    place.follower.close()
