"""What only Kafka can do to a log: be away, die amid an append, hold what others wrote."""

import asyncio
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic, RecordsToDelete

from kingmaker.kernel.lane import STARTED, Draft, Lane, LaneDamagedError, Pen, Record, frame
from kingmaker.runtime.kafka.cluster import Cluster
from kingmaker.runtime.kafka.log import KafkaLog, LogRefusedError, LogUnreachableError
from kingmaker.runtime.kafka.topics import Wanted
from kingmaker.runtime.log import Tail, Verdict

SCRIPT = Path(__file__).parents[2] / "scripts" / "kafka"
DEADLINE_S = 2.0
NEWS_S = 0.2
CALL_S_MAX = 10.0  # whatever the broker does: a promise of the product, not of this machine


@pytest.fixture
def lane() -> Lane:
    return Lane(f"km.test-{uuid.uuid4()}.v1")


@pytest.fixture
def mortal_broker(kafka_servers: str, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Yield the address and the folder of a broker that this test may kill."""
    assert kafka_servers, "the fixture says what is missing"
    home = tmp_path / "kafka"
    yield kafka("start", home), home
    kafka("stop", home)


def kafka(verb: str, home: Path) -> str:
    command = [str(SCRIPT), verb, str(home)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own script
    return done.stdout.strip()


async def create_topic(servers: str, topic: str, configs: Mapping[str, str] | None = None) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    await admin.create_topics([NewTopic(topic, 1, 1, topic_configs=dict(configs or {}))])
    await admin.close()


def start_of(lane: Lane, term: int = 1) -> tuple[Record, ...]:
    return frame(lane.genesis("test"), Pen(term, "a"), [Draft(STARTED, b"{}")])


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


def test_a_cluster_that_is_not_there_is_unclear_and_never_quiet(lane: Lane) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        servers = f"127.0.0.1:{nobody.getsockname()[1]}"
    log = KafkaLog(Cluster(servers), "test", deadline_s=DEADLINE_S)
    assert log.append(lane, start_of(lane)) is Verdict.UNCLEAR
    assert log.commit() is Verdict.UNCLEAR
    with pytest.raises(LogUnreachableError, match=f"{servers}.*start again"):
        log.read(lane, 0)
    log.close()


@pytest.mark.kafka
def test_what_somebody_else_wrote_into_a_lane_stops_it(kafka_servers: str, lane: Lane) -> None:
    async def intrude() -> None:
        await create_topic(kafka_servers, lane.topic)
        async with AIOKafkaProducer(bootstrap_servers=kafka_servers) as producer:
            await producer.send_and_wait(lane.topic, b"hello", partition=0)

    asyncio.run(intrude())
    log = KafkaLog(Cluster(kafka_servers), "test")
    with pytest.raises(LaneDamagedError, match=f"{lane}.*offset 0.*ce_specversion"):
        Tail(log, lane).poll()
    log.close()


@pytest.mark.kafka
def test_records_that_were_deleted_are_damage_and_nothing_is_skipped(
    kafka_servers: str, lane: Lane
) -> None:
    async def delete() -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=kafka_servers)
        await admin.start()
        where = TopicPartition(lane.topic, lane.index)
        await admin.delete_records({where: RecordsToDelete(before_offset=1)})
        await admin.close()

    asyncio.run(create_topic(kafka_servers, lane.topic))
    log = KafkaLog(Cluster(kafka_servers), "test")
    start = start_of(lane)
    step = frame(start[-1].position, Pen(1, "a"), [Draft("A", b"")])
    assert log.append(lane, [*start, *step]) is Verdict.ACCEPTED
    asyncio.run(delete())
    with pytest.raises(LaneDamagedError, match=f"{lane}: Kafka no longer holds the offset"):
        log.read(lane, 0)
    log.close()


@pytest.mark.kafka
def test_an_append_larger_than_a_batch_is_accepted_whole(kafka_servers: str, lane: Lane) -> None:
    asyncio.run(create_topic(kafka_servers, lane.topic))
    log = KafkaLog(Cluster(kafka_servers), "test")
    start = start_of(lane)
    step = frame(start[-1].position, Pen(1, "a"), [Draft("A", bytes(300_000))] * 9)
    assert log.append(lane, [*start, *step]) is Verdict.ACCEPTED
    seen: list[Record] = []
    tail = Tail(log, lane)
    while news := tail.poll():
        seen += news
    assert seen == [*start, *step]
    log.close()


@pytest.mark.kafka
def test_a_record_too_large_is_refused_by_name_and_nothing_of_its_step_is_sent(
    kafka_servers: str, lane: Lane
) -> None:
    asyncio.run(create_topic(kafka_servers, lane.topic))
    log = KafkaLog(Cluster(kafka_servers), "test")
    start = start_of(lane)
    assert log.append(lane, start) is Verdict.ACCEPTED
    step = frame(start[-1].position, Pen(1, "a"), [Draft("A", b""), Draft("B", bytes(10**6))])
    with pytest.raises(LogRefusedError, match=f"{lane}: record 2, a B, has 1,000,000 bytes"):
        log.append(lane, step)
    assert Tail(log, lane).poll() == list(start)
    log.close()


@pytest.mark.kafka
def test_times_a_day_ahead_and_behind_of_the_brokers_clock_change_no_order(
    kafka_servers: str, lane: Lane
) -> None:
    cluster, day_ms = Cluster(kafka_servers), 86_400_000
    asyncio.run(create_topic(kafka_servers, lane.topic, Wanted(1, 1, 1).configuration()))
    tip, now_ms, sent = lane.genesis("test"), time.time_ns() // 1_000_000, list[Record]()
    for off_ms in (0, day_ms, -day_ms, 0):  # each a writer that takes over, its clock off by that
        log = KafkaLog(cluster, "test")
        pen = Pen(1 + len(sent), "a", now_ms + off_ms)
        step = frame(tip, pen, [Draft(STARTED, b"{}")])
        assert log.append(lane, step) is Verdict.ACCEPTED
        log.close()
        tip, sent = step[-1].position, [*sent, *step]
    reader = KafkaLog(cluster, "test")
    assert Tail(reader, lane).poll() == sent
    reader.close()


@pytest.mark.kafka
def test_two_readers_of_one_process_follow_a_lane_side_by_side(
    kafka_servers: str, lane: Lane
) -> None:
    asyncio.run(create_topic(kafka_servers, lane.topic))
    log = KafkaLog(Cluster(kafka_servers), "test", writes=[lane])
    log.stale_s = 1.0
    tails = Tail(log, lane), Tail(log, lane)
    assert [tail.poll() for tail in tails] == [[], []]
    writer = KafkaLog(Cluster(kafka_servers), "test")
    tip = lane.genesis("test")
    seen: tuple[list[int], list[int]] = ([], [])
    for number in range(20):
        step = frame(tip, Pen(1, "a"), [Draft("A" if number else STARTED, b"")])
        tip = step[-1].position
        assert writer.append(lane, step) is Verdict.ACCEPTED
        log.wait(DEADLINE_S)
        for tail, into in zip(tails, seen, strict=True):
            into += [record.seq for record in tail.poll()]
    assert seen == (list(range(20)), list(range(20)))
    writer.close()
    log.close()


@pytest.mark.kafka
def test_what_a_process_writes_itself_is_no_news_to_wait_for(
    kafka_servers: str, lane: Lane
) -> None:
    asyncio.run(create_topic(kafka_servers, lane.topic))
    log = KafkaLog(Cluster(kafka_servers), "test", writes=[lane])
    assert log.read(lane, 0)[0] == []
    assert log.append(lane, start_of(lane)) is Verdict.ACCEPTED
    for _ in range(3):
        began = time.monotonic()
        log.wait(NEWS_S)
        assert time.monotonic() - began >= NEWS_S
    log.close()


@pytest.mark.kafka
def test_with_the_broker_gone_every_call_ends_and_so_does_the_process(
    mortal_broker: tuple[str, Path], lane: Lane
) -> None:
    servers, home = mortal_broker
    asyncio.run(create_topic(servers, lane.topic))
    log = KafkaLog(Cluster(servers), "test", deadline_s=DEADLINE_S)
    assert log.append(lane, start_of(lane)) is Verdict.ACCEPTED
    assert Tail(log, lane).poll()
    kafka("kill", home)
    with at_most(CALL_S_MAX), pytest.raises(LogUnreachableError):
        log.read(lane, 1)
    with at_most(CALL_S_MAX):
        assert log.append(lane, start_of(lane, term=2)) is Verdict.UNCLEAR
    with at_most(CALL_S_MAX):
        log.close()


@pytest.mark.kafka
def test_a_broker_that_dies_leaves_an_append_unclear_and_the_next_process_goes_on(
    mortal_broker: tuple[str, Path], lane: Lane
) -> None:
    servers, home = mortal_broker
    asyncio.run(create_topic(servers, lane.topic))
    old = KafkaLog(Cluster(servers), "test", deadline_s=DEADLINE_S)
    start = start_of(lane)
    assert old.append(lane, start) is Verdict.ACCEPTED
    kafka("kill", home)
    step = frame(start[-1].position, Pen(1, "a"), [Draft("A", b"")])
    assert old.append(lane, step) is Verdict.UNCLEAR
    kafka("start", home)
    assert old.append(lane, step) is Verdict.UNCLEAR  # it stays so: leave
    old.close()

    new = KafkaLog(Cluster(servers), "test")
    tail = Tail(new, lane)
    seen = tail.poll()
    assert [record.kind for record in seen] in ([STARTED], [STARTED, "A"])
    again = frame(tail.chain.tip, Pen(2, "b"), [Draft(STARTED, b"{}")])
    assert new.append(lane, again) is Verdict.ACCEPTED
    new.close()


@pytest.mark.kafka
def test_what_waits_at_the_broker_is_counted(kafka_servers: str, lane: Lane) -> None:
    asyncio.run(create_topic(kafka_servers, lane.topic))
    writer, reader = (KafkaLog(Cluster(kafka_servers), "test") for _ in range(2))
    assert reader.behind(lane) == 0  # nothing was asked yet
    start = start_of(lane)
    assert writer.append(lane, start) is Verdict.ACCEPTED
    tail = Tail(reader, lane)
    assert tail.poll() == list(start)
    assert reader.behind(lane) == 0
    step = frame(start[-1].position, Pen(1, "a"), [Draft("A", b"")] * 3)
    assert writer.append(lane, step) is Verdict.ACCEPTED
    reader.wait(CALL_S_MAX)  # returns with the news, which nobody takes yet
    assert reader.behind(lane) == 3
    assert tail.poll() == list(step)
    assert reader.behind(lane) == 0
    writer.close()
    reader.close()
