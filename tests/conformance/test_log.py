"""What every log must do: one suite, every log."""

import asyncio
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from kingmaker.kernel.lane import STARTED, Draft, Lane, LaneDamagedError, Pen, Position, frame
from kingmaker.runtime.kafka_log import KafkaLog
from kingmaker.runtime.log import Log, Tail, Verdict
from kingmaker.runtime.memory_log import MemoryLog
from kingmaker.runtime.sqlite_log import SqliteLog

INCARNATION = "conformance"
TIME_MS = 1_763_717_400_123

type OpenLog = Callable[[], Log]  # another process opens the same store


@pytest.fixture
def lane() -> Lane:
    return Lane(f"km.test-{uuid.uuid4()}.v1")


@pytest.fixture(params=["memory", "sqlite", pytest.param("kafka", marks=pytest.mark.kafka)])
def open_log(request: pytest.FixtureRequest, tmp_path: Path, lane: Lane) -> Iterator[OpenLog]:
    """Yield each store in turn."""
    if request.param == "memory":
        log = MemoryLog(incarnation=INCARNATION)
        yield lambda: log
        return
    servers = request.getfixturevalue("kafka_servers") if request.param == "kafka" else ""
    if servers:
        asyncio.run(create_topic(servers, lane.topic))
    opened: list[SqliteLog | KafkaLog] = []

    def open_another() -> Log:
        path = tmp_path / "log.sqlite"
        opened.append(KafkaLog(servers, INCARNATION) if servers else SqliteLog(path, INCARNATION))
        return opened[-1]

    yield open_another
    for log_opened in opened:
        log_opened.close()


async def create_topic(servers: str, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    await admin.create_topics([NewTopic(topic, num_partitions=2, replication_factor=1)])
    await admin.close()


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


def test_an_empty_lane_has_an_end(open_log: OpenLog, lane: Lane) -> None:
    assert open_log().read(lane, 0) == ([], 0)


def test_a_commit_of_nothing_is_accepted(open_log: OpenLog) -> None:
    assert open_log().commit() is Verdict.ACCEPTED


def test_what_was_appended_is_read_back_bit_for_bit(open_log: OpenLog, lane: Lane) -> None:
    writer = Process(open_log(), lane, "a")
    assert writer.take_over() is Verdict.ACCEPTED
    assert writer.append("A", "B", "C") is Verdict.ACCEPTED
    records, _ = open_log().read(lane, 0)
    assert [(r.seq, r.n, r.of, r.kind, r.time_ms) for r in records[1:]] == [
        (1, 0, 3, "A", TIME_MS),
        (2, 1, 3, "B", TIME_MS),
        (3, 2, 3, "C", TIME_MS),
    ]
    assert [r.consumed for r in records] == [b"[]", b"[]", b"", b""]
    assert records[-1].value == b"\x00\xff of a"
    assert records[-1].position == writer.tip


def test_a_writer_reads_its_own_steps_before_they_are_durable(
    open_log: OpenLog, lane: Lane
) -> None:
    writer = Process(open_log(), lane, "a")
    tail = Tail(writer.log, lane)
    assert writer.stage(STARTED) is Verdict.ACCEPTED
    assert writer.stage("A", "B") is Verdict.ACCEPTED
    assert [kind for _, kind in read_all(tail)] == [STARTED, "A", "B"]
    assert writer.log.commit() is Verdict.ACCEPTED
    assert read_all(tail) == []
    assert kinds_in(open_log(), lane) == [STARTED, "A", "B"]


def test_a_zombie_is_fenced_and_leaves_no_trace(open_log: OpenLog, lane: Lane) -> None:
    old = Process(open_log(), lane, "old")
    old.take_over()
    old.append("A")
    new = Process(open_log(), lane, "new")
    assert new.take_over() is Verdict.ACCEPTED
    assert old.append("Z") is Verdict.FENCED
    assert old.append("Z") is Verdict.FENCED
    assert new.append("B") is Verdict.ACCEPTED
    assert kinds_in(open_log(), lane) == [STARTED, "A", STARTED, "B"]


def test_of_two_that_take_over_at_once_one_wins(open_log: OpenLog, lane: Lane) -> None:
    a, b = Process(open_log(), lane, "a"), Process(open_log(), lane, "b")
    assert [a.take_over(), b.take_over()] == [Verdict.ACCEPTED, Verdict.FENCED]
    assert b.append("Z") is Verdict.FENCED
    assert a.append("A") is Verdict.ACCEPTED
    assert kinds_in(open_log(), lane) == [STARTED, "A"]


def test_a_tail_goes_on_where_it_was(open_log: OpenLog, lane: Lane) -> None:
    log = open_log()
    writer, tail = Process(log, lane, "a"), Tail(open_log(), lane)
    writer.take_over()
    assert read_all(tail) == [(0, STARTED)]
    assert tail.poll() == []
    writer.append("A", "B")
    assert read_all(tail) == [(1, "A"), (2, "B")]


def test_a_tail_may_begin_at_a_step_that_somebody_verified(open_log: OpenLog, lane: Lane) -> None:
    writer = Process(open_log(), lane, "a")
    writer.take_over()
    for kind in ("A", "B", "C"):
        writer.append(kind)
    tail = Tail(open_log(), lane)
    tail.skip_to(3)
    assert read_all(tail)[-1] == (3, "C")


def test_a_tail_begins_in_the_middle_of_a_step_at_the_beginning(
    open_log: OpenLog, lane: Lane
) -> None:
    writer = Process(open_log(), lane, "a")
    writer.take_over()
    writer.append("A", "B", "C")
    tail = Tail(open_log(), lane)
    tail.skip_to(2)
    assert read_all(tail) == [(0, STARTED), (1, "A"), (2, "B"), (3, "C")]


def test_lanes_of_one_topic_do_not_meet(open_log: OpenLog, lane: Lane) -> None:
    here, there = lane, Lane(lane.topic, 1)
    a, b = Process(open_log(), here, "a"), Process(open_log(), there, "b")
    assert [a.take_over(), b.take_over()] == [Verdict.ACCEPTED, Verdict.ACCEPTED]
    assert [a.append("A"), b.append("B", "C")] == [Verdict.ACCEPTED, Verdict.ACCEPTED]
    assert kinds_in(open_log(), here) == [STARTED, "A"]
    assert kinds_in(open_log(), there) == [STARTED, "B", "C"]


def test_a_log_holds_more_than_one_page(open_log: OpenLog, lane: Lane) -> None:
    writer = Process(open_log(), lane, "a")
    writer.take_over()
    for _ in range(6):
        assert writer.append(*["A"] * 500) is Verdict.ACCEPTED
    assert [seq for seq, _ in read_all(Tail(open_log(), lane))] == list(range(3001))


def test_a_store_made_anew_is_a_stranger(open_log: OpenLog, lane: Lane) -> None:
    writer = Process(open_log(), lane, "a")
    writer.take_over()
    writer.append("A")
    tail = Tail(open_log(), lane)
    tail.chain.tip = lane.genesis("another")
    with pytest.raises(LaneDamagedError, match="missing"):
        read_all(tail)


def test_an_append_that_leaves_a_hole_is_never_accepted(open_log: OpenLog, lane: Lane) -> None:
    writer = Process(open_log(), lane, "a")
    writer.take_over()
    writer.append("A")
    writer.tip = Position(writer.tip.seq + 1, writer.tip.hash)
    assert writer.append("B") is Verdict.FENCED
    assert kinds_in(open_log(), lane) == [STARTED, "A"]
