"""Where a public topic ends: the last event republished from a lane, and where to go on reading.

It is read back from the topic itself, so that nothing else has to be believed or kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from kingmaker.contracts.envelope import Header
from kingmaker.contracts.public import PublicTopic
from kingmaker.kernel.lane import Lane, Position
from kingmaker.runtime.kafka.cluster import Cluster

AFTER = "km_after"  # the accepted step before the event's own: OFFSET/HASH of its last record
LOOKED_AT = 64  # records at the end of a partition; nobody but the owner writes there
TAKE_MS = 5_000


class TopicMissingError(Exception):
    """The public topic is not there: nothing is republished, and everything else goes on."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An event that was published. Whatever its lane said before it was published before it."""

    seq: int
    offset: int  # of the last record of the accepted step before its own; -1: there is none
    hash: str  # of that record


def after_header(offset: int, tip: Position) -> Header:
    """Return the header that says which record the step of an event extends."""
    return AFTER, f"{offset}/{tip.hash}".encode()


async def last_published(
    cluster: Cluster, topic: PublicTopic, lane: Lane, desks: int
) -> Mark | None:
    """Return the last event of `lane` in a public topic; None if there is none.

    Raise TopicMissingError. A service of all desks publishes in the order of its lane whatever
    the partition, so the highest number is the last one.
    """
    consumer = AIOKafkaConsumer(
        **cluster.options(), enable_auto_commit=False, auto_offset_reset="none"
    )
    await consumer.start()
    try:
        if topic.name not in await consumer.topics():
            raise TopicMissingError(f"{topic.name}: is missing. Create it: kingmaker topics init")
        indices = (lane.index,) if topic.per_desk else range(desks)
        wanted = [TopicPartition(topic.name, index) for index in indices]
        ends = await consumer.end_offsets(wanted)
        begins = await consumer.beginning_offsets(wanted)
        found: list[Mark] = []
        for where in wanted:
            if begins[where] < ends[where]:
                place = max(begins[where], ends[where] - LOOKED_AT)
                found += _marks(await _read(consumer, where, place, ends[where]), lane)
        return max(found, key=lambda mark: mark.seq, default=None)
    finally:
        await consumer.stop()


async def _read(
    consumer: AIOKafkaConsumer, where: TopicPartition, place: int, end: int
) -> list[ConsumerRecord]:
    consumer.assign([where])
    consumer.seek(where, place)
    found: list[ConsumerRecord] = []
    while await consumer.position(where) < end:
        taken = await consumer.getmany(where, timeout_ms=TAKE_MS)
        found += taken.get(where, [])
    return found


def _marks(raws: Sequence[ConsumerRecord], lane: Lane) -> list[Mark]:
    """Return those of our lane; whatever else stands there is passed over."""
    found: list[Mark] = []
    for raw in raws:
        named = dict(raw.headers)
        source, _, seq = named.get("ce_id", b"").decode(errors="replace").rpartition("/")
        offset, _, digest = named.get(AFTER, b"").decode(errors="replace").partition("/")
        if source == str(lane) and seq.isdigit() and offset.lstrip("-").isdigit():
            found.append(Mark(int(seq), int(offset), digest))
    return found
