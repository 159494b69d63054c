"""A full replay of every lane from Kafka against a bare drain of the same topics."""

import asyncio
from collections.abc import Iterator, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition

from bench.figures import Figure, Goal
from bench.rounds import interleave
from bench.stage import Bench
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.copying import copy
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.kafka import topics
from kingmaker.runtime.kafka.cluster import Cluster
from kingmaker.runtime.kafka.log import KafkaLog
from kingmaker.runtime.kafka.topics import Wanted
from kingmaker.runtime.log import Tail
from kingmaker.runtime.services import build_services


def measure(servers: str, bench: Bench) -> Iterator[Figure]:
    """Copy a played history there; replay as a start without snapshots does, and drain it bare."""
    cluster, stage = Cluster(servers), bench.hourly
    services = build_services(stage.desks)
    lanes = [service.lane for service in services]
    topics.create(cluster, Wanted(len(stage.desks), replication=1, min_in_sync=1))
    with stage.log() as source:
        target = KafkaLog(cluster, source.incarnation)
        events = sum(done.records for done in copy(source, target, lanes))
        target.close()

        def replay() -> None:
            log = KafkaLog(cluster, source.incarnation)
            for service in services:
                Engine(service, log).replay({})
            log.close()

        def rule() -> None:
            log = KafkaLog(cluster, source.incarnation)
            for lane in lanes:
                tail = Tail(log, lane)
                while tail.poll():
                    pass
            log.close()

        seconds = interleave(
            bench.size.rounds,
            {"bare": lambda: drain(servers, lanes), "replay": replay, "rule": rule},
        )
    yield Figure(
        "full replay from Kafka, events/s : bare drain",
        seconds["bare"] / seconds["replay"],
        goal=Goal(0.5, at_least=True),
        notes=(
            f"{events:,} events of {len(lanes)} lanes, by the processor's time of this process",
            f"replay {events / seconds['replay']:,.0f}/s, bare {events / seconds['bare']:,.0f}/s",
            f"the lane rule alone {events / seconds['rule']:,.0f}/s",
        ),
    )


def drain(servers: str, lanes: Sequence[Lane]) -> None:
    """Read every record with aiokafka alone, as quickly as it goes."""
    asyncio.run(_drain(servers, lanes))


async def _drain(servers: str, lanes: Sequence[Lane]) -> None:
    places = [TopicPartition(lane.topic, lane.index) for lane in lanes]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=servers, enable_auto_commit=False, auto_offset_reset="none"
    )
    await consumer.start()
    ends = await consumer.end_offsets(places)
    for place in places:
        consumer.assign([place])
        consumer.seek(place, 0)
        while await consumer.position(place) < ends[place]:
            await consumer.getmany(place, timeout_ms=1000)
    await consumer.stop()
