"""Real services, killed while they republish: the public topics hold all that counted, in order."""

import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from kingmaker.contracts.public import PUBLIC, PublicTopic
from kingmaker.runtime.kafka import topics
from kingmaker.runtime.kafka.topics import Wanted
from tests.chaos.cluster import ClusterHome
from tests.chaos.orders import crown_a_challenger, is_answered, ready, roll_back, watched
from tests.conftest import lonely_broker

OWNERS = ("trader", "promotion", "alerting")
ROUNDS = 2
ABSENT = "km.trades.v1"
SEED = 4

pytestmark = [pytest.mark.kafka, pytest.mark.cluster, pytest.mark.slow]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[ClusterHome]:
    with lonely_broker(tmp_path / "kafka") as servers:
        opened = ClusterHome(servers, tmp_path / "cluster", bars=600)
        yield opened
        opened.close()


def test_kill_9_of_every_owner_repeats_at_most_and_loses_nothing(home: ClusterHome) -> None:
    moments = random.Random(SEED)  # noqa: S311 - moments, not secrets
    asyncio.run(delete(home, ABSENT))
    home.start_all(bars_a_second=60.0)
    home.await_that("the trader decides without its topic", partial(notes_the_absent, home))
    topics.create(home.cluster, Wanted(len(home.desks), 1, 1))
    for _ in range(ROUNDS):
        for owner in OWNERS:
            time.sleep(moments.uniform(0.5, 3.0))
            home.kill(owner)
    home.await_settled()
    crown_a_challenger(home)
    roll_back(home, 0)
    home.kill("promotion")
    home.kill("alerting")
    home.await_that("the rollback is answered", partial(is_answered, home, 0))
    home.await_settled()
    for topic in PUBLIC:
        home.await_that(f"{topic.name} holds everything", partial(is_whole, home, topic))
        assert published(home, topic) == accepted(home, topic)
    watched(home)
    assert home.stop() == [0] * len(home.running)


def notes_the_absent(home: ClusterHome) -> bool:
    """Whether the trader is ready, and says what is missing and what to do."""
    if not ready(home, "trader"):
        return False
    said = str(home.readiness("trader")["notes"])
    return f"{ABSENT}: is missing. Create it: kingmaker topics init" in said


def is_whole(home: ClusterHome, topic: PublicTopic) -> bool:
    return len(published(home, topic)) >= len(accepted(home, topic))


def accepted(home: ClusterHome, topic: PublicTopic) -> list[str]:
    """Return the ids of what counts in the owner's lane and is public, in order."""
    lane = f"km.{topic.service}.v1/0"
    return [f"{lane}/{r.seq}" for r in home.records(topic.service) if r.kind in topic.kinds]


def published(home: ClusterHome, topic: PublicTopic) -> list[str]:
    """Return the ids that the public topic holds, in the order of their first appearance."""
    return list(dict.fromkeys(asyncio.run(standing(home, topic.name))))


async def standing(home: ClusterHome, name: str) -> Sequence[str]:
    async with AIOKafkaConsumer(**home.cluster.options()) as consumer:
        where = TopicPartition(name, 0)
        consumer.assign([where])
        consumer.seek(where, 0)
        end = (await consumer.end_offsets([where]))[where]
        found: list[str] = []
        while len(found) < end:
            for raw in (await consumer.getmany(where, timeout_ms=1000)).get(where, []):
                found.append(dict(raw.headers)["ce_id"].decode())  # noqa: PERF401 - of several answers
        return found


async def delete(home: ClusterHome, name: str) -> None:
    admin = AIOKafkaAdminClient(**home.cluster.options())
    await admin.start()
    await admin.delete_topics([name])
    while name in await admin.list_topics():  # noqa: ASYNC110 - nobody tells us
        await asyncio.sleep(0.05)
    await admin.close()
