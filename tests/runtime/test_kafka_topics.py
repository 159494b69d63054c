"""Topics that are made as they must be, and refused where they are not."""

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from kingmaker.contracts.topics import PUBLIC_TOPICS, STATISTICS_TOPIC
from kingmaker.runtime.kafka import topics
from kingmaker.runtime.kafka.cluster import Cluster
from kingmaker.runtime.kafka.topics import TopicsError, Wanted

ONE = Wanted(desks=2, replication=1, min_in_sync=1)
FORGETFUL = {
    "cleanup.policy": "compact",
    "retention.ms": "604800000",
    "unclean.leader.election.enable": "true",
    "max.message.bytes": "1000",
    "message.timestamp.after.max.ms": "3600000",
}

pytestmark = pytest.mark.kafka


@pytest.fixture
def cluster(guarded_kafka: str, tmp_path: Path) -> Cluster:
    return as_user("admin", guarded_kafka, tmp_path)


def as_user(user: str, servers: str, folder: Path, password: str = "") -> Cluster:
    (folder / user).write_text(password or f"{user}-secret")
    return Cluster(servers, user=user, password_file=folder / user)


def by_admin(cluster: Cluster, work: Callable[[AIOKafkaAdminClient], Awaitable[object]]) -> None:
    async def run() -> None:
        admin = AIOKafkaAdminClient(**cluster.options())
        await admin.start()
        await work(admin)
        await admin.close()

    asyncio.run(run())


def delete(cluster: Cluster, *names: str) -> None:
    """Delete topics, and wait until the broker has forgotten them."""

    async def work(admin: AIOKafkaAdminClient) -> None:
        await admin.delete_topics(list(names))
        while set(names) & set(await admin.list_topics()):  # noqa: ASYNC110 - nobody tells us
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)  # the log folders go a little after the names

    by_admin(cluster, work)


def test_what_is_missing_is_named_then_made_then_nothing_differs(cluster: Cluster) -> None:
    topics.create(cluster, ONE)
    delete(cluster, *ONE.lanes())
    missing = topics.differences(cluster, ONE)
    assert missing == [
        f"{name}: is missing. Create it: kingmaker topics init" for name in ONE.lanes()
    ]
    with pytest.raises(TopicsError, match=r"km\.promotion\.v1: is missing"):
        topics.require(cluster, ONE)
    assert topics.create(cluster, ONE) == list(ONE.lanes())
    assert topics.differences(cluster, ONE) == []
    assert topics.create(cluster, ONE) == []  # and again: nothing to do


def test_a_topic_that_would_forget_is_refused_each_fault_with_its_remedy(cluster: Cluster) -> None:
    topics.create(cluster, ONE)
    name = "km.shadow.v1"
    delete(cluster, name)
    bad = NewTopic(name, 1, 1, topic_configs=FORGETFUL)
    by_admin(cluster, lambda admin: admin.create_topics([bad]))
    topics.create(cluster, ONE)  # what is there is never altered
    lines = topics.differences(cluster, ONE)
    assert len(lines) == len(FORGETFUL) + 1
    assert lines[0] == (
        f"{name}: has 1 partitions, and 2 desks need 2. Add them: kafka-topics --alter --topic"
        f" {name} --partitions 2"
    )
    for key, value in FORGETFUL.items():
        (line,) = [line for line in lines if f" {key} is {value}, and must be" in line]
        assert f"--entity-name {name} --add-config {key}={ONE.configuration()[key]}" in line
    delete(cluster, name)
    topics.create(cluster, ONE)


def test_a_public_topic_may_forget_by_age_since_it_came_and_its_absence_stops_no_service(
    cluster: Cluster,
) -> None:
    topics.create(cluster, ONE)
    name = "km.trades.v1"
    week = dataclasses.replace(ONE, public_retention_days=7)
    lines = topics.differences(cluster, week)
    forgetting = [one for one in PUBLIC_TOPICS if one != STATISTICS_TOPIC]  # keeps last values
    assert len(lines) == len(forgetting)
    assert any(f"{name}: retention.ms is -1, and must be 604800000" in line for line in lines)
    delete(cluster, name)
    topics.require(cluster, ONE)
    assert topics.differences(cluster, ONE) == [
        f"{name}: is missing. Create it: kingmaker topics init"
    ]
    assert topics.create(cluster, week) == [name]
    assert not [line for line in topics.differences(cluster, week) if line.startswith(name)]
    delete(cluster, name)
    topics.create(cluster, ONE)


def test_what_exceeds_the_least_is_as_it_must_be(cluster: Cluster) -> None:
    topics.create(cluster, ONE)
    larger = ConfigResource(
        ConfigResourceType.TOPIC,
        "km.feed.v1",
        {**ONE.configuration(), "max.message.bytes": "9000000"},
    )
    by_admin(cluster, lambda admin: admin.alter_configs([larger]))
    assert topics.differences(cluster, ONE) == []


def test_too_few_replicas_and_a_stranger_are_named(cluster: Cluster) -> None:
    topics.create(cluster, ONE)
    lines = topics.differences(cluster, Wanted(desks=2, replication=3, min_in_sync=2))
    assert any("has 1 replicas; kafka.replication asks for 3" in line for line in lines)
    assert any("min.insync.replicas is 1, and must be at least 2" in line for line in lines)
    (line,) = topics.differences(cluster, Wanted(desks=2, cluster_id="another"))
    assert "is the cluster kingmaker, not another. Correct kafka.servers" in line


def test_more_replicas_than_brokers_cannot_be_made(cluster: Cluster) -> None:
    delete(cluster, "km.feed.v1")
    with pytest.raises(TopicsError, match=r"km\.feed\.v1: cannot be made with 3 replicas"):
        topics.create(cluster, Wanted(desks=2))
    topics.create(cluster, ONE)


def test_a_wrong_password_is_told_as_what_it_may_be(guarded_kafka: str, tmp_path: Path) -> None:
    wrong = as_user("admin", guarded_kafka, tmp_path, "guessed")
    with pytest.raises(TopicsError, match="user, password and certificates are right"):
        topics.differences(wrong, ONE)
