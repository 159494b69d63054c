"""Anchors find a lost tail and a forged end."""

from pathlib import Path

import pytest

from kingmaker.kernel.lane import STARTED, Draft, Lane, LaneDamagedError, Pen, Position, frame
from kingmaker.runtime.anchors import Anchors
from kingmaker.runtime.sqlite_log import SqliteLog

LANE = Lane("km.test.v1")


@pytest.fixture
def anchors(tmp_path: Path) -> Anchors:
    return Anchors(tmp_path / "anchors.json")


def a_log(path: Path, *kinds: str) -> SqliteLog:
    log = SqliteLog(path, "x")
    step = frame(LANE.genesis("x"), Pen(1, "w"), [Draft(STARTED, b"")])
    log.append(LANE, step)
    for kind in kinds:
        step = frame(step[-1].position, Pen(1, "w"), [Draft(kind, b"")])
        log.append(LANE, step)
    log.commit()
    return log


def end_of(log: SqliteLog) -> Position:
    records, _ = log.read(LANE, 0)
    return records[-1].position


def test_a_log_as_it_was_passes(anchors: Anchors, tmp_path: Path) -> None:
    log = a_log(tmp_path / "log", "A", "B")
    anchors.drop({LANE: end_of(log)})
    anchors.check(log)


def test_a_log_that_went_on_passes(anchors: Anchors, tmp_path: Path) -> None:
    shorter = a_log(tmp_path / "shorter", "A")
    anchors.drop({LANE: end_of(shorter)})
    anchors.check(a_log(tmp_path / "longer", "A", "B"))


def test_a_cut_tail_is_found(anchors: Anchors, tmp_path: Path) -> None:
    longer = a_log(tmp_path / "longer", "A", "B")
    anchors.drop({LANE: end_of(longer)})
    with pytest.raises(LaneDamagedError, match=r"km\.test\.v1/0: record 2 is missing"):
        anchors.check(a_log(tmp_path / "shorter", "A"))


def test_another_history_is_found(anchors: Anchors, tmp_path: Path) -> None:
    anchors.drop({LANE: end_of(a_log(tmp_path / "one", "A", "B"))})
    with pytest.raises(LaneDamagedError, match=r"record 2 is not the one"):
        anchors.check(a_log(tmp_path / "other", "A", "C"))


def test_without_a_file_nothing_is_claimed(anchors: Anchors, tmp_path: Path) -> None:
    anchors.check(a_log(tmp_path / "log"))


def test_a_damaged_file_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "anchors.json"
    path.write_text("[")
    with pytest.raises(LaneDamagedError, match=r"kingmaker audit verify"):
        Anchors(path).read()
