"""What republishing costs whoever decides, and how quickly it catches up, on one broker."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from bench import broker, kafka_log
from bench.figures import Figure, Skipped
from bench.kafka_log import INCARNATION, MS, TOGETHER, Ours
from bench.rounds import quantile
from bench.stage import Bench
from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.public import PublicTopic, public_topics_of
from kingmaker.kernel.lane import Draft
from kingmaker.runtime.kafka.cluster import Cluster
from kingmaker.runtime.kafka.republishing import Republisher
from kingmaker.runtime.live.health import Health
from kingmaker.runtime.live.publishing import Publishing

DESKS = (Desk("bench", 0),)
WAIT_S = 2.0
TRADES = public_topics_of("trader")[0]
OPENED = message_class("kingmaker.trader.v1", "PositionOpened")(
    position="bench/BTCUSDT/1490346000000", symbol="BTCUSDT", time_ms=1_490_346_000_000,
    direction=1, size=2, entry=1036.5, stop=1020.1, target=1060.9, strategy="S2", lineup="ab" * 32,
)  # fmt: skip
DRAFT = Draft("kingmaker.trader.v1.PositionOpened", OPENED.SerializeToString())


def measure(bench: Bench) -> Iterator[Figure | Skipped]:
    """Take turns: steps of a lane that is republished in this process, and of one that is not."""
    if reason := broker.missing():
        yield Skipped("kafka_public", reason)
        return
    with broker.running(bench.folder / "kafka") as servers:
        topic = replace(TRADES, name=kafka_log.new_topic(servers))
        followed, alone = Ours(servers, DRAFT), Ours(servers, DRAFT)
        republisher = partial(
            Republisher, Cluster(servers), topic, followed.lane, INCARNATION, DESKS
        )
        try:
            with Publishing([republisher], Health()):
                yield from _beside(followed, alone, bench)
            yield _catching_up(servers, followed, bench)
        finally:
            followed.close()
            alone.close()


def _beside(followed: Ours, alone: Ours, bench: Bench) -> Iterator[Figure]:
    """Compare a step, and a batch of steps, with those that nobody republishes."""
    for what, count, actions in (
        ("a step", bench.size.kafka_steps, (followed.step, alone.step)),
        (f"{TOGETHER} steps", bench.size.kafka_batches, (followed.steps, alone.steps)),
    ):
        with_it, without = kafka_log.take_turns(max(1, count // kafka_log.TURNS), actions)
        yield Figure(
            f"{what}, republished beside it : nobody republishes, p50",
            quantile(with_it, 0.5) / quantile(without, 0.5),
            notes=(_told("republished", with_it), _told("alone", without)),
        )


def _told(what: str, times: Sequence[float]) -> str:
    p50, p99 = (MS * quantile(times, share) for share in (0.5, 0.99))
    return f"{what}: p50 {p50:.2f} ms, p99 {p99:.2f} ms of {len(times):,}"


def _catching_up(servers: str, followed: Ours, bench: Bench) -> Figure:
    """Republish a whole lane into an empty topic."""
    for _ in range(bench.size.kafka_batches):
        followed.steps()
    topic = replace(TRADES, name=kafka_log.new_topic(servers))
    events, seconds = asyncio.run(_published(servers, topic, followed))
    return Figure(
        "events/s republished, catching up",
        events / seconds,
        notes=(f"{events:,} events in {seconds:.1f} s, at most half of the interpreter",),
    )


async def _published(servers: str, topic: PublicTopic, followed: Ours) -> tuple[int, float]:
    made = Republisher(Cluster(servers), topic, followed.lane, INCARNATION, DESKS)
    await made.start()
    began = last = time.perf_counter()
    while await made.turn(WAIT_S):
        last = time.perf_counter()
    await made.stop()
    return made.published, last - began
