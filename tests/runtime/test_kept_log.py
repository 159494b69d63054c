"""What was read once is not read again, and is the same."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kingmaker.kernel.lane import STARTED, Draft, Lane, LaneDamagedError, Pen, Record, frame
from kingmaker.runtime.history import accepted, links
from kingmaker.runtime.kept_log import PAGE_RECORDS, KeptLog
from kingmaker.runtime.log import Tail, Verdict
from kingmaker.runtime.sqlite_log import SqliteLog

LANE, OTHER, HOME = Lane("km.trader.v1"), Lane("km.shadow.v1"), "home-1"
COUNT = PAGE_RECORDS + 10


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "log.sqlite"
    log = SqliteLog(path, HOME)
    for lane in (LANE, OTHER):
        step = frame(lane.genesis(HOME), Pen(1, "w"), [Draft(STARTED, b"{}")])
        log.append(lane, step)
        for number in range(COUNT):
            step = frame(step[-1].position, Pen(1, "w"), [Draft("A", b"%d" % number)], b"[]")
            log.append(lane, step)
    log.commit()
    log.close()
    return path


@pytest.fixture
def file(path: Path) -> Iterator[SqliteLog]:
    log = SqliteLog(path, HOME, read_only=True)
    yield log
    log.close()


class Counting(SqliteLog):
    """Counts what is read of the file."""

    rows = 0

    def read(self, lane: Lane, place: int) -> tuple[list[Record], int]:
        records, end = super().read(lane, place)
        self.rows += len(records)
        return list(records), end


@pytest.fixture
def counting(path: Path) -> Iterator[Counting]:
    log = Counting(path, HOME, read_only=True)
    yield log
    log.close()


def test_it_holds_what_the_log_holds(file: SqliteLog) -> None:
    kept = KeptLog(file)
    assert list(accepted(kept, LANE)) == list(accepted(file, LANE))
    assert list(accepted(kept, LANE)) == list(accepted(file, LANE))
    assert list(accepted(kept, Lane("km.nobody.v1"))) == []


def test_a_lane_is_read_once(counting: Counting) -> None:
    kept = KeptLog(counting)
    for _ in range(3):
        assert len(list(accepted(kept, LANE))) == COUNT + 1
    assert counting.rows == COUNT + 1


def test_no_more_is_kept_than_there_is_room_for(counting: Counting) -> None:
    kept = KeptLog(counting, records_max=COUNT + 100)
    for _ in range(2):
        assert len(list(accepted(kept, LANE))) == COUNT + 1
        assert len(list(accepted(kept, OTHER))) == COUNT + 1
    assert counting.rows > 3 * COUNT


def test_a_lane_that_is_read_from_its_middle_is_kept_from_there(counting: Counting) -> None:
    kept = KeptLog(counting)
    for first in (700, 900, 700):
        tail = Tail(kept, LANE)
        tail.skip_to(first)
        assert tail.poll()[0].seq == first
    assert counting.rows < COUNT + PAGE_RECORDS
    assert len(list(accepted(kept, LANE))) == COUNT + 1


@pytest.mark.parametrize("reads", [0, 5, COUNT + 1])
def test_links_are_those_of_the_log_however_far_it_was_read(file: SqliteLog, reads: int) -> None:
    kept = KeptLog(file)
    for _ in zip(range(reads), accepted(kept, LANE), strict=False):
        pass
    wanted = [(record.hash, record.consumed) for record in accepted(file, LANE)]
    assert [link for page in links(kept, LANE) for link in page] == wanted
    assert [link for page in links(file, LANE) for link in page] == wanted


def test_damage_is_found_when_it_is_read_first(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE records SET value = x'00' WHERE seq = 600")
    with closing(SqliteLog(path, HOME, read_only=True)) as damaged:
        kept = KeptLog(damaged)
        with pytest.raises(LaneDamagedError, match="record 600 is damaged"):
            list(links(kept, LANE))
        with pytest.raises(LaneDamagedError, match="record 600 is damaged"):
            list(accepted(kept, LANE))


def test_nothing_is_written(file: SqliteLog) -> None:
    kept = KeptLog(file)
    step = frame(LANE.genesis(HOME), Pen(2, "w"), [Draft(STARTED, b"{}")])
    assert kept.append(LANE, step) is Verdict.FENCED
    assert kept.commit() is Verdict.ACCEPTED
    assert len(list(accepted(kept, LANE))) == COUNT + 1
    kept.close()
