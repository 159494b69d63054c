"""What the topic of statistics holds: the last value of each key."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from kingmaker.analytics.domain import MEASURED, WindowMeasured
from kingmaker.contracts.topics import STATISTICS_TOPIC
from kingmaker.runtime.kafka.calls import Calls
from kingmaker.runtime.kafka.cluster import Cluster
from kingmaker.runtime.kafka.topics import TopicsError

DEADLINE_S = 60.0
STOP_S = 2.0
QUIET_MS = 2_000  # compaction may have taken what stood last
KIND = MEASURED.kinds[0]

type Ends = Mapping[tuple[str, int], int]


def standing(cluster: Cluster, desks: int) -> dict[bytes, bytes]:
    """Return the values by key. Raise TopicsError where the topic is missing."""

    async def read(consumer: AIOKafkaConsumer) -> dict[bytes, bytes]:
        wanted = await _partitions(consumer, (STATISTICS_TOPIC,), desks)
        ends = await consumer.end_offsets(wanted)
        consumer.assign(wanted)
        await consumer.seek_to_beginning(*wanted)
        found: dict[bytes, bytes | None] = {}
        while any([await consumer.position(where) < ends[where] for where in wanted]):
            taken = await consumer.getmany(timeout_ms=QUIET_MS)
            if not taken:
                break
            for raw in (raw for raws in taken.values() for raw in raws):
                found[raw.key or b""] = raw.value
        return {key: value for key, value in found.items() if value is not None}

    return _asked(cluster, read)


def measured_rows(cluster: Cluster, desks: int) -> list[WindowMeasured]:
    """Return what was last said of every window, sorted by desk, window and slot."""
    found = [MEASURED.decode(KIND, value) for value in standing(cluster, desks).values()]
    rows = [row for row in found if row is not None]
    return sorted(rows, key=lambda r: (r.desk, r.window_ms, r.slot, r.role, r.model))


def ends_of(cluster: Cluster, topics: Sequence[str], desks: int) -> Ends:
    """Return where public topics end; 0 where nothing stands, be it that it was forgotten."""

    async def ask(consumer: AIOKafkaConsumer) -> Ends:
        wanted = await _partitions(consumer, topics, desks)
        begins = await consumer.beginning_offsets(wanted)
        ends = await consumer.end_offsets(wanted)
        return {
            (where.topic, where.partition): ends[where] if begins[where] < ends[where] else 0
            for where in wanted
        }

    return _asked(cluster, ask)


async def _partitions(
    consumer: AIOKafkaConsumer, topics: Sequence[str], desks: int
) -> list[TopicPartition]:
    there = await consumer.topics()
    for topic in topics:
        if topic not in there:
            raise TopicsError(f"{topic}: is missing. Create it: kingmaker topics init")
    return [TopicPartition(topic, index) for topic in topics for index in range(desks)]


def _asked[T](cluster: Cluster, question: Callable[[AIOKafkaConsumer], Awaitable[T]]) -> T:
    calls, clients = Calls(), list[AIOKafkaConsumer]()

    async def asked() -> T:
        consumer = AIOKafkaConsumer(
            **cluster.options(), enable_auto_commit=False, auto_offset_reset="none"
        )
        clients.append(consumer)
        await consumer.start()
        return await question(consumer)

    try:
        return calls.run(asked(), DEADLINE_S)
    except (KafkaError, TimeoutError) as error:
        why = str(error) or type(error).__name__
        raise TopicsError(
            f"Kafka at {cluster.servers} does not answer as it should: {why}. See that its brokers"
            f" run and that user, password and certificates are right."
        ) from error
    finally:
        calls.close([client.stop() for client in clients], STOP_S)
