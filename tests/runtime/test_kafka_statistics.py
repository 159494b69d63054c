"""The topic of statistics: the last value of a key counts, and none means that there is none."""

import asyncio
import uuid

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from kingmaker.analytics.domain import MEASURED
from kingmaker.analytics.measures import measured
from kingmaker.runtime.kafka import statistics
from kingmaker.runtime.kafka.cluster import Cluster
from kingmaker.runtime.kafka.topics import TopicsError
from kingmaker.runtime.live.windows import key_of
from tests.analytics import days

DAY_MS = 24 * days.HOUR_MS
ROWS = measured("one", days.fold(tuple(days.lane()), DAY_MS), DAY_MS)


POLL_S = 0.05
NAME = f"km.statistics-{uuid.uuid4()}.v1"  # this test's own


@pytest.fixture
def cluster(kafka_servers: str, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    """Return a cluster with a topic of statistics."""
    monkeypatch.setattr(statistics, "STATISTICS_TOPIC", NAME)

    async def make() -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=kafka_servers)
        await admin.start()
        await admin.create_topics([NewTopic(NAME, num_partitions=2, replication_factor=1)])
        while NAME not in await admin.list_topics():  # noqa: ASYNC110 - nobody tells us
            await asyncio.sleep(POLL_S)
        await admin.close()

    asyncio.run(make())
    return Cluster(kafka_servers)


async def say(cluster: Cluster, partition: int, key: bytes, value: bytes | None) -> None:
    async with AIOKafkaProducer(**cluster.options()) as producer:
        await producer.send_and_wait(NAME, value, key=key, partition=partition)


@pytest.mark.kafka
def test_the_last_value_of_a_key_counts_and_none_takes_it_away(cluster: Cluster) -> None:
    assert statistics.standing(cluster, 2) == {}
    first, second = ROWS[:2]
    for partition, row in ((0, first), (1, second)):
        asyncio.run(say(cluster, partition, key_of(row), b"old"))
        asyncio.run(say(cluster, partition, key_of(row), MEASURED.encode(row).value))
    assert statistics.measured_rows(cluster, 2) == [first, second]
    asyncio.run(say(cluster, 0, key_of(first), None))
    assert statistics.measured_rows(cluster, 2) == [second]
    assert statistics.ends_of(cluster, [NAME], 2) == {(NAME, 0): 3, (NAME, 1): 2}


@pytest.mark.kafka
def test_a_topic_that_is_missing_is_named_with_its_remedy(kafka_servers: str) -> None:
    with pytest.raises(TopicsError, match=r"km\.none\.v1: is missing\. Create it"):
        statistics.ends_of(Cluster(kafka_servers), ["km.none.v1"], 1)


def test_a_cluster_that_is_not_there_is_told() -> None:
    with pytest.raises(TopicsError, match="See that its brokers run"):
        statistics.standing(Cluster("127.0.0.1:1"), 1)
