"""What every log must do: one suite, every log."""

import uuid
from collections.abc import Sequence

import pytest

from kingmaker.kernel.lane import STARTED, Draft, Lane, LaneDamagedError, Pen, Position, frame
from kingmaker.runtime.log import Log, Tail, Verdict
from tests.conformance.stores import Store

TIME_MS = 1_763_717_400_123


@pytest.fixture
def lane(store: Store) -> Lane:
    topic = f"km.test-{uuid.uuid4()}.v1"
    store.declare(topic)
    return Lane(topic)


class Process:
    """A writer as a host sees it: it reads the lane, takes over, appends on its own tip."""

    def __init__(self, log: Log, lane: Lane, name: str) -> None:
        self.log, self.lane, self.name = log, lane, name
        tail = Tail(log, lane)
        read_all(tail)
        self.tip, self.term = tail.chain.tip, tail.chain.term + 1

    def take_over(self) -> Verdict:
        return self.append(STARTED)

    def append(self, *kinds: str) -> Verdict:
        """Append a step and make it durable."""
        verdict = self.stage(*kinds)
        return self.log.commit() if verdict is Verdict.ACCEPTED else verdict

    def stage(self, *kinds: str) -> Verdict:
        drafts = [Draft(kind, b"\x00\xff of " + self.name.encode()) for kind in kinds]
        step = frame(self.tip, Pen(self.term, self.name, TIME_MS), drafts, b"[]")
        self.tip = step[-1].position
        return self.log.append(self.lane, step)


def read_all(tail: Tail) -> list[tuple[int, str]]:
    records: list[tuple[int, str]] = []
    while news := tail.poll():
        records += [(record.seq, record.kind) for record in news]
    return records


def kinds_in(log: Log, lane: Lane) -> Sequence[str]:
    return [kind for _, kind in read_all(Tail(log, lane))]


def test_an_empty_lane_has_an_end(store: Store, lane: Lane) -> None:
    assert store.open().read(lane, 0) == ([], 0)


def test_a_commit_of_nothing_is_accepted(store: Store) -> None:
    assert store.open().commit() is Verdict.ACCEPTED


def test_what_was_appended_is_read_back_bit_for_bit(store: Store, lane: Lane) -> None:
    writer = Process(store.open(), lane, "a")
    assert writer.take_over() is Verdict.ACCEPTED
    assert writer.append("A", "B", "C") is Verdict.ACCEPTED
    records, _ = store.open().read(lane, 0)
    assert [(r.seq, r.n, r.of, r.kind, r.time_ms) for r in records[1:]] == [
        (1, 0, 3, "A", TIME_MS),
        (2, 1, 3, "B", TIME_MS),
        (3, 2, 3, "C", TIME_MS),
    ]
    assert [r.consumed for r in records] == [b"[]", b"[]", b"", b""]
    assert records[-1].value == b"\x00\xff of a"
    assert records[-1].position == writer.tip


def test_a_writer_reads_its_own_steps_before_they_are_durable(store: Store, lane: Lane) -> None:
    writer = Process(store.open(), lane, "a")
    tail = Tail(writer.log, lane)
    assert writer.stage(STARTED) is Verdict.ACCEPTED
    assert writer.stage("A", "B") is Verdict.ACCEPTED
    assert [kind for _, kind in read_all(tail)] == [STARTED, "A", "B"]
    assert writer.log.commit() is Verdict.ACCEPTED
    assert read_all(tail) == []
    assert kinds_in(store.open(), lane) == [STARTED, "A", "B"]


def test_a_zombie_is_fenced_and_leaves_no_trace(store: Store, lane: Lane) -> None:
    old = Process(store.open(), lane, "old")
    old.take_over()
    old.append("A")
    new = Process(store.open(), lane, "new")
    assert new.take_over() is Verdict.ACCEPTED
    assert old.append("Z") is Verdict.FENCED
    assert old.append("Z") is Verdict.FENCED
    assert new.append("B") is Verdict.ACCEPTED
    assert kinds_in(store.open(), lane) == [STARTED, "A", STARTED, "B"]


def test_of_two_that_take_over_at_once_one_wins(store: Store, lane: Lane) -> None:
    a, b = Process(store.open(), lane, "a"), Process(store.open(), lane, "b")
    assert [a.take_over(), b.take_over()] == [Verdict.ACCEPTED, Verdict.FENCED]
    assert b.append("Z") is Verdict.FENCED
    assert a.append("A") is Verdict.ACCEPTED
    assert kinds_in(store.open(), lane) == [STARTED, "A"]


def test_a_tail_goes_on_where_it_was(store: Store, lane: Lane) -> None:
    log = store.open()
    writer, tail = Process(log, lane, "a"), Tail(store.open(), lane)
    writer.take_over()
    assert read_all(tail) == [(0, STARTED)]
    assert tail.poll() == []
    writer.append("A", "B")
    assert read_all(tail) == [(1, "A"), (2, "B")]


def test_a_tail_may_begin_at_a_step_that_somebody_verified(store: Store, lane: Lane) -> None:
    writer = Process(store.open(), lane, "a")
    writer.take_over()
    for kind in ("A", "B", "C"):
        writer.append(kind)
    tail = Tail(store.open(), lane)
    tail.skip_to(3)
    assert read_all(tail)[-1] == (3, "C")


def test_a_tail_that_is_to_begin_amid_a_step_begins_with_the_whole_of_it(
    store: Store, lane: Lane
) -> None:
    writer = Process(store.open(), lane, "a")
    writer.take_over()
    writer.append("A", "B", "C")
    tail = Tail(store.open(), lane)
    tail.skip_to(2)
    assert read_all(tail)[-3:] == [(1, "A"), (2, "B"), (3, "C")]


def test_lanes_of_one_topic_do_not_meet(store: Store, lane: Lane) -> None:
    here, there = lane, Lane(lane.topic, 1)
    a, b = Process(store.open(), here, "a"), Process(store.open(), there, "b")
    assert [a.take_over(), b.take_over()] == [Verdict.ACCEPTED, Verdict.ACCEPTED]
    assert [a.append("A"), b.append("B", "C")] == [Verdict.ACCEPTED, Verdict.ACCEPTED]
    assert kinds_in(store.open(), here) == [STARTED, "A"]
    assert kinds_in(store.open(), there) == [STARTED, "B", "C"]


def test_a_log_holds_more_than_one_page(store: Store, lane: Lane) -> None:
    writer = Process(store.open(), lane, "a")
    writer.take_over()
    for _ in range(6):
        assert writer.append(*["A"] * 500) is Verdict.ACCEPTED
    assert [seq for seq, _ in read_all(Tail(store.open(), lane))] == list(range(3001))


def test_a_store_made_anew_is_a_stranger(store: Store, lane: Lane) -> None:
    writer = Process(store.open(), lane, "a")
    writer.take_over()
    writer.append("A")
    tail = Tail(store.open(), lane)
    tail.chain.tip = lane.genesis("another")
    with pytest.raises(LaneDamagedError, match="missing"):
        read_all(tail)


def test_an_append_that_leaves_a_hole_is_never_accepted(store: Store, lane: Lane) -> None:
    writer = Process(store.open(), lane, "a")
    writer.take_over()
    writer.append("A")
    writer.tip = Position(writer.tip.seq + 1, writer.tip.hash)
    assert writer.append("B") is Verdict.FENCED
    assert kinds_in(store.open(), lane) == [STARTED, "A"]
