"""A tail follows what counts, from wherever somebody has verified."""

import pytest

from kingmaker.kernel.lane import STARTED, Draft, Lane, LaneDamagedError, Pen, Record, frame
from kingmaker.runtime.history import accepted, decided
from kingmaker.runtime.log import Tail, Verdict
from kingmaker.runtime.memory_log import MemoryLog

LANE = Lane("km.tail.v1")


def start(log: MemoryLog, term: int = 1) -> tuple[Record, ...]:
    return frame(LANE.genesis(log.incarnation), Pen(term, "w"), [Draft(STARTED, b"")])


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


def test_a_step_that_does_not_extend_the_lane_is_fenced(log: MemoryLog) -> None:
    first = start(log)
    assert log.append(LANE, first) is Verdict.ACCEPTED
    a = frame(first[0].position, Pen(1, "w"), [Draft("A", b"")])
    late = frame(a[0].position, Pen(1, "w"), [Draft("B", b"")])
    assert log.append(LANE, late) is Verdict.FENCED
    assert [record.kind for record in accepted(log, LANE)] == [STARTED]


def test_a_tail_stops_at_what_is_missing(log: MemoryLog) -> None:
    first = start(log)
    a = frame(first[0].position, Pen(1, "w"), [Draft("A", b"")])
    second = frame(a[0].position, Pen(2, "v"), [Draft(STARTED, b"")])
    log.append(LANE, first)
    tail = Tail(log, LANE)
    log.append(Lane("km.copy.v1"), first)
    with pytest.raises(LaneDamagedError, match="record 2 opens term 2"):
        log.append(LANE, second)
    with pytest.raises(LaneDamagedError, match="record 2 opens term 2"):
        tail.poll()


def test_an_empty_lane_tells_nothing(log: MemoryLog) -> None:
    assert Tail(log, LANE).poll() == []
    Tail(log, LANE).skip_to(5)
    assert list(accepted(log, LANE)) == []


def test_what_the_process_says_of_itself_is_not_history(log: MemoryLog) -> None:
    first = start(log)
    a = frame(first[0].position, Pen(1, "w"), [Draft("km.Advanced", b"{}")])
    b = frame(a[0].position, Pen(1, "w"), [Draft("A", b""), Draft("km.InputRefused", b"{}")])
    for step in (first, a, b):
        log.append(LANE, step)
    assert [record.kind for record in decided(log, LANE)] == ["A", "km.InputRefused"]
