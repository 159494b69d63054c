"""Reads one lane over a connection of its own, where a fetch may wait for news in nobody's way."""

import asyncio
import time
from collections.abc import Sequence

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from kingmaker.kernel.lane import Lane
from kingmaker.runtime.kafka.cluster import Cluster

FETCH_WAIT_MS = 100  # how long the broker keeps a fetch that finds nothing; a seek waits for it
TAKE_MS_MAX = 3_600_000  # a take is ended from outside, by whoever waits for it
FETCH_BYTES_MAX = 4 << 20


class Reader:
    """A consumer of one partition: no group, no commits, no silent jumps."""

    def __init__(self, cluster: Cluster, lane: Lane) -> None:
        """Prepare; `start` connects."""
        self.where = TopicPartition(lane.topic, lane.index)
        self.place = 0
        self.consumer = AIOKafkaConsumer(
            **cluster.options(),
            enable_auto_commit=False,
            auto_offset_reset="none",  # a missing offset is an error, never a silent jump
            fetch_max_wait_ms=FETCH_WAIT_MS,
            max_partition_fetch_bytes=FETCH_BYTES_MAX,
        )
        self._taking: asyncio.Task[dict[TopicPartition, list[ConsumerRecord]]] | None = None

    async def start(self, place: int) -> None:
        """Connect, and read from `place` on."""
        await self.consumer.start()
        self.consumer.assign([self.where])
        self.place = place
        self.consumer.seek(self.where, place)

    def seek(self, place: int) -> None:
        """Go on from another place."""
        if place == self.place:
            return
        if self._taking:
            self._taking.cancel()
            self._taking = None
        self.place = place
        self.consumer.seek(self.where, place)

    async def take(self, wait_s: float) -> Sequence[ConsumerRecord]:
        """Return what came, waiting at most `wait_s` for it."""
        done, _ = await asyncio.wait({self.taking()}, timeout=wait_s)
        if not done:
            return ()
        self._taking = None
        return self._passed(done.pop().result())

    async def next(self) -> Sequence[ConsumerRecord]:
        """Return what comes next; it does not meet with `take` and `taking`, and saves a task."""
        return self._passed(await self.consumer.getmany(self.where, timeout_ms=TAKE_MS_MAX))

    def taking(self) -> asyncio.Task[dict[TopicPartition, list[ConsumerRecord]]]:
        """Return the task that ends with the next records: several readers are awaited at once."""
        if self._taking is None:
            call = self.consumer.getmany(self.where, timeout_ms=TAKE_MS_MAX)
            self._taking = asyncio.ensure_future(call)
        return self._taking

    def is_at_end(self, age_s_max: float) -> bool:
        """Tell whether a fetch answered within that time said that this is the end."""
        told_ms = self.consumer.last_poll_timestamp(self.where)
        if not told_ms or self.consumer.highwater(self.where) != self.place:
            return False
        age_s = time.time() - told_ms / 1000
        return bool(0 <= age_s <= age_s_max)

    @property
    def behind(self) -> int:
        """How many records stand between here and the end, as the last fetch told."""
        return max(0, (self.consumer.highwater(self.where) or 0) - self.place)

    def _passed(self, taken: dict[TopicPartition, list[ConsumerRecord]]) -> list[ConsumerRecord]:
        records = taken.get(self.where, [])
        if records:
            self.place = records[-1].offset + 1
        return records

    async def stop(self) -> None:
        """Let go of the connection."""
        if self._taking:
            self._taking.cancel()
        await self.consumer.stop()
