"""Steps through the log on Kafka against what aiokafka takes for a record, on one broker."""

import asyncio
import itertools
import time
import uuid
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, field

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from bench import broker, kafka_drain
from bench.figures import Figure, Skipped
from bench.rounds import quantile
from bench.stage import Bench
from kingmaker.contracts import envelope
from kingmaker.kernel.lane import STARTED, Draft, Lane, Pen, Position, Record, frame
from kingmaker.runtime.kafka.cluster import Cluster
from kingmaker.runtime.kafka.log import KafkaLog
from kingmaker.runtime.log import Verdict

MS = 1e3
TOGETHER = 64  # steps in one append, as an engine has them that catches up
TURNS = 20
KM_IN = b'[["km.feed.v1",0,17,17,"' + b"5f" * 32 + b'"]]'
DRAFT = Draft("kingmaker.bench.v1.Happened", bytes(200))
INCARNATION = "bench"

type Timed = Callable[[], float]  # returns its seconds


def measure(bench: Bench) -> Iterator[Figure | Skipped]:
    """Take turns: a step of ours, a bare record, a record in a transaction; then batches."""
    if reason := broker.missing():
        yield Skipped("kafka_log", reason)
        return
    with broker.running(bench.folder / "kafka") as servers:
        yield from _of_steps(servers, bench)
        yield from kafka_drain.measure(servers, bench)


def _of_steps(servers: str, bench: Bench) -> Iterator[Figure]:
    ours, bare = Ours(servers), Bare(servers)
    try:
        count = max(1, bench.size.kafka_steps // TURNS)
        steps, plain, committed = take_turns(count, (ours.step, bare.send, bare.commit))
        (batches,) = take_turns(max(1, bench.size.kafka_batches // TURNS), (ours.steps,))
    finally:
        ours.close()
        bare.close()
    p50, p99 = (MS * quantile(steps, share) for share in (0.5, 0.99))
    yield Figure(
        "step append, sent and read back : bare send_and_wait, p50",
        quantile(steps, 0.5) / quantile(plain, 0.5),
        notes=(
            f"{len(steps)} steps, one at a time: p50 {p50:.2f} ms, p99 {p99:.2f} ms",
            _told("bare send_and_wait of the same record, idempotent", plain),
            _told("the same record in a transaction", committed),
        ),
    )
    yield Figure(
        f"steps/s in batches of {TOGETHER}",
        TOGETHER * len(batches) / sum(batches),
        notes=(f"{TOGETHER * len(batches):,} steps of one record of {len(DRAFT.value)} bytes",),
    )


def _told(what: str, times: Sequence[float]) -> str:
    p50, p99 = (MS * quantile(times, share) for share in (0.5, 0.99))
    return f"{what}: p50 {p50:.2f} ms, p99 {p99:.2f} ms, {len(times) / sum(times):,.0f}/s"


def take_turns(count: int, actions: Sequence[Timed]) -> list[list[float]]:
    """Return the seconds of every call: all actions see the same minutes of the machine."""
    times: list[list[float]] = [[] for _ in actions]
    for _ in range(TURNS):
        for action, into in zip(actions, times, strict=True):
            action()  # what the turn before left behind is not its fault
            for _ in range(count):
                into.append(action())
    return times


@dataclass
class Ours:
    """A writer of the product on a lane of its own."""

    servers: str
    draft: Draft = DRAFT
    lane: Lane = field(init=False)
    tip: Position = field(init=False)

    def __post_init__(self) -> None:
        """Take the lane over."""
        self.lane = Lane(new_topic(self.servers))
        self.log = KafkaLog(Cluster(self.servers), INCARNATION)
        self.tip = self.lane.genesis(INCARNATION)
        self._append(self._framed(Draft(STARTED, b"{}")))

    def step(self) -> float:
        """Append one step of one record."""
        return self._append(self._framed(self.draft))

    def steps(self) -> float:
        """Append many steps at once."""
        framed = [self._framed(self.draft) for _ in range(TOGETHER)]
        return self._append(list(itertools.chain.from_iterable(framed)))

    def close(self) -> None:
        """Let go."""
        self.log.close()

    def _framed(self, draft: Draft) -> tuple[Record, ...]:
        records = frame(self.tip, Pen(1, "bench", 1_763_717_400_123), [draft], KM_IN)
        self.tip = records[-1].position
        return records

    def _append(self, records: Sequence[Record]) -> float:
        began = time.perf_counter()
        verdict = self.log.append(self.lane, records)
        seconds = time.perf_counter() - began
        assert verdict is Verdict.ACCEPTED, verdict
        return seconds


class Bare:
    """aiokafka's own producers: one plain and idempotent, one transactional."""

    def __init__(self, servers: str) -> None:
        """Connect both."""
        self._loop = asyncio.new_event_loop()
        self._topic = new_topic(servers)
        lane = Lane(self._topic)
        (record,) = frame(lane.genesis(INCARNATION), Pen(1, "bench"), [DRAFT], KM_IN)
        self._headers = envelope.headers(lane, record)
        self._plain, self._transactional = self._loop.run_until_complete(self._started(servers))

    def send(self) -> float:
        """Send one record, await its acknowledgement."""
        return self._timed(self._send(self._plain))

    def commit(self) -> float:
        """Send one record in a transaction of its own."""
        return self._timed(self._commit())

    def close(self) -> None:
        """Let go."""
        for producer in (self._plain, self._transactional):
            self._loop.run_until_complete(producer.stop())
        self._loop.close()

    def _timed(self, call: Coroutine[None, None, None]) -> float:
        began = time.perf_counter()
        self._loop.run_until_complete(call)
        return time.perf_counter() - began

    async def _started(self, servers: str) -> tuple[AIOKafkaProducer, AIOKafkaProducer]:
        plain = AIOKafkaProducer(bootstrap_servers=servers, acks="all", enable_idempotence=True)
        transactional = AIOKafkaProducer(bootstrap_servers=servers, transactional_id=self._topic)
        await plain.start()
        await transactional.start()
        return plain, transactional

    async def _send(self, producer: AIOKafkaProducer) -> None:
        await producer.send_and_wait(self._topic, DRAFT.value, partition=0, headers=self._headers)

    async def _commit(self) -> None:
        async with self._transactional.transaction():
            await self._send(self._transactional)


def new_topic(servers: str) -> str:
    """Make a topic of one partition; return its name."""
    name = f"km.bench-{uuid.uuid4()}.v1"

    async def create() -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=servers)
        await admin.start()
        await admin.create_topics([NewTopic(name, num_partitions=1, replication_factor=1)])
        await admin.close()

    asyncio.run(create())
    return name
