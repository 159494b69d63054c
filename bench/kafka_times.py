"""On Kafka: crown to ChampionActivated, bar to decision, and an order to a freeze by a dead trader.

Every service is a process of its own. One bare consumer sees all lanes and stamps what arrives: the
clock is one, and what it takes to see a record is nearly the same at both ends. Bars go on being
played while crowns change hands.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from bench import broker, cluster
from bench.figures import Figure, Goal, Skipped
from bench.rounds import quantile
from bench.stage import Bench, Size
from kingmaker.contracts.codec import message_class
from kingmaker.contracts.signing import seal
from kingmaker.contracts.topics import command_topic, event_topic
from kingmaker.kernel.lane import Draft
from kingmaker.runtime import keyring
from kingmaker.runtime.cli import smoke
from kingmaker.runtime.home import Home
from kingmaker.runtime.models.shipped import shipped
from kingmaker.runtime.models.store import ArtifactStore
from tests.chaos.cluster import DESK, PATIENCE_S, ClusterHome

MS = 1e3
BARS = 40_000
BARS_A_SECOND = 20.0
AHEAD_MS = 300 * 86_400_000  # a command is good for a day, and here a day is over in a second
CROWN_EVERY_S = 0.1  # of rest between two crowns: nobody crowns without a pause
LOOK_MS = 5
SLOT = f"online_learning@{DESK}"
WATCHED = ("feed", "trader", "promotion")
CROWNS = ("ChampionCrowned", "ChampionRolledBack")


def measure(bench: Bench) -> Iterator[Figure | Skipped]:
    """Let crowns change hands on a desk that trades; tell how long the others take to follow."""
    if reason := broker.missing():
        yield Skipped("kafka_times", reason)
        return
    if not bench.size.kafka_crowns:
        yield Skipped("kafka_times", "a size with `kafka_crowns` above 0")
        return
    with cluster.playing(bench.folder / "times", BARS, BARS_A_SECOND) as home:
        model, warm_ms = _challenge(home)
        seen = asyncio.run(_watch(home, model, Seen(warm_ms), bench.size))
    yield _told("crown record to ChampionActivated, p99", list(seen.followed.values()), Goal(50.0))
    yield _told("bar to decision, p99", seen.decided)
    yield _told("order to Frozen while the trader is dead, p99", seen.froze, Goal(1000.0))


@dataclass
class Seen:
    """What the observer saw so far: seconds of its clock at which records arrived."""

    now_ms: int  # of the market
    bars: dict[tuple[str, int], float] = field(default_factory=dict)  # by symbol and close
    crowns: dict[int, float] = field(default_factory=dict)  # by reign
    followed: dict[int, float] = field(default_factory=dict)  # seconds, by reign
    decided: list[float] = field(default_factory=list)
    froze: list[float] = field(default_factory=list)
    said: Counter[str] = field(default_factory=Counter)  # events of promotion, by kind

    def take(self, kind: str, value: bytes, now: float) -> None:
        """Learn one record; a bar of the past, and whoever reigned before, are nobody's end."""
        package, _, name = kind.rpartition(".")
        self.said[name] += 1
        if name == "BarClosed":
            bar = _read(package, name, value)
            self.now_ms = bar.open_ms + bar.interval_ms
            self.bars[bar.symbol, self.now_ms] = now
        elif name == "OpportunityDecided":
            decided = _read(package, name, value)
            began = self.bars.get((decided.symbol, decided.time_ms))
            if began is not None:
                self.decided.append(now - began)
        elif name in CROWNS:
            self.crowns[_read(package, name, value).reign] = now
        elif name == "ChampionActivated":
            reign = _read(package, name, value).reign
            if reign in self.crowns:
                self.followed[reign] = now - self.crowns[reign]
        elif name == "CommandRefused":
            raise RuntimeError(f"a command was refused: {_read(package, name, value).reason}")


def _challenge(home: ClusterHome) -> tuple[str, int]:
    """Offer a challenger that decides as the champion does; return it, and when it was warm."""
    bundle = smoke._variant(shipped()["online_learning"])  # noqa: SLF001 - other bytes, the same model
    digest = ArtifactStore(home.folder / "artifacts").put(bundle)
    now_ms = home.records("promotion")[-1].time_ms
    home.command(
        "registry", "OfferModel", command_id="offer", slot=SLOT, digest=digest,
        size_bytes=len(bundle.model), origin="converted", actor="bench", reason="to measure it",
        time_ms=now_ms,
    )  # fmt: skip

    home.await_that("promotion knows it", lambda: bool(home.said("promotion", "TrialStarted")))
    warmed = home.said("trader", "ChallengerWarmed")
    return next((one.model, one.time_ms) for one in warmed if one.digest == digest)


async def _watch(home: ClusterHome, model: str, seen: Seen, size: Size) -> Seen:
    """Crown the challenger, then take the crown back and forth; return what was seen."""
    async with _observer(home.servers) as observer, _producer(home.servers) as producer:
        for number in range(size.kafka_crowns):
            about = {"command_id": f"crown-{number}", "slot": SLOT}
            name, fields = (
                ("Rollback", about) if number else ("DirectPromotion", about | {"model": model})
            )
            await _order(home, producer, _command(name, seen.now_ms, fields))
            await _until(observer, seen, lambda: len(seen.followed) > number)  # noqa: B023 - awaited here
            await _rest(observer, seen)
        await _until(observer, seen, lambda: len(seen.decided) >= size.kafka_decisions)
        home.leave_dead("trader")  # wherever it is in its steps
        for number in range(size.kafka_freezes):
            await _freeze(home, producer, observer, seen, number)
    return seen


async def _freeze(
    home: ClusterHome,
    producer: AIOKafkaProducer,
    observer: AIOKafkaConsumer,
    seen: Seen,
    number: int,
) -> None:
    """Freeze the desk, and note how long that took; thaw it."""
    for name, event in (("Freeze", "Frozen"), ("Thaw", "Thawed")):
        before, began = seen.said[event], time.perf_counter()
        about = {"command_id": f"{name}-{number}", "scope": "desk"}
        await _order(home, producer, _command(name, seen.now_ms, about))
        await _until(observer, seen, lambda: seen.said[event] > before)  # noqa: B023 - awaited here
        if name == "Freeze":
            seen.froze.append(time.perf_counter() - began)


async def _order(home: ClusterHome, producer: AIOKafkaProducer, command: Draft) -> None:
    """Sign and send a command to promotion."""
    own = keyring.read_key(keyring.own_file(Home(home.folder / "promotion")))
    signed = seal(own, command)
    headers = [("ce_type", signed.kind.encode())]
    topic = command_topic("promotion")
    await producer.send_and_wait(topic, signed.value, partition=0, headers=headers)


@asynccontextmanager
async def _observer(servers: str) -> AsyncIterator[AIOKafkaConsumer]:
    """Yield a consumer at the end of every lane that matters."""
    lanes = [TopicPartition(event_topic(name), 0) for name in WATCHED]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=servers,
        enable_auto_commit=False,
        auto_offset_reset="none",
    )
    await consumer.start()
    consumer.assign(lanes)
    await consumer.seek_to_end(*lanes)
    try:
        yield consumer
    finally:
        await consumer.stop()


@asynccontextmanager
async def _producer(servers: str) -> AsyncIterator[AIOKafkaProducer]:
    async with AIOKafkaProducer(bootstrap_servers=servers, acks="all") as producer:
        yield producer


async def _until(observer: AIOKafkaConsumer, seen: Seen, enough: Callable[[], bool]) -> None:
    """Look until enough was seen."""
    until = time.monotonic() + PATIENCE_S
    while not enough():
        assert time.monotonic() < until, f"nothing new within {PATIENCE_S} s"
        await _look(observer, seen)


async def _rest(observer: AIOKafkaConsumer, seen: Seen) -> None:
    until = time.monotonic() + CROWN_EVERY_S
    while time.monotonic() < until:
        await _look(observer, seen)


async def _look(observer: AIOKafkaConsumer, seen: Seen) -> None:
    """Stamp what is there now; what came in one answer was seen at one time."""
    found = await observer.getmany(timeout_ms=LOOK_MS)
    now = time.perf_counter()
    for records in found.values():
        for record in records:
            kind = dict(record.headers)["ce_type"].decode()
            if kind.startswith("kingmaker."):
                seen.take(kind, record.value, now)


def _command(name: str, now_ms: int, fields: Mapping[str, str]) -> Draft:
    package = "kingmaker.promotion.v1"
    about = {"actor": "bench", "reason": "to measure it", "issued_at_ms": now_ms + AHEAD_MS}
    message = message_class(package, name)(**about, **fields)
    return Draft(f"{package}.{name}", message.SerializeToString())


def _read(package: str, name: str, value: bytes) -> Any:  # noqa: ANN401 - a message of any kind
    return message_class(package, name).FromString(value)


def _told(what: str, times: list[float], goal: Goal | None = None) -> Figure:
    p50, p99 = (MS * quantile(times, share) for share in (0.5, 0.99))
    note = f"p50 {p50:.1f} ms, longest {MS * max(times):.1f} ms, of {len(times)}"
    return Figure(what, p99, "ms", goal, (note, "both records seen by one consumer"))
