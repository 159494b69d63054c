"""The log on Kafka: a plain idempotent producer, then read the own lane back. The rule fences.

No transactions, consumer groups or leases. Every call is bounded by `asyncio.wait`, which, unlike
`asyncio.timeout`, does not wait for what it gives up: aiokafka may hang where a broker is gone.
"""

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from contextlib import suppress

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from kingmaker.contracts import envelope
from kingmaker.kernel.lane import Lane, LaneDamagedError, Record
from kingmaker.runtime.log import Tail, Verdict

DEADLINE_S = 10.0
POLL_MS = 100
FETCH_WAIT_MS_MAX = 5  # on one connection every other request waits behind a waiting fetch


class LogUnreachableError(Exception):
    """Kafka did not answer, or not in time: leave, restart, read again."""


class KafkaLog:
    """A `Log` on a cluster; aiokafka lives on a thread of its own. A place is an offset."""

    def __init__(self, servers: str, incarnation: str, deadline_s: float = DEADLINE_S) -> None:
        """Remember where the cluster is; connect on first use."""
        self.incarnation = incarnation
        self._servers, self._deadline_s = servers, deadline_s
        self._producer: AIOKafkaProducer | None = None
        self._unclear = False
        self._consumers: dict[Lane, AIOKafkaConsumer] = {}
        self._clients: list[AIOKafkaProducer | AIOKafkaConsumer] = []  # all that must be stopped
        self._own: dict[Lane, Tail] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="kafka", daemon=True)
        self._thread.start()

    def append(self, lane: Lane, records: Sequence[Record]) -> Verdict:
        """Send, then read back up to the last record: it counts if the rule accepted it.

        After one unclear answer all are: a producer is dead after its first error.
        """
        if self._unclear:
            return Verdict.UNCLEAR
        try:
            end = self._bounded(self._send(lane, records)) + 1
            tail = self._own.setdefault(lane, Tail(self, lane))
            return Verdict.ACCEPTED if tail.accepts(records[-1], end) else Verdict.FENCED
        except (LogUnreachableError, KafkaError, AssertionError):  # a dead producer asserts
            self._unclear = True
            return Verdict.UNCLEAR

    def commit(self) -> Verdict:
        """Do nothing: what `append` accepted, all replicas in sync have acknowledged."""
        return Verdict.UNCLEAR if self._unclear else Verdict.ACCEPTED

    def read(self, lane: Lane, place: int) -> tuple[Sequence[Record], int]:
        """Return records by offset up to the present end; a dead broker raises, it is not quiet."""
        try:
            return self._bounded(self._fetch(lane, place))
        except KafkaError as error:
            raise self._unreachable(f"{lane}: {error}") from error

    def place_of(self, lane: Lane, seq: int) -> int | None:  # noqa: ARG002 - the port's signature
        """Return None: what was ignored stands between the records that count."""
        return None

    def close(self) -> None:
        """Stop the clients; what hangs is left to the end of the process."""
        for client in self._clients:
            with suppress(LogUnreachableError):
                self._bounded(client.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(self._deadline_s)
        self._loop.close()

    async def _send(self, lane: Lane, records: Sequence[Record]) -> int:
        producer = await self._started_producer()
        sent = [
            await producer.send(
                lane.topic,
                record.value,
                partition=lane.index,
                headers=envelope.headers(lane, record),
                timestamp_ms=record.time_ms,
            )
            for record in records
        ]
        return int((await asyncio.gather(*sent))[-1].offset)

    async def _fetch(self, lane: Lane, place: int) -> tuple[list[Record], int]:
        where = TopicPartition(lane.topic, lane.index)
        consumer = await self._started_consumer(lane)
        end = (await consumer.end_offsets([where]))[where]
        if place >= end:
            return [], place
        if await consumer.position(where) != place:
            consumer.seek(where, place)
        records: list[Record] = []
        while not records:
            batch = await consumer.getmany(where, timeout_ms=POLL_MS)
            records = [_record(lane, raw) for raw in batch.get(where, [])]
        return records, await consumer.position(where)

    async def _started_producer(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._servers, acks="all", enable_idempotence=True
            )
            self._clients.append(producer)
            await producer.start()
            self._producer = producer
        return self._producer

    async def _started_consumer(self, lane: Lane) -> AIOKafkaConsumer:
        if lane not in self._consumers:
            consumer = AIOKafkaConsumer(
                bootstrap_servers=self._servers,
                enable_auto_commit=False,
                auto_offset_reset="none",  # a missing offset is an error, never a silent jump
                fetch_max_wait_ms=FETCH_WAIT_MS_MAX,
            )
            self._clients.append(consumer)
            await consumer.start()
            where = TopicPartition(lane.topic, lane.index)
            consumer.assign([where])
            consumer.seek(where, 0)
            self._consumers[lane] = consumer
        return self._consumers[lane]

    def _bounded[T](self, call: Coroutine[None, None, T]) -> T:
        """Run `call` on the loop's thread and wait at most `deadline_s` for it."""
        bounded = _within(self._deadline_s, call)
        try:
            return asyncio.run_coroutine_threadsafe(bounded, self._loop).result()
        except TimeoutError as error:
            raise self._unreachable(f"no answer in {self._deadline_s:.0f} s") from error

    def _unreachable(self, what: str) -> LogUnreachableError:
        return LogUnreachableError(
            f"Kafka at {self._servers}: {what}. See that its brokers run, then start again: what"
            f" was accepted is read back, and nothing is decided twice."
        )


async def _within[T](deadline_s: float, call: Coroutine[None, None, T]) -> T:
    task = asyncio.ensure_future(call)
    done, _ = await asyncio.wait({task}, timeout=deadline_s)
    if not done:
        task.cancel()
        raise TimeoutError
    return task.result()


def _record(lane: Lane, raw: ConsumerRecord) -> Record:
    try:
        return envelope.record(raw.headers, raw.value or b"")
    except envelope.EnvelopeError as error:
        raise LaneDamagedError(
            f"{lane}: what stands at offset {raw.offset} is not a record of ours: {error}."
            f" Find out who else may write to {lane.topic}; never edit it."
        ) from error
