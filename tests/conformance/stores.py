"""Every store that keeps a log, opened the way another process would open it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from kingmaker.runtime.kafka.cluster import Cluster
from kingmaker.runtime.kafka.log import KafkaLog
from kingmaker.runtime.log import Log
from kingmaker.runtime.memory_log import MemoryLog
from kingmaker.runtime.sqlite_log import SqliteLog

INCARNATION = "conformance"
LANES = 2


@dataclass
class Store:
    """One store; every `open` is another process."""

    new: Callable[[], Log]
    declare: Callable[[str], None] = field(default=lambda _topic: None)
    _opened: list[Log] = field(default_factory=list)

    def open(self) -> Log:
        self._opened.append(self.new())
        return self._opened[-1]

    def close(self) -> None:
        for log in self._opened:
            log.close()


def memory() -> Store:
    log = MemoryLog(incarnation=INCARNATION)  # all processes share it: it is the store
    return Store(lambda: log)


def sqlite(path: Path) -> Store:
    return Store(lambda: SqliteLog(path, INCARNATION))


def kafka(servers: str) -> Store:
    return Store(
        lambda: KafkaLog(Cluster(servers), INCARNATION),
        lambda topic: asyncio.run(create_topic(servers, topic)),
    )


async def create_topic(servers: str, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    await admin.create_topics([NewTopic(topic, num_partitions=LANES, replication_factor=1)])
    await admin.close()
