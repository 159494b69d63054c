"""A whole log is checked: every chain, every witness."""

import pytest

from kingmaker.kernel import consumption
from kingmaker.kernel.lane import STARTED, Draft, Lane, LaneDamagedError, Pen, Position, frame
from kingmaker.kernel.service import Run
from kingmaker.runtime.memory_log import MemoryLog
from kingmaker.runtime.verify import verify

SOURCE, CONSUMER = Lane("km.source.v1"), Lane("km.consumer.v1")


def written(log: MemoryLog, lane: Lane, *values: bytes, consumed: bytes = b"") -> Position:
    step = frame(lane.genesis(log.incarnation), Pen(1, "w"), [Draft(STARTED, b"")])
    log.append(lane, step)
    for value in values:
        step = frame(step[-1].position, Pen(1, "w"), [Draft("E", value)], consumed)
        log.append(lane, step)
    return step[-1].position


def test_a_whole_log_is_counted() -> None:
    log = MemoryLog()
    end = written(log, SOURCE, b"1", b"2")
    written(log, CONSUMER, b"x", consumed=consumption.encode([Run(SOURCE, 0, 2, end.hash)]))
    verified = verify(log, [SOURCE, CONSUMER])
    assert (verified.records, verified.witnesses, verified.lanes) == (5, 1, 2)


def test_a_source_that_was_written_anew_is_found_by_its_witness() -> None:
    log = MemoryLog()
    written(log, SOURCE, b"1", b"forged")
    consumed = consumption.encode([Run(SOURCE, 0, 2, "0" * 64)])
    written(log, CONSUMER, b"x", consumed=consumed)
    with pytest.raises(LaneDamagedError, match=r"km\.source\.v1/0: record 2 is not the one"):
        verify(log, [SOURCE, CONSUMER])


def test_a_source_that_lost_its_tail_is_found_by_its_witness() -> None:
    log = MemoryLog()
    written(log, SOURCE, b"1")
    consumed = consumption.encode([Run(SOURCE, 0, 9, "0" * 64)])
    written(log, CONSUMER, b"x", consumed=consumed)
    with pytest.raises(LaneDamagedError, match=r"ends at record 1, but km\.consumer\.v1/0"):
        verify(log, [SOURCE, CONSUMER])


def test_progress_is_told_page_by_page() -> None:
    log, seen = MemoryLog(), list[int]()
    written(log, SOURCE, b"1")
    written(log, CONSUMER, b"2", b"3")
    verify(log, [SOURCE, CONSUMER], progress=seen.append)
    assert seen == [2, 5]
