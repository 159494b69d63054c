"""The rights that follow from the topic graph; a real broker grants those and no others."""

import asyncio
import itertools
import shlex
from collections import defaultdict
from collections.abc import Awaitable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, RecordsToDelete
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAuthorizationFailedError, for_code
from aiokafka.protocol.admin import CreateAclsRequest

from kingmaker.contracts.topics import TOPICS, event_topic
from kingmaker.runtime.kafka import topics
from kingmaker.runtime.kafka.cluster import Cluster
from kingmaker.runtime.kafka.rights import rights
from kingmaker.runtime.kafka.topics import Wanted

WANTED = Wanted(desks=1, replication=1, min_in_sync=1)
OPERATIONS = {"Read": 3, "Write": 4, "Describe": 8, "DescribeConfigs": 10}
KINDS = {"topic": 2, "group": 3}
LITERAL, PREFIXED, ALLOW = 3, 4, 3
SERVICES = [topic.service for topic in TOPICS]
READ_MS = 500


def test_only_a_service_writes_its_own_lanes() -> None:
    for topic in TOPICS:
        writers = {r.principal for r in rights() if (r.operation, r.name) == ("Write", topic.name)}
        assert writers == {topic.service}


def test_a_service_reads_the_declared_edges_and_no_more() -> None:
    for topic in TOPICS:
        readers = {r.principal for r in rights() if (r.operation, r.name) == ("Read", topic.name)}
        assert readers - {"gateway", "cli", "views"} == {
            *(topic.service, *topic.readers, *topic.reactors_of)
        }


def test_the_views_read_every_lane_and_write_nothing() -> None:
    found = {(right.operation, right.name) for right in rights() if right.principal == "views"}
    lanes = {("Read", topic.name) for topic in TOPICS}
    assert found == lanes | {("Describe", "km."), ("DescribeConfigs", "km.")}


def test_nobody_may_delete_alter_or_fence() -> None:
    assert {right.operation for right in rights()} <= set(OPERATIONS)
    assert {right.kind for right in rights()} <= set(KINDS)


def test_a_line_is_one_that_kafka_acls_takes() -> None:
    lines = [right.line("k:9092") for right in rights()]
    assert (
        "kafka-acls --bootstrap-server k:9092 --add --allow-principal User:promotion --operation"
        " Write --topic km.promotion.v1"
    ) in lines
    assert len(set(lines)) == len(lines)


@pytest.fixture
def granted(guarded_kafka: str, tmp_path: Path) -> Mapping[str, Cluster]:
    """Make the topics, apply the lines as they are printed; return every principal."""
    users = {"admin", *(right.principal for right in rights())}
    clusters: dict[str, Cluster] = {}
    for user in users:
        (tmp_path / user).write_text(f"{user}-secret")
        clusters[user] = Cluster(guarded_kafka, user=user, password_file=tmp_path / user)
    topics.create(clusters["admin"], WANTED)
    asyncio.run(grant(clusters["admin"], [right.line(guarded_kafka) for right in rights()]))
    return clusters


async def grant(cluster: Cluster, lines: Iterable[str]) -> None:
    admin = AIOKafkaAdminClient(**cluster.options())
    await admin.start()
    for line in lines:
        words = shlex.split(line)
        said = dict(itertools.pairwise(words))
        kind = next(kind for kind in KINDS if f"--{kind}" in said)
        pattern = PREFIXED if said.get("--resource-pattern-type") == "prefixed" else LITERAL
        request = CreateAclsRequest(
            KINDS[kind], said[f"--{kind}"], pattern, said["--allow-principal"], "*",
            OPERATIONS[said["--operation"]], ALLOW,
        )  # fmt: skip
        answer = await admin._send_request(request)
        assert [row[0] for row in answer.creation_responses] == [0], line
    await admin.close()


@pytest.mark.kafka
def test_every_principal_does_on_every_topic_what_its_lines_say_and_nothing_else(
    granted: Mapping[str, Cluster],
) -> None:
    names = list(WANTED.lanes())
    allowed: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for right in rights():
        if not right.by_prefix and right.operation in ("Read", "Write"):
            allowed[right.principal].add((right.operation, right.name))
    asyncio.run(written(granted["admin"], names))  # so that there is something to read
    for principal in sorted(allowed):
        wrote = asyncio.run(written(granted[principal], names))
        read = asyncio.run(readable(granted[principal], names))
        did = {("Write", name) for name in wrote} | {("Read", name) for name in read}
        assert did == allowed[principal], principal


@pytest.mark.kafka
def test_nobody_deletes_records_or_topics_or_alters_retention_or_partitions(
    granted: Mapping[str, Cluster],
) -> None:
    for principal in sorted(set(granted) - {"admin"}):
        seen = "km.promotion.v1" if principal in ("gateway", "cli") else "km.promotions.v1"
        name = event_topic(principal) if principal in SERVICES else seen
        codes = asyncio.run(harm(granted[principal], name))
        assert len(codes) == 4
        assert codes == dict.fromkeys(codes, "TopicAuthorizationFailedError"), principal


@pytest.mark.kafka
def test_a_service_may_see_that_its_topics_are_as_they_must_be(
    granted: Mapping[str, Cluster],
) -> None:
    for service in SERVICES:
        assert topics.differences(granted[service], WANTED) == [], service


async def written(cluster: Cluster, names: Iterable[str]) -> set[str]:
    done: set[str] = set()
    async with AIOKafkaProducer(
        **cluster.options(), acks="all", enable_idempotence=False
    ) as producer:
        for name in names:
            try:
                await producer.send_and_wait(name, b"a", key=b"k", partition=0)
            except TopicAuthorizationFailedError:
                continue
            done.add(name)
    return done


async def readable(cluster: Cluster, names: Iterable[str]) -> set[str]:
    done: set[str] = set()
    async with AIOKafkaConsumer(
        **cluster.options(), enable_auto_commit=False, auto_offset_reset="none"
    ) as consumer:
        for name in names:
            where = TopicPartition(name, 0)
            try:
                consumer.assign([where])
                consumer.seek(where, 0)
                taken = await consumer.getmany(where, timeout_ms=READ_MS)
            except TopicAuthorizationFailedError:
                continue
            if taken:
                done.add(name)
    return done


async def harm(cluster: Cluster, name: str) -> dict[str, str]:
    """Try everything that only an administrator may do; return how each was refused."""
    admin = AIOKafkaAdminClient(**cluster.options())
    await admin.start()
    forget = ConfigResource(ConfigResourceType.TOPIC, name, {"retention.ms": "1"})
    tries: dict[str, Any] = {
        "delete records": admin.delete_records({TopicPartition(name, 0): RecordsToDelete(1)}),
        "delete topic": admin.delete_topics([name]),
        "alter retention": admin.alter_configs([forget]),
        "add partitions": admin.create_partitions({name: NewPartitions(2)}),
    }
    codes = {what: await refusal(call) for what, call in tries.items()}
    await admin.close()
    return codes


async def refusal(call: Awaitable[object]) -> str:
    try:
        answer = await call
    except TopicAuthorizationFailedError as error:
        return type(error).__name__
    for row in _rows(answer):
        codes = [code for code in row if isinstance(code, int) and not isinstance(code, bool)]
        return str(for_code(next((code for code in codes if code), 0)).__name__)
    return "nothing was said"


def _rows(answer: object) -> list[Any]:
    found: list[Any] = []
    for one in answer if isinstance(answer, list) else [answer]:
        for name in ("topic_error_codes", "topic_errors", "resources"):
            found += getattr(one, name, [])
    return found
