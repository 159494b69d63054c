"""Snapshot files: the newest whole one is used, a damaged one is as good as none."""

from pathlib import Path

import pytest

from kingmaker.kernel.host import Snapshot
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.snapshots import Snapshots

LANE = Lane("km.test.v1", 1)


@pytest.fixture
def snapshots(tmp_path: Path) -> Snapshots:
    return Snapshots(tmp_path, "0.1.0")


def files(tmp_path: Path) -> list[Path]:
    return [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_lane_without_snapshots_has_none(snapshots: Snapshots) -> None:
    assert snapshots.newest(LANE) == {}


def test_the_newest_is_returned_and_old_ones_go(snapshots: Snapshots, tmp_path: Path) -> None:
    for content in (b"1", b"2", b"3"):
        snapshots.keep(LANE, Snapshot(content))
    assert list(snapshots.newest(LANE).values()) == [b"3"]
    assert len(files(tmp_path)) == 2


def test_a_damaged_file_is_dropped(snapshots: Snapshots, tmp_path: Path) -> None:
    snapshots.keep(LANE, Snapshot(b"state"))
    files(tmp_path)[0].write_bytes(b"stale")
    assert snapshots.newest(LANE) == {}


def test_another_release_does_not_read_them(snapshots: Snapshots, tmp_path: Path) -> None:
    snapshots.keep(LANE, Snapshot(b"state"))
    assert Snapshots(tmp_path, "0.2.0").newest(LANE) == {}
