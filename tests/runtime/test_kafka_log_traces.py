"""Traces travel over a real broker from one process to the next, beside the records."""

import asyncio
import uuid

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from kingmaker.contracts.traceparent import following, read
from kingmaker.kernel import consumption
from kingmaker.kernel.lane import STARTED, Draft, Lane, Pen, Record, frame
from kingmaker.kernel.service import Run
from kingmaker.runtime.kafka.cluster import Cluster
from kingmaker.runtime.kafka.log import KafkaLog
from kingmaker.runtime.log import Tail, Verdict
from tests.runtime.test_kafka_log import create_topic

pytestmark = pytest.mark.kafka


def history(lane: Lane, consumed: bytes = b"") -> tuple[Record, ...]:
    start = frame(lane.genesis("test"), Pen(1, "a"), [Draft(STARTED, b"{}")])
    return (
        *start,
        *frame(start[-1].position, Pen(1, "a"), [Draft("A", b""), Draft("B", b"")], consumed),
    )


def headers_in(servers: str, lane: Lane, count: int) -> list[dict[str, bytes]]:
    """Return the headers of a lane as any client sees them."""

    async def fetch() -> list[dict[str, bytes]]:
        where = TopicPartition(lane.topic, lane.index)
        async with AIOKafkaConsumer(bootstrap_servers=servers) as consumer:
            consumer.assign([where])
            await consumer.seek_to_beginning(where)
            found: list[dict[str, bytes]] = []
            while len(found) < count:
                taken = await consumer.getmany(where, timeout_ms=5_000)
                found += [dict(raw.headers) for raw in taken[where]]
            return found

    return asyncio.run(fetch())


def test_the_effect_is_in_the_trace_of_its_cause_whoever_wrote_it(kafka_servers: str) -> None:
    feed, trader = (Lane(f"km.{name}-{uuid.uuid4()}.v1") for name in ("feed", "trader"))
    for lane in (feed, trader):
        asyncio.run(create_topic(kafka_servers, lane.topic))
    first = KafkaLog(Cluster(kafka_servers), "test", writes=[feed])
    bars = history(feed)
    assert first.append(feed, bars) is Verdict.ACCEPTED
    first.close()

    second = KafkaLog(Cluster(kafka_servers), "test", writes=[trader])
    heard = Tail(second, feed).poll()
    assert heard == list(bars)  # what stands beside a record changes nothing of it
    last = heard[-1]
    consumed = consumption.encode([Run(feed, 0, last.seq, last.hash)])
    said = history(trader, consumed)
    assert second.append(trader, said) is Verdict.ACCEPTED
    assert Tail(second, trader).poll() == list(said)
    second.close()

    start, *decided = headers_in(kafka_servers, trader, 3)
    assert "traceparent" not in start
    bar = following(f"{feed}/{last.seq}")
    assert headers_in(kafka_servers, feed, 3)[-1]["traceparent"] == bar
    assert [one["traceparent"] for one in decided] == [
        following(f"{trader}/{seq}", bar) for seq in (1, 2)
    ]
    assert read(decided[0]["traceparent"]) is not None


def test_a_process_that_starts_anew_goes_on_with_the_same_traces(kafka_servers: str) -> None:
    feed, trader = (Lane(f"km.{name}-{uuid.uuid4()}.v1") for name in ("feed", "trader"))
    for lane in (feed, trader):
        asyncio.run(create_topic(kafka_servers, lane.topic))
    writer = KafkaLog(Cluster(kafka_servers), "test")
    bars = history(feed)
    writer.append(feed, bars)
    led = []
    for _ in range(2):
        log = KafkaLog(Cluster(kafka_servers), "test", writes=[trader])
        Tail(log, feed).poll()
        consumed = consumption.encode([Run(feed, 0, 2, bars[-1].hash)])
        led.append(log.traces.lead(trader, history(trader, consumed)))
        log.close()
    writer.close()
    assert led[0] == led[1]
    assert led[0][1] == following(f"{trader}/1", following(f"{feed}/2"))
