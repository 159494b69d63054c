"""Parts of a stretch are decided at once by real processes; what is first in the lane counts."""

import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kingmaker.kernel.lane import Lane, Record
from kingmaker.runtime.history import accepted
from kingmaker.runtime.home import Home
from kingmaker.runtime.models.child import Command
from kingmaker.runtime.parts.running import PartLostError, Parts, cores
from kingmaker.runtime.parts.words import Found, Place, Stretch, Task
from kingmaker.runtime.redecide import Share
from tests.runtime.short_play import played
from tests.scenarios.playing import Stage

TRADER = Lane("km.trader.v1")
DIES_WHEN_ASKED = Command("kingmaker.runtime.models.worker")  # it knows other words
SEVERAL = (2, 3)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return played(tmp_path_factory.mktemp("parts"), 400)


@pytest.fixture(scope="module")
def records(stage: Stage) -> list[Record]:
    with stage.log() as log:
        return list(accepted(log, TRADER))


@pytest.fixture(scope="module")
def stretch(records: list[Record]) -> Stretch:
    begin = records[len(records) // 4]
    return Stretch("trader", 0, begin.time_ms, records[-1].seq)


def decided(stage: Stage, stretch: Stretch, count: int) -> Found:
    with Parts(Place.of(stage.home, stage.desks), count) as parts:
        parts.begin(stretch)
        return parts.result()


@pytest.fixture(scope="module")
def in_one(stage: Stage, stretch: Stretch) -> Found:
    return decided(stage, stretch, 1)


def test_one_part_decides_the_whole_stretch(
    in_one: Found, stretch: Stretch, records: list[Record]
) -> None:
    begin = next(one.seq for one in records if one.time_ms >= stretch.begin_ms)
    assert in_one == Found(begin, stretch.until + 1 - begin, "")
    assert in_one.events > 100


@pytest.mark.parametrize("count", SEVERAL)
def test_several_parts_decide_the_same_events_as_one(
    stage: Stage, stretch: Stretch, in_one: Found, count: int
) -> None:
    assert decided(stage, stretch, count) == in_one


def forged(stage: Stage, folder: Path, values: Mapping[int, bytes]) -> Stage:
    """Return a copy in which the trader said something else, and chained it as it must be."""
    copy = Stage(Home(folder / "home"), stage.settings)
    shutil.copytree(stage.home.path, copy.home.path)
    with copy.log() as log:
        before = list(accepted(log, TRADER))
    prev, rows = before[0].prev, []
    for one in before:
        changed = replace(one, prev=prev, value=values.get(one.seq, one.value))
        prev = changed.hash
        rows.append((changed.prev, changed.hash, changed.value, changed.seq))
    with closing(sqlite3.connect(copy.home.log)) as db, db:
        db.executemany(
            "UPDATE records SET prev = ?, hash = ?, value = ? WHERE seq = ? AND lane ="
            " (SELECT id FROM lanes WHERE topic = 'km.trader.v1' AND lane = 0)",
            rows,
        )
    return copy


def mutant(records: list[Record], where: Callable[[int], bool]) -> dict[int, bytes]:
    """Return the first place where two decisions differ, with the bytes of the other."""
    kind = "kingmaker.trader.v1.OpportunityDecided"
    found = [one for one in records if one.kind == kind and where(one.seq)]
    return {found[0].seq: found[1].value}


def places(records: list[Record], stretch: Stretch) -> tuple[dict[int, bytes], dict[int, bytes]]:
    """Return a mutant of the first of two parts, and one of the second."""
    begin = next(one.seq for one in records if one.time_ms >= stretch.begin_ms)
    _, middle = Share(0, 2).limits(begin, stretch.until)
    return (
        mutant(records, lambda seq: begin <= seq < middle),
        mutant(records, lambda seq: seq >= middle),
    )


@pytest.mark.parametrize("count", [1, *SEVERAL])
def test_what_nobody_would_have_decided_is_found_in_a_later_part(
    stage: Stage, stretch: Stretch, records: list[Record], tmp_path: Path, count: int
) -> None:
    _, later = places(records, stretch)
    found = decided(forged(stage, tmp_path, later), stretch, count)
    assert found.difference.startswith(f"{TRADER} record {min(later)}: recorded ")


@pytest.mark.parametrize("count", [1, *SEVERAL])
def test_the_first_difference_of_the_lane_counts_whichever_part_is_first(
    stage: Stage, stretch: Stretch, records: list[Record], tmp_path: Path, count: int
) -> None:
    earlier, later = places(records, stretch)
    found = decided(forged(stage, tmp_path, earlier | later), stretch, count)
    assert found.difference.startswith(f"{TRADER} record {min(earlier)}: recorded ")


def test_a_damaged_record_is_named(stage: Stage, stretch: Stretch, tmp_path: Path) -> None:
    copy = forged(stage, tmp_path, {})
    with closing(sqlite3.connect(copy.home.log)) as db, db:
        db.execute(
            "UPDATE records SET value = X'00' WHERE seq = ? AND lane ="
            " (SELECT id FROM lanes WHERE topic = 'km.trader.v1')",
            (stretch.until,),
        )
    found = decided(copy, stretch, 2)
    assert f"{TRADER}: record {stretch.until}" in found.difference


def test_a_model_that_is_gone_is_named(stage: Stage, stretch: Stretch, tmp_path: Path) -> None:
    copy = forged(stage, tmp_path, {})
    shutil.rmtree(copy.home.artifacts)
    assert "cannot be decided anew: digest_missing" in decided(copy, stretch, 2).difference


def test_a_part_that_ends_early_is_an_error_and_never_identical(
    stage: Stage, stretch: Stretch
) -> None:
    with Parts(Place.of(stage.home, stage.desks), 2, DIES_WHEN_ASKED) as parts:
        parts.begin(stretch)
        with pytest.raises(PartLostError, match="a part was lost: the process for models ended"):
            parts.result()


def started(parts: Parts) -> int:
    """Wait until a process decides; return its number."""
    while not (pids := parts.pids):
        time.sleep(0.01)
    return pids[0]


def test_a_part_that_stands_still_is_ended(stage: Stage, stretch: Stretch) -> None:
    with Parts(Place.of(stage.home, stage.desks), 1, stalled_seconds_max=0.5) as parts:
        parts.begin(stretch)
        os.kill(started(parts), signal.SIGSTOP)
        with pytest.raises(PartLostError):
            parts.result()


def test_processes_stay_for_the_next_stretch_and_end_with_their_owner(
    stage: Stage, stretch: Stretch, in_one: Found
) -> None:
    seen: list[int] = []
    with Parts(Place.of(stage.home, stage.desks), 1) as parts:
        parts.begin(stretch)
        assert parts.result(seen.append) == in_one
        [pid] = parts.pids
        parts.begin(stretch)
        assert parts.result() == in_one
        assert parts.pids == [pid]
    assert seen
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_what_is_dropped_is_ended_at_once(stage: Stage, stretch: Stretch) -> None:
    with Parts(Place.of(stage.home, stage.desks), 1) as parts:
        parts.begin(stretch)
        os.kill(started(parts), signal.SIGSTOP)  # by itself it would never come to an end
        parts.drop()
        assert parts.pids == []


def test_words_arrive_as_they_were_said() -> None:
    place = Place("log", "incarnation", "artifacts", ("a", "b"))
    task = Task(place, Stretch("trader", 1, 2, 3), Share(1, 2))
    assert Task.decode(task.encode()) == task
    found = Found(4, 5, "it differs")
    assert Found.decode(found.encode()) == found


def test_parts_are_joined_in_order_and_a_difference_ends_what_counts() -> None:
    assert Found(3, 2).followed_by(Found(5, 4)) == Found(3, 6)
    assert Found().followed_by(Found(5, 4)) == Found(5, 4)
    assert Found(3, 2).followed_by(Found(5, 1, "b")) == Found(3, 3, "b")
    assert Found(3, 1, "a").followed_by(Found(5, 1, "b")) == Found(3, 1, "a")


def test_there_is_a_core_at_least() -> None:
    assert cores() >= 1
