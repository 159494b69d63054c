"""Run in the pod for people, from standard input: says into Kafka, and reads what was said there.

python - order SERVICE KIND SEED JSON   a command, made now, signed if it is promotion's
python - said SERVICE KIND              every event of one kind that counts, a JSON line each
python - releases SERVICE               which release began each term
python - offer COMPONENT                a variant of a shipped bundle, into the shared folder
"""

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer
from google.protobuf.json_format import MessageToDict

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.signing import SigningKey, seal
from kingmaker.contracts.topics import command_topic, event_topic
from kingmaker.kernel.lane import STARTED, Draft, Lane, Record
from kingmaker.runtime.cli import smoke
from kingmaker.runtime.kafka.cluster import Cluster
from kingmaker.runtime.kafka.log import KafkaLog
from kingmaker.runtime.log import Tail
from kingmaker.runtime.models.shipped import shipped
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.settings import Settings
from kingmaker.runtime.settings_load import load


def main(verb: str, *words: str) -> None:
    """Do what is asked; answer on standard output."""
    settings = load().settings
    match verb:
        case "order":
            service, kind, seed, fields = words
            draft = command(settings, service, kind, json.loads(fields))
            if service == "promotion":
                draft = seal(SigningKey.from_seed(bytes.fromhex(seed)), draft)
            asyncio.run(put(settings.kafka.servers, command_topic(service), draft))
        case "said":
            service, kind = words
            for record in records(settings, service):
                if record.kind == f"kingmaker.{service}.v1.{kind}":
                    tell(record)
        case "releases":
            started = [one for one in records(settings, words[0]) if one.kind == STARTED]
            say([json.loads(one.value)["release"] for one in started])
        case "offer":
            bundle = smoke._variant(shipped()[words[0]])
            folder = settings.artifacts
            assert isinstance(folder, Path)
            digest = ArtifactStore(folder).put(bundle)
            say({"digest": digest, "size_bytes": len(bundle.model)})


def command(settings: Settings, service: str, kind: str, fields: dict[str, Any]) -> Draft:
    """Return a command that is made at the market time of promotion, which it must not outlive."""
    package, now = f"kingmaker.{service}.v1", records(settings, "promotion")[-1].time_ms
    moment = {"issued_at_ms": now} if service == "promotion" else {"time_ms": now}
    message = message_class(package, kind)(**fields, **moment)
    return Draft(f"{package}.{kind}", message.SerializeToString())


async def put(servers: str, topic: str, draft: Draft) -> None:
    """Send one record, and wait until it is written."""
    async with AIOKafkaProducer(bootstrap_servers=servers, acks="all") as producer:
        headers = [("ce_type", draft.kind.encode())]
        await producer.send_and_wait(topic, draft.value, partition=0, headers=headers)


def records(settings: Settings, service: str) -> list[Record]:
    """Return everything that counts in the first lane of a service."""
    return list(_records(settings, service))


def _records(settings: Settings, service: str) -> Iterator[Record]:
    log = KafkaLog(Cluster(settings.kafka.servers), os.environ["KINGMAKER__KAFKA__INCARNATION"])
    tail = Tail(log, Lane(event_topic(service)))
    while news := tail.poll():
        yield from news
    log.close()


def tell(record: Record) -> None:
    """Print an event with the names of its fields."""
    package, _, name = record.kind.rpartition(".")
    message = message_class(package, name).FromString(record.value)
    say(MessageToDict(message, preserving_proto_field_name=True))


def say(what: object) -> None:
    """Print a JSON line."""
    sys.stdout.write(f"{json.dumps(what)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
