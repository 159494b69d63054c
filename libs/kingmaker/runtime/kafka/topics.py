"""The topics of a desk's cluster: makes those that are missing, names what is not as it must be.

A topic that is compacted, that forgets, or that may elect a leader who lost records is no log.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from kingmaker.contracts.topics import (
    PUBLIC_TOPICS,
    STATISTICS_TOPIC,
    TOPICS,
    command_topic,
    event_topic,
    fact_topic,
)
from kingmaker.runtime.kafka.calls import Calls
from kingmaker.runtime.kafka.cluster import Cluster

DEADLINE_S = 30.0
POLL_S = 0.05
RECORD_BYTES_MIN = 1_048_588  # Kafka's default: a batch of ours is smaller
DAY_MS = 86_400_000
FOR_EVER = 9_223_372_036_854_775_807
AT_LEAST = {"max.message.bytes": RECORD_BYTES_MIN, "message.timestamp.after.max.ms": FOR_EVER}


class TopicsError(Exception):
    """Topics that cannot be made or are not as they must be; a line each, with its remedy."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the settings ask of the topics."""

    desks: int
    replication: int = 3
    min_in_sync: int = 2
    cluster_id: str = ""
    public_retention_days: int = 0  # 0: for ever

    def lanes(self) -> Mapping[str, int]:
        """Return every topic with its number of lanes."""
        return self.lanes_of_log() | dict.fromkeys(PUBLIC_TOPICS, self.desks)

    def lanes_of_log(self) -> dict[str, int]:
        """Return the topics without which nothing is decided: all but the public ones."""
        found: dict[str, int] = {}
        for topic in TOPICS:
            for name in (event_topic, command_topic, fact_topic):
                found[name(topic.service)] = self.desks if topic.per_desk else 1
        return found

    def configuration(self, name: str = "") -> Mapping[str, str]:
        """Return what a topic must say of itself; `AT_LEAST` may be exceeded."""
        kept = {
            "cleanup.policy": "delete",
            "retention.ms": "-1",
            "retention.bytes": "-1",
            "unclean.leader.election.enable": "false",
            "min.insync.replicas": str(self.min_in_sync),
            "max.message.bytes": str(RECORD_BYTES_MIN),
            # Times are the market's: a broker must not compare them with its own clock.
            "message.timestamp.type": "CreateTime",
            "message.timestamp.after.max.ms": str(FOR_EVER),
        }
        if name == STATISTICS_TOPIC:
            return kept | self._of_public() | {"cleanup.policy": "compact", "retention.ms": "-1"}
        return kept | self._of_public() if name in PUBLIC_TOPICS else kept

    def _of_public(self) -> dict[str, str]:
        """Return what differs where everybody reads: a copy may be forgotten, by age since it came.

        Market times would make bars of former years forgotten at once.
        """
        days = self.public_retention_days
        return {
            "retention.ms": str(days * DAY_MS) if days else "-1",
            "message.timestamp.type": "LogAppendTime",
        }


def create(cluster: Cluster, wanted: Wanted) -> list[str]:
    """Make the topics that are missing; return their names. What is there is never altered."""
    return _asked(cluster, lambda admin: _create(admin, wanted))


def differences(cluster: Cluster, wanted: Wanted) -> list[str]:
    """Return what is not as it must be, a line each with its remedy."""
    return _asked(cluster, lambda admin: _differences(admin, cluster, wanted, wanted.lanes()))


def cluster_id(cluster: Cluster) -> str:
    """Return the name that the cluster has given itself."""

    async def ask(admin: AIOKafkaAdminClient) -> list[str]:
        return [str((await admin.describe_cluster())["cluster_id"])]

    return _asked(cluster, ask)[0]


def require(cluster: Cluster, wanted: Wanted) -> None:
    """Raise TopicsError where the log is not as it must be; of public topics /readyz tells."""
    lanes = wanted.lanes_of_log()
    if found := _asked(cluster, lambda admin: _differences(admin, cluster, wanted, lanes)):
        raise TopicsError("\n".join(found))


async def _create(admin: AIOKafkaAdminClient, wanted: Wanted) -> list[str]:
    there = await admin.list_topics()
    missing = {name: lanes for name, lanes in wanted.lanes().items() if name not in there}
    made = [
        NewTopic(name, lanes, wanted.replication, topic_configs=dict(wanted.configuration(name)))
        for name, lanes in missing.items()
    ]
    answer = await admin.create_topics(made) if made else None
    for name, code, *said in answer.topic_errors if answer else ():
        if code and for_code(code) is not TopicAlreadyExistsError:
            raise TopicsError(_not_made(name, for_code(code), said, wanted))
    while not set(missing) <= set(await admin.list_topics()):  # noqa: ASYNC110 - nobody tells us
        await asyncio.sleep(POLL_S)
    return list(missing)


async def _differences(
    admin: AIOKafkaAdminClient, cluster: Cluster, wanted: Wanted, lanes: Mapping[str, int]
) -> list[str]:
    found = await admin.describe_cluster()
    if wanted.cluster_id and found["cluster_id"] != wanted.cluster_id:
        stranger = (
            f"{cluster.servers} is the cluster {found['cluster_id']}, not {wanted.cluster_id}."
            f" Correct kafka.servers, or kafka.cluster_id if the cluster was meant to change."
        )
        return [stranger]
    described = {one["topic"]: one for one in await admin.describe_topics(list(lanes))}
    absent = [name for name in lanes if described[name]["error_code"]]
    present = [name for name in lanes if name not in absent]
    said = await _configurations(admin, present)
    lines = [_missing(name, described[name]["error_code"]) for name in absent]
    for name in present:
        lines += _of_partitions(name, described[name]["partitions"], lanes[name], wanted)
        lines += _of_configuration(name, said[name], wanted, cluster)
    return lines


async def _configurations(
    admin: AIOKafkaAdminClient, names: Sequence[str]
) -> Mapping[str, Mapping[str, str]]:
    asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    found: dict[str, Mapping[str, str]] = {}
    for answer in await admin.describe_configs(asked) if asked else ():
        for code, message, _kind, name, entries in answer.resources:
            if code:
                raise TopicsError(f"{name}: its configuration cannot be read: {message}")
            found[name] = {entry[0]: entry[1] for entry in entries}
    return found


def _of_partitions(
    name: str, partitions: Sequence[Mapping[str, Any]], lanes: int, wanted: Wanted
) -> Iterator[str]:
    if len(partitions) < lanes:
        yield (
            f"{name}: has {len(partitions)} partitions, and {wanted.desks} desks need {lanes}."
            f" Add them: kafka-topics --alter --topic {name} --partitions {lanes}"
        )
    copies = min((len(one["replicas"]) for one in partitions), default=0)
    if copies < wanted.replication:
        yield (
            f"{name}: has {copies} replicas; kafka.replication asks for {wanted.replication}."
            f" Add replicas with kafka-reassign-partitions, or lower kafka.replication."
        )


def _of_configuration(
    name: str, said: Mapping[str, str], wanted: Wanted, cluster: Cluster
) -> Iterator[str]:
    for key, value in wanted.configuration(name).items():
        found = said.get(key, "")
        lower_is_wrong = key in AT_LEAST or key == "min.insync.replicas"
        if found == value or (lower_is_wrong and found.isdigit() and int(found) > int(value)):
            continue
        yield (
            f"{name}: {key} is {found or 'unknown'}, and must be"
            f" {'at least ' if lower_is_wrong else ''}{value}. Correct it: kafka-configs"
            f" --bootstrap-server {cluster.servers} --alter --entity-type topics"
            f" --entity-name {name} --add-config {key}={value}"
        )


def _missing(name: str, code: int) -> str:
    error = for_code(code)
    if error.__name__ == "TopicAuthorizationFailedError":
        return f"{name}: may not be looked at. `kingmaker topics acl` prints the rights needed."
    return f"{name}: is missing. Create it: kingmaker topics init"


def _not_made(name: str, error: type[KafkaError], said: Sequence[str], wanted: Wanted) -> str:
    why = next((text for text in said if text), "") or error.__name__
    return (
        f"{name}: cannot be made with {wanted.replication} replicas: {why}. One broker serves"
        f" kafka.replication: 1 and kafka.min_in_sync: 1; else ask who may create topics."
    )


def _asked(cluster: Cluster, question: Any) -> list[str]:  # noqa: ANN401 - a coroutine function
    admin: AIOKafkaAdminClient | None = None

    async def asked() -> list[str]:
        nonlocal admin
        admin = AIOKafkaAdminClient(**cluster.options())
        await admin.start()
        answer: list[str] = await question(admin)
        return answer

    calls = Calls()
    try:
        return calls.run(asked(), DEADLINE_S)
    except (KafkaError, TimeoutError) as error:
        why = str(error) or type(error).__name__
        raise TopicsError(
            f"Kafka at {cluster.servers} does not answer as it should: {why}. See that its brokers"
            f" run and that user, password and certificates are right."
        ) from error
    finally:
        calls.close([admin.close()] if admin else [], DEADLINE_S)
