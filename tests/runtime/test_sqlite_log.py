"""The log in one file: damage is named by topic, lane and number; a full disk loses nothing."""

import random
import sqlite3
from pathlib import Path

import pytest

from kingmaker.kernel.lane import STARTED, Draft, Lane, LaneDamagedError, Pen, Record, frame
from kingmaker.runtime.history import accepted
from kingmaker.runtime.log import StoreFailedError, Verdict
from kingmaker.runtime.sqlite_log import SqliteLog

LANE = Lane("km.trader.v1", 2)
HOME = "home-1"
EDIT = "UPDATE records SET {} WHERE seq = ?"
PAGES_TO_SPARE = 3


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.sqlite"


def steps(count: int, lane: Lane = LANE, size: int = 3) -> list[tuple[Record, ...]]:
    """Return a start and `count` steps of two records, chained."""
    chained = [frame(lane.genesis(HOME), Pen(1, "w"), [Draft(STARTED, b"{}")])]
    for number in range(count):
        drafts = [Draft("A", b"%d" % number * size), Draft("B", b"b" * size)]
        chained.append(frame(chained[-1][-1].position, Pen(1, "w", number), drafts, b"[]"))
    return chained


def written(path: Path, count: int = 4) -> list[Record]:
    log = SqliteLog(path, HOME)
    records: list[Record] = []
    for step in steps(count):
        assert log.append(LANE, step) is Verdict.ACCEPTED
        records += step
    assert log.commit() is Verdict.ACCEPTED
    log.close()
    return records


def read(path: Path, lane: Lane = LANE, home: str = HOME) -> list[Record]:
    log = SqliteLog(path, home, read_only=True)
    try:
        return list(accepted(log, lane))
    finally:
        log.close()


def edit(path: Path, statement: str, *values: object) -> None:
    """Be the one who should never edit."""
    db = sqlite3.connect(path)
    with db:
        db.execute(statement, values)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def forged(path: Path, record: Record, value: bytes) -> None:
    """Replace a record by one whose own hash is right."""
    r = record
    false = Record(r.term, r.writer, r.seq, r.prev, r.n, r.of, r.kind, value, r.consumed, r.time_ms)
    edit(path, EDIT.format("value = ?, hash = ?"), value, false.hash, r.seq)


@pytest.mark.parametrize(
    "change",
    ["value = x'ff'", "kind = 'C'", "time_ms = time_ms + 1", "consumed = x''", "term = 2"],
)
def test_a_changed_field_is_named_at_once(path: Path, change: str) -> None:
    written(path)
    edit(path, EDIT.format(change), 3)
    with pytest.raises(LaneDamagedError, match=r"km\.trader\.v1/2: record 3 is damaged"):
        read(path)


def test_a_flipped_byte_of_the_file_never_goes_unnoticed(path: Path) -> None:
    records = written(path)
    whole = path.read_bytes()
    needle = records[5].value
    place = whole.index(needle, whole.index(records[5].hash.encode()) - 400)
    path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    with pytest.raises(LaneDamagedError, match=r"km\.trader\.v1/2: record 5 is damaged"):
        read(path)


def test_bytes_flipped_anywhere_change_nothing_or_are_refused(path: Path) -> None:
    records = written(path)
    whole, draw = path.read_bytes(), random.Random(1)  # noqa: S311 - which bytes, not secrets
    noticed = 0
    for _ in range(200):
        place = draw.randrange(100, len(whole))
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        try:
            found = read(path)
        except (LaneDamagedError, sqlite3.DatabaseError):
            noticed += 1
        else:  # free space, or a tail that anchors and consumers miss
            assert found == records[: len(found)]
    assert noticed > 20


def test_a_removed_middle_record_is_named(path: Path) -> None:
    written(path)
    edit(path, "DELETE FROM records WHERE seq = 4")
    with pytest.raises(LaneDamagedError, match=r"km\.trader\.v1/2: record 4 is missing before 5"):
        read(path)


def test_a_removed_first_record_is_named(path: Path) -> None:
    written(path)
    edit(path, "DELETE FROM records WHERE seq = 0")
    with pytest.raises(LaneDamagedError, match=r"km\.trader\.v1/2: record 0 is missing before 1"):
        read(path)


def test_a_forged_record_is_named_by_its_successor(path: Path) -> None:
    records = written(path)
    forged(path, records[3], b"bought at the low")
    with pytest.raises(LaneDamagedError, match=r"km\.trader\.v1/2: record 4 does not extend"):
        read(path)


def test_a_forged_record_is_named_at_the_edge_of_a_page(path: Path) -> None:
    records = written(path, count=600)
    for seq in (510, 511, 512, 513):
        copy = path.with_name(f"{seq}.sqlite")
        copy.write_bytes(path.read_bytes())
        forged(copy, records[seq], b"bought at the low")
        with pytest.raises(LaneDamagedError, match=f"record {seq + 1} does not extend"):
            read(copy)


def test_a_writer_refuses_to_go_on_after_a_damaged_record(path: Path) -> None:
    records = written(path)
    edit(path, EDIT.format("value = x'ff'"), records[-1].seq)
    log = SqliteLog(path, HOME)
    with pytest.raises(LaneDamagedError, match=f"record {records[-1].seq} is damaged"):
        log.append(LANE, steps(5)[-1])
    log.close()


def test_the_file_of_another_home_is_refused(path: Path) -> None:
    written(path)
    with pytest.raises(LaneDamagedError, match=r"record 0 does not extend .* of another home"):
        read(path, home="home-2")


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_bytes(b"not a log" * 1000)
    with pytest.raises(sqlite3.DatabaseError, match="file is not a database"):
        SqliteLog(path, HOME)


class SmallLog(SqliteLog):
    """A log on a disk that is full after so many pages: SQLite itself says so."""

    def leave_pages(self, pages: int) -> None:
        """Grow by this much, and no more."""
        (count,) = self._db.execute("PRAGMA page_count").fetchone()
        self._db.execute(f"PRAGMA max_page_count = {count + pages}")


def test_a_full_disk_is_named_and_what_was_committed_is_there(path: Path) -> None:
    records = written(path)
    log = SmallLog(path, HOME)
    step = frame(records[-1].position, Pen(1, "w"), [Draft("A", b"a" * 100_000)])
    log.leave_pages(PAGES_TO_SPARE)
    assert log.append(LANE, step) is Verdict.ACCEPTED
    with pytest.raises(StoreFailedError, match=r"database or disk is full.* Make room"):
        log.commit()
    log.close()
    assert read(path) == records


def test_after_room_was_made_the_log_goes_on_in_the_same_process(path: Path) -> None:
    records = written(path)
    log, other = SmallLog(path, HOME), Lane("km.shadow.v1", 0)
    step = frame(records[-1].position, Pen(1, "w"), [Draft("A", b"a" * 100_000)])
    log.leave_pages(PAGES_TO_SPARE)
    assert log.append(other, steps(0, other)[0]) is Verdict.ACCEPTED
    assert log.append(LANE, step) is Verdict.ACCEPTED
    with pytest.raises(StoreFailedError):
        log.commit()
    log.leave_pages(1000)
    assert log.commit() is Verdict.ACCEPTED
    log.close()
    assert read(path) == [*records, *step]
    assert len(read(path, other)) == 1


def test_after_room_was_made_a_new_process_goes_on(path: Path) -> None:
    records = written(path)
    log = SmallLog(path, HOME)
    step = frame(records[-1].position, Pen(1, "w"), [Draft("A", b"a" * 100_000)])
    log.leave_pages(PAGES_TO_SPARE)
    log.append(LANE, step)
    with pytest.raises(StoreFailedError):
        log.commit()
    log.close()
    again = SqliteLog(path, HOME)
    assert again.append(LANE, step) is Verdict.ACCEPTED
    assert again.commit() is Verdict.ACCEPTED
    again.close()
    assert read(path) == [*records, *step]


def test_what_was_not_committed_is_lost_in_all_lanes(path: Path) -> None:
    records, other = written(path), Lane("km.shadow.v1", 0)
    log = SqliteLog(path, HOME)
    log.append(other, steps(0, other)[0])
    log.append(LANE, frame(records[-1].position, Pen(1, "w"), [Draft("A", b"")]))
    log.close()
    assert read(path) == records
    assert read(path, other) == []


def test_two_lanes_are_committed_together_or_not_at_all(path: Path) -> None:
    records, other = written(path), Lane("km.shadow.v1", 0)
    zombie, writer = SqliteLog(path, HOME), SqliteLog(path, HOME)
    assert zombie.append(other, steps(0, other)[0]) is Verdict.ACCEPTED
    stale = frame(records[-1].position, Pen(1, "zombie"), [Draft("Z", b"")])
    assert zombie.append(LANE, stale) is Verdict.ACCEPTED
    fresh = frame(records[-1].position, Pen(2, "writer"), [Draft(STARTED, b"{}")])
    assert writer.append(LANE, fresh) is Verdict.ACCEPTED
    assert writer.commit() is Verdict.ACCEPTED
    assert zombie.commit() is Verdict.FENCED
    assert zombie.commit() is Verdict.FENCED
    for log in (zombie, writer):
        log.close()
    assert read(path) == [*records, *fresh]
    assert read(path, other) == []


def test_a_reader_of_this_process_may_lag_behind_what_is_kept_in_memory(path: Path) -> None:
    log = SqliteLog(path, HOME)
    sent = [record for step in steps(3000) for record in step]
    for step in steps(3000):
        assert log.append(LANE, step) is Verdict.ACCEPTED
        if step[0].seq % 400 == 1:
            assert log.commit() is Verdict.ACCEPTED
    assert log.commit() is Verdict.ACCEPTED
    assert list(accepted(log, LANE)) == sent
    log.close()
