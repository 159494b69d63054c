"""The simulator's log does harm by seed, and never more than a real one may do."""

import pytest

from kingmaker.kernel.lane import STARTED, Draft, Lane, Pen, Position, Record, frame
from kingmaker.runtime.history import accepted
from kingmaker.runtime.log import Tail, Verdict
from kingmaker.runtime.memory_log import CrashError, MemoryLog

LANE = Lane("km.memory.v1")


def write(log: MemoryLog, steps: int) -> list[Record]:
    """Write as a process that starts anew after every crash; return what was acknowledged."""
    acknowledged: list[Record] = []
    term = 0
    while len(acknowledged) < steps:
        term += 1
        try:
            tip = append(log, frame(end(log), Pen(term, f"w{term}"), [Draft(STARTED, b"")]))
            while len(acknowledged) < steps:
                drafts = [Draft("A", b"%d" % len(acknowledged)), Draft("B", b"")]
                step = frame(tip, Pen(term, f"w{term}"), drafts)
                tip = append(log, step)
                acknowledged.append(step[0])
        except CrashError:
            continue
    return acknowledged


def append(log: MemoryLog, step: tuple[Record, ...]) -> Position:
    if log.append(LANE, step) is not Verdict.ACCEPTED:
        raise CrashError  # what a dead writer sent came between: leave as well
    return step[-1].position


def end(log: MemoryLog) -> Position:
    tail = Tail(log, LANE)
    while tail.poll():
        pass
    return tail.chain.tip


@pytest.mark.parametrize("seed", range(20))
def test_what_was_acknowledged_is_accepted_once_whatever_happens(seed: int) -> None:
    log = MemoryLog(seed, crash_rate=0.3)
    acknowledged = write(log, steps=30)
    assert log.crashes
    hashes = [record.hash for record in accepted(log, LANE)]
    assert len(hashes) == len(set(hashes))
    assert {record.hash for record in acknowledged} <= set(hashes)


def test_the_same_seed_does_the_same_harm() -> None:
    one, other = MemoryLog(7, crash_rate=0.3), MemoryLog(7, crash_rate=0.3)
    write(one, 30)
    write(other, 30)
    assert one.read(LANE, 0) == other.read(LANE, 0)


def test_some_seed_tears_delays_loses_and_repeats() -> None:
    seen: set[str] = set()
    for seed in range(40):
        log = MemoryLog(seed, crash_rate=0.4)
        write(log, 10)
        stored, _ = log.read(LANE, 0)
        hashes = [record.hash for record in stored]
        terms = [record.term for record in stored]
        seen |= {"repeats"} if len(hashes) > len(set(hashes)) else set()
        seen |= {"delays"} if terms != sorted(terms) else set()
        halves = {(r.term, r.seq - r.n): 0 for r in stored if r.of == 2}
        for r in {r.hash: r for r in stored if r.of == 2}.values():
            halves[r.term, r.seq - r.n] += 1
        seen |= {"tears"} if 1 in halves.values() else set()
    assert seen == {"repeats", "delays", "tears"}


def test_without_a_crash_rate_nothing_ever_happens() -> None:
    log = MemoryLog()
    write(log, 50)
    assert log.crashes == 0
    assert len(log.read(LANE, 0)[0]) == 101
