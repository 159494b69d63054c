"""The log on Kafka: a plain idempotent producer, then read the own lane back. The rule fences.

No transactions, consumer groups or leases. After an answer that is not clear: leave, restart, read.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError, TopicAuthorizationFailedError
from aiokafka.producer.message_accumulator import BatchBuilder

from kingmaker.contracts import envelope
from kingmaker.kernel.lane import Chain, Lane, LaneDamagedError, Record
from kingmaker.runtime.kafka.calls import Calls
from kingmaker.runtime.kafka.cluster import Cluster
from kingmaker.runtime.kafka.reader import Reader
from kingmaker.runtime.log import Verdict
from kingmaker.runtime.traces import Traces

DEADLINE_S = 10.0
STOP_S = 5.0
BATCH_BYTES_MAX = 1_000_000  # of a RecordBatch, below the broker's usual message.max.bytes, 1 MiB
RECORD_BYTES_MAX = 990_000  # of a body and what it consumed; the other headers are short

type Headers = tuple[envelope.Header, ...]


@dataclass(frozen=True, slots=True)
class Foreign:
    """What somebody put into a topic that has many writers: commands, facts."""

    offset: int
    kind: str
    value: bytes


class LogUnreachableError(Exception):
    """Kafka did not answer, or not in time: leave, restart, read again."""


class LogRefusedError(Exception):
    """Kafka answered, and the answer is no: rights, or a record that is too large."""


@dataclass(slots=True)
class _Own:
    """A lane that this process writes: what counts in it, and what of ours is on its way back."""

    chain: Chain
    place: int = 0
    reader: Reader | None = None
    sent: deque[tuple[Headers, Record]] = field(default_factory=deque)

    def record(self, lane: Lane, raw: ConsumerRecord) -> Record:
        """Return what stands in the lane; what we sent, bit for bit, need not be decoded."""
        if self.sent:
            headers, record = self.sent[0]
            if raw.headers == headers and raw.value == record.value:
                self.sent.popleft()
                return record
        return _record(lane, raw)


class KafkaLog:
    """A `Log` on a cluster. A place is an offset. Not for two threads.

    `writes` are lanes whose reading need not be repeated when the first append is read back. With
    `stale_s` above 0 a lane is at its end if an answer that old said so: else each is asked again.
    """

    def __init__(
        self,
        cluster: Cluster,
        incarnation: str,
        *,
        writes: Sequence[Lane] = (),
        watch: Callable[[Lane, Record], None] = lambda _lane, _record: None,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        """Remember where the cluster is; connect on first use."""
        self.incarnation = incarnation
        self.stale_s = 0.0
        self._watch = watch
        self._cluster, self._deadline_s = cluster, deadline_s
        self._calls = Calls()
        self._producer: AIOKafkaProducer | None = None
        self._asker: AIOKafkaConsumer | None = None
        self._unclear = False
        self._clients: list[AIOKafkaProducer | AIOKafkaConsumer | Reader] = []  # to be stopped
        self._readers: dict[Lane, Reader] = {}
        self._pages: dict[Lane, tuple[Sequence[Record], int]] = {}
        self.traces = Traces()
        self._own = {lane: _Own(Chain(lane, incarnation)) for lane in writes}

    def append(self, lane: Lane, records: Sequence[Record]) -> Verdict:
        """Send, then read back up to the last record: it counts if the rule accepted it.

        After one unclear answer all are: a producer is dead after its first error.
        Raise LogRefusedError where Kafka will never take it.
        """
        if self._unclear:
            return Verdict.UNCLEAR
        _refuse_large(lane, records)
        own = self._own.setdefault(lane, _Own(Chain(lane, self.incarnation)))
        try:
            accepted = self._bounded(self._append(lane, own, records))
        except TopicAuthorizationFailedError as error:
            self._unclear = True
            raise self._forbidden(lane, "write") from error
        except (LogUnreachableError, KafkaError, AssertionError):  # a dead producer asserts
            self._unclear = True
            return Verdict.UNCLEAR
        return Verdict.ACCEPTED if accepted else Verdict.FENCED

    def commit(self) -> Verdict:
        """Do nothing: what `append` accepted, all replicas in sync have acknowledged."""
        return Verdict.UNCLEAR if self._unclear else Verdict.ACCEPTED

    def read(self, lane: Lane, place: int) -> tuple[Sequence[Record], int]:
        """Return records by offset up to the present end; a dead broker raises, it is not quiet."""
        records, end = self._pages.get(lane, ((), -1))
        if records and place == end - len(records):  # several engines of this process read it
            return records, end
        raws, end = self._fetched(lane, place)
        if not raws:
            return [], place
        page = [_record(lane, raw) for raw in raws], end
        self._pages[lane] = page
        if lane not in self._own:
            headers = [envelope.trace_of(raw.headers) for raw in raws]
            self.traces.note(lane, [record.seq for record in page[0]], headers)
        self._follow(lane, page, place)
        return page

    def read_foreign(self, lane: Lane, place: int) -> tuple[Sequence[Foreign], int]:
        """Return what stands from an offset on in a topic where no rule holds."""
        raws, end = self._fetched(lane, place)
        return [_foreign(raw) for raw in raws], end

    def end_of(self, lane: Lane) -> int:
        """Return the offset after the last record, accepted or not."""
        return self._asked(lane, self._end(lane))

    def behind(self, lane: Lane) -> int:
        """Return how many records of a lane wait at Kafka, as its last answer told."""
        reader = self._readers.get(lane)
        return reader.behind if reader else 0

    def _fetched(self, lane: Lane, place: int) -> tuple[Sequence[ConsumerRecord], int]:
        return self._asked(lane, self._fetch(lane, place))

    def _asked[T](self, lane: Lane, question: Coroutine[None, None, T]) -> T:
        try:
            return self._bounded(question)
        except TopicAuthorizationFailedError as error:
            raise self._forbidden(lane, "read") from error
        except OffsetOutOfRangeError as error:
            raise LaneDamagedError(
                f"{lane}: Kafka no longer holds the offset asked for ({error}): records were"
                f" deleted, or the topic was made anew. Restore it from a copy (`kingmaker log"
                f" copy`); never go on without."
            ) from error
        except KafkaError as error:
            raise self._unreachable(f"{lane}: {error}") from error

    def wait(self, seconds: float) -> None:
        """Return as soon as a lane of others has news; after `seconds` at the latest."""
        self._calls.run(self._await_news(seconds), seconds + self._deadline_s)

    def place_of(self, lane: Lane, seq: int) -> int | None:  # noqa: ARG002 - the port's signature
        """Return None: what was ignored stands between the records that count."""
        return None

    def close(self) -> None:
        """Stop the clients side by side; one that hangs is left to the end of the process."""
        self._calls.close([client.stop() for client in self._clients], STOP_S)

    # append

    async def _append(self, lane: Lane, own: _Own, records: Sequence[Record]) -> bool:
        producer = await self._started_producer()
        reader = await self._reader_of_own(lane, own)
        own.sent = deque(
            (tuple(envelope.headers(lane, record, trace)), record)
            for record, trace in zip(records, self.traces.lead(lane, records), strict=True)
        )
        sent = [
            (await producer.send_batch(batch, lane.topic, partition=lane.index), count)
            for batch, count in _batches(producer, own.sent)
        ]
        ends = [(await future).offset + count for future, count in sent]
        last, accepted = records[-1].hash, False
        while own.place < ends[-1]:
            for raw in await reader.next():
                own.place = raw.offset + 1
                step = own.chain.feed(own.record(lane, raw))
                accepted |= bool(step) and step[-1].hash == last
        return accepted

    async def _reader_of_own(self, lane: Lane, own: _Own) -> Reader:
        if own.reader is None:
            own.reader = await self._started_reader(lane, own.place)
        return own.reader

    async def _started_producer(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                **self._cluster.options(),
                acks="all",
                enable_idempotence=True,
                max_batch_size=BATCH_BYTES_MAX,
                max_request_size=2 * BATCH_BYTES_MAX,
            )
            self._clients.append(producer)
            await producer.start()
            self._producer = producer
        return self._producer

    # read

    async def _fetch(self, lane: Lane, place: int) -> tuple[Sequence[ConsumerRecord], int]:
        reader = await self._reader(lane, place)
        raws = await reader.take(0)
        if not raws and (reader.is_at_end(self.stale_s) or place >= await self._end(lane)):
            return (), place
        while not raws:
            raws = await reader.take(self._deadline_s)
        return raws, reader.place

    async def _reader(self, lane: Lane, place: int) -> Reader:
        reader = self._readers.get(lane)
        if reader is None:
            reader = self._readers[lane] = await self._started_reader(lane, place)
        reader.seek(place)
        return reader

    async def _started_reader(self, lane: Lane, place: int) -> Reader:
        reader = Reader(self._cluster, lane)
        self._clients.append(reader)
        await reader.start(place)
        return reader

    async def _end(self, lane: Lane) -> int:
        """Ask over a connection on which no fetch waits: what follows one waits behind it."""
        if self._asker is None:
            asker = AIOKafkaConsumer(**self._cluster.options(), enable_auto_commit=False)
            self._clients.append(asker)
            await asker.start()
            self._asker = asker
        where = TopicPartition(lane.topic, lane.index)
        return int((await self._asker.end_offsets([where]))[where])

    async def _await_news(self, seconds: float) -> None:
        # What we write ourselves is no news: nobody would take it, and no wait would ever wait.
        others = [reader for lane, reader in self._readers.items() if lane not in self._own]
        taking = {reader.taking() for reader in others}
        if taking:
            await asyncio.wait(taking, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        else:
            await asyncio.sleep(seconds)

    def _follow(self, lane: Lane, page: tuple[Sequence[Record], int], place: int) -> None:
        """Apply the rule to a lane of ours while it is read, so that nobody reads it again."""
        own = self._own.get(lane)
        if own and own.reader is None and own.place == place:
            for record in page[0]:
                for accepted in own.chain.feed(record):
                    self._watch(lane, accepted)
            own.place = page[1]

    # what goes wrong

    def _bounded[T](self, call: Coroutine[None, None, T]) -> T:
        try:
            return self._calls.run(call, self._deadline_s)
        except TimeoutError as error:
            raise self._unreachable(f"no answer in {self._deadline_s:.0f} s") from error

    def _unreachable(self, what: str) -> LogUnreachableError:
        return LogUnreachableError(
            f"Kafka at {self._cluster.servers}: {what}. See that its brokers run and that user and"
            f" certificates are right, then start again: what was accepted is read back, and"
            f" nothing is decided twice."
        )

    def _forbidden(self, lane: Lane, verb: str) -> LogRefusedError:
        who = self._cluster.user or "this principal"
        return LogRefusedError(
            f"{lane}: Kafka does not let {who} {verb} {lane.topic}. `kingmaker topics acl` prints"
            f" the rights that each service needs."
        )


def _batches(
    producer: AIOKafkaProducer, sent: Sequence[tuple[Headers, Record]]
) -> Iterator[tuple[BatchBuilder, int]]:
    """Yield one RecordBatch, which is atomic by itself; more only where one cannot hold all."""
    batch = producer.create_batch()
    for headers, record in sent:
        if not _added(batch, headers, record):
            yield batch, batch.record_count()
            batch = producer.create_batch()
            assert _added(batch, headers, record), "a batch takes its first record"
    yield batch, batch.record_count()


def _added(batch: BatchBuilder, headers: Headers, record: Record) -> bool:
    added = batch.append(
        key=None, value=record.value, timestamp=record.time_ms, headers=list(headers)
    )
    return added is not None


def _refuse_large(lane: Lane, records: Sequence[Record]) -> None:
    for record in records:
        size = len(record.value) + len(record.consumed)
        if size > RECORD_BYTES_MAX:
            raise LogRefusedError(
                f"{lane}: record {record.seq}, a {record.kind}, has {size:,} bytes; a record may"
                f" have {RECORD_BYTES_MAX:,}. Nothing of its step was sent."
            )


def _foreign(raw: ConsumerRecord) -> Foreign:
    kind = next((content for name, content in raw.headers if name == "ce_type"), b"")
    return Foreign(raw.offset, kind.decode(errors="replace"), raw.value or b"")


def _record(lane: Lane, raw: ConsumerRecord) -> Record:
    try:
        return envelope.record(raw.headers, raw.value or b"")
    except envelope.EnvelopeError as error:
        raise LaneDamagedError(
            f"{lane}: what stands at offset {raw.offset} is not a record of ours: {error}."
            f" Find out who else may write to {lane.topic}; never edit it."
        ) from error
