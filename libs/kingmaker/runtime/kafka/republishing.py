"""Republishes what a lane accepted into one public topic: the same ids, in order, at least once.

It follows the lane as any reader does, so the log itself is its queue: who decides never waits for
it, and a restart goes on behind what the topic already has.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from aiokafka import AIOKafkaProducer, ConsumerRecord
from aiokafka.errors import OffsetOutOfRangeError

from kingmaker.contracts import envelope
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.envelope import Header
from kingmaker.contracts.public import PublicTopic
from kingmaker.contracts.publication import Publication, publication
from kingmaker.contracts.traceparent import HEADER as TRACE
from kingmaker.kernel.lane import Chain, Lane, Record
from kingmaker.runtime.kafka.calls import within
from kingmaker.runtime.kafka.cluster import Cluster
from kingmaker.runtime.kafka.published import Mark, after_header, last_published
from kingmaker.runtime.kafka.reader import Reader

DEADLINE_S = 10.0  # of every call
STOP_S = 2.0
RECORDS_MAX = 256  # sent before all of them are awaited


class Republisher:
    """One lane, one public topic. Not for two threads."""

    def __init__(
        self,
        cluster: Cluster,
        topic: PublicTopic,
        lane: Lane,
        incarnation: str,
        desks: Sequence[Desk],
    ) -> None:
        """Prepare; `start` connects."""
        self.topic = topic
        self.published = 0  # events, since the start
        self.last = -1  # the number of the last event that is known to be published
        self._cluster, self._lane, self._desks = cluster, lane, desks
        self._chain = Chain(lane, incarnation)
        self._before = (-1, self._chain.tip)  # the step accepted last, and where it ends
        self._held: dict[str, ConsumerRecord] = {}
        self._clients: list[AIOKafkaProducer | Reader] = []

    @property
    def name(self) -> str:
        """What it is called: lane and topic."""
        return f"{self.topic.name} from {self._lane}"

    async def start(self) -> None:
        """Find out what is published, and go on behind it. Raise TopicMissingError."""
        asked = last_published(self._cluster, self.topic, self._lane, len(self._desks))
        mark = await within(DEADLINE_S, asked)
        self._producer = AIOKafkaProducer(
            **self._cluster.options(), acks="all", enable_idempotence=True, linger_ms=0
        )
        self._clients.append(self._producer)
        await within(DEADLINE_S, self._producer.start())
        if mark is None or not await self._resumed(mark):
            self._reader = await self._started_reader(0)

    async def turn(self, wait_s: float) -> int:
        """Publish what came, waiting at most `wait_s` for it; return how many records came."""
        raws = await self._reader.take(wait_s)
        for at in range(0, len(raws), RECORDS_MAX):
            began = time.thread_time()
            news = [one for raw in raws[at : at + RECORDS_MAX] for one in self._accepted(raw)]
            await within(DEADLINE_S, self._publish(news))
            self.published += len(news)
            # Whoever decides shares the interpreter: at most half of it is ever ours.
            await asyncio.sleep(time.thread_time() - began)
        return len(raws)

    async def stop(self) -> None:
        """Let go; a client that hangs, because its broker is gone, is left behind."""
        stops = [asyncio.ensure_future(client.stop()) for client in self._clients]
        if stops:
            await asyncio.wait(stops, timeout=STOP_S)

    async def _resumed(self, mark: Mark) -> bool:
        """Go on after what is published, if the lane still holds what came before it."""
        if mark.offset < 0:
            if mark.hash != self._chain.tip.hash:
                return False
            self._reader = await self._started_reader(0)
        else:
            last = await self._standing_at(mark.offset)
            if last is None or last.hash != mark.hash:
                return False
            self._chain.resume(last)
            self._before = (mark.offset, last.position)
        self.last = mark.seq
        return True

    async def _standing_at(self, offset: int) -> Record | None:
        """Return the record at an offset, and leave the reader behind it; None if none is there.

        Raise TimeoutError where it is there but does not come: a slow broker is no other lane.
        """
        reader = await self._started_reader(offset)
        ends = await within(DEADLINE_S, reader.consumer.end_offsets([reader.where]))
        if ends[reader.where] <= offset:
            return None
        try:
            raws = await reader.take(DEADLINE_S)
        except OffsetOutOfRangeError:
            return None
        if not raws:
            raise TimeoutError
        self._reader = reader
        reader.seek(offset + 1)
        return _record(raws[0])

    def _accepted(self, raw: ConsumerRecord) -> Iterator[Publication]:
        """Yield the public events of the step that this record completes."""
        record = _record(raw)
        self._held[record.hash] = raw
        step = self._chain.feed(record)
        if not step:
            return
        after = after_header(*self._before)
        for one in step:
            if one.kind in self.topic.kinds and one.seq > self.last:
                yield self._publication(one, self._held[one.hash], after)
        self._before = (raw.offset, step[-1].position)
        self._held.clear()

    def _publication(self, record: Record, raw: ConsumerRecord, after: Header) -> Publication:
        made = publication(self.topic, self._lane, record, self._desks)
        traced = [(name, content) for name, content in raw.headers if name == TRACE]
        return replace(made, headers=(*made.headers, *traced, after))

    async def _publish(self, news: Sequence[Publication]) -> None:
        """Send in order; before another partition is written, what was sent must be there.

        So whatever is published, all that came before it is: a restart loses nothing.
        """
        sent: list[asyncio.Future[object]] = []
        partition = -1
        for one in news:
            if one.partition != partition:
                await asyncio.gather(*sent)
                sent, partition = [], one.partition
            sent.append(await self._send(one))
        await asyncio.gather(*sent)
        if news:
            self.last = news[-1].record.seq

    async def _send(self, one: Publication) -> "asyncio.Future[object]":
        sending: asyncio.Future[object] = await self._producer.send(
            self.topic.name,
            one.record.value,
            key=one.key,
            partition=one.partition,
            timestamp_ms=one.record.time_ms,
            headers=list(one.headers),
        )
        return sending

    async def _started_reader(self, place: int) -> Reader:
        reader = Reader(self._cluster, self._lane)
        self._clients.append(reader)
        await within(DEADLINE_S, reader.start(place))
        return reader


def _record(raw: ConsumerRecord) -> Record:
    return envelope.record(raw.headers, raw.value or b"")
