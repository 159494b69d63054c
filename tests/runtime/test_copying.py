"""A history moved from store to store: the same records, and nothing overwritten."""

from collections.abc import Sequence

import pytest

from kingmaker.kernel.lane import STARTED, Draft, Lane, Pen, Record, frame
from kingmaker.runtime import copying
from kingmaker.runtime.copying import CopyRefusedError, copy
from kingmaker.runtime.log import Log, Tail, Verdict
from kingmaker.runtime.memory_log import MemoryLog

LANE, OTHER = Lane("km.a.v1"), Lane("km.b.v1", 1)


def steps(lane: Lane, *sizes: int) -> list[Record]:
    records = list(frame(lane.genesis("memory"), Pen(1, "w"), [Draft(STARTED, b"{}")]))
    for number, size in enumerate(sizes):
        drafts = [Draft("A", b"%d" % number)] * size
        records += frame(records[-1].position, Pen(1, "w", number), drafts, b"[]")
    return records


def store(*lanes: tuple[Lane, Sequence[Record]]) -> MemoryLog:
    log = MemoryLog()
    for lane, records in lanes:
        if records:
            assert log.append(lane, records) is Verdict.ACCEPTED
    return log


def held(log: Log, lane: Lane) -> list[Record]:
    tail, found = Tail(log, lane), list[Record]()
    while news := tail.poll():
        found += news
    return found


def test_every_lane_is_copied_with_its_hashes_in_whole_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(copying, "RECORDS_TOGETHER", 4)
    ours, others = steps(LANE, *[3] * 5), steps(OTHER, 1)
    target = store()
    done = copy(store((LANE, ours), (OTHER, others)), target, [LANE, OTHER, Lane("km.c.v1")])
    assert [(one.lane, one.records, one.new) for one in done] == [
        (LANE, 16, 16),
        (OTHER, 2, 2),
        (Lane("km.c.v1"), 0, 0),
    ]
    assert done[0].hash == ours[-1].hash
    assert (held(target, LANE), held(target, OTHER)) == (ours, others)


def test_what_the_rule_ignores_stays_behind() -> None:
    ours = steps(LANE, 1)
    source = store((LANE, ours))
    zombie = frame(ours[-1].position, Pen(0, "old"), [Draft("Z", b"")])
    assert source.append(LANE, zombie) is Verdict.FENCED
    target = store()
    copy(source, target, [LANE])
    assert target.read(LANE, 0)[0] == ours


def test_a_copy_goes_on_where_one_was_interrupted_and_may_be_repeated() -> None:
    ours = steps(LANE, 1, 2, 3)
    target = store((LANE, ours[:2]))
    assert [one.new for one in copy(store((LANE, ours)), target, [LANE])] == [5]
    assert [one.new for one in copy(store((LANE, ours)), target, [LANE])] == [0]
    assert held(target, LANE) == ours


def test_another_history_a_newer_one_and_another_log_are_refused() -> None:
    ours = steps(LANE, 1, 2)
    with pytest.raises(CopyRefusedError, match=r"km\.a\.v1/0: record 1 of the target is not"):
        copy(store((LANE, steps(LANE, 2))), store((LANE, ours)), [LANE])
    with pytest.raises(CopyRefusedError, match="goes on after the source's end, at record 2"):
        copy(store((LANE, ours[:2])), store((LANE, ours)), [LANE])
    with pytest.raises(CopyRefusedError, match="the source is the log memory, the target is x"):
        copy(store(), MemoryLog(incarnation="x"), [LANE])
