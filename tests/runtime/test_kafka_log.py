"""What only Kafka can do to a log: be away, die amid an append, hold what others wrote."""

import asyncio
import socket
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from kingmaker.kernel.lane import STARTED, Draft, Lane, LaneDamagedError, Pen, Record, frame
from kingmaker.runtime.kafka_log import KafkaLog, LogUnreachableError
from kingmaker.runtime.log import Tail, Verdict

SCRIPT = Path(__file__).parents[2] / "scripts" / "kafka"
DEADLINE_S = 2.0


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


async def create_topic(servers: str, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    await admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])
    await admin.close()


def start_of(lane: Lane, term: int = 1) -> tuple[Record, ...]:
    return frame(lane.genesis("test"), Pen(term, "a"), [Draft(STARTED, b"{}")])


def test_a_cluster_that_is_not_there_is_unclear_and_never_quiet(lane: Lane) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        servers = f"127.0.0.1:{nobody.getsockname()[1]}"
    log = KafkaLog(servers, "test", DEADLINE_S)
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
    log = KafkaLog(kafka_servers, "test")
    with pytest.raises(LaneDamagedError, match=f"{lane}.*offset 0.*ce_specversion"):
        Tail(log, lane).poll()
    log.close()


@pytest.mark.kafka
def test_a_broker_that_dies_leaves_an_append_unclear_and_the_next_process_goes_on(
    mortal_broker: tuple[str, Path], lane: Lane
) -> None:
    servers, home = mortal_broker
    asyncio.run(create_topic(servers, lane.topic))
    old = KafkaLog(servers, "test", DEADLINE_S)
    start = start_of(lane)
    assert old.append(lane, start) is Verdict.ACCEPTED
    kafka("kill", home)
    step = frame(start[-1].position, Pen(1, "a"), [Draft("A", b"")])
    assert old.append(lane, step) is Verdict.UNCLEAR
    kafka("start", home)
    assert old.append(lane, step) is Verdict.UNCLEAR  # it stays so: leave
    old.close()

    new = KafkaLog(servers, "test")
    tail = Tail(new, lane)
    seen = tail.poll()
    assert [record.kind for record in seen] in ([STARTED], [STARTED, "A"])
    again = frame(tail.chain.tip, Pen(2, "b"), [Draft(STARTED, b"{}")])
    assert new.append(lane, again) is Verdict.ACCEPTED
    new.close()
