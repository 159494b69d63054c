"""Three brokers, every record on each: the leader is killed while crowns change hands."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from kingmaker.kernel.lane import Lane
from kingmaker.runtime.kafka.log import LogUnreachableError
from kingmaker.runtime.log import Tail
from tests.chaos.cluster import ClusterHome
from tests.chaos.orders import NINE, SLOT, crown_a_challenger, ready, rollback, watched
from tests.conftest import kafka, three_brokers

PROMOTION = Lane("km.promotion.v1")
PROMOTIONS, KILL_AT = 1_000, 300
RESUME_S_MAX = 30.0  # item 1 of the acceptance list: a promise of the product
WITNESS_POLL_S = 0.02
BARS = 300

pytestmark = [pytest.mark.kafka, pytest.mark.cluster, pytest.mark.slow]


class Witness(threading.Thread):
    """Reads promotion's lane all the time, and remembers what it was told counts."""

    def __init__(self, home: ClusterHome) -> None:
        super().__init__(daemon=True)
        self.seen: dict[int, str] = {}
        self.done = threading.Event()
        self._home = home

    def run(self) -> None:
        while not self.done.is_set():
            try:
                self._follow()
            except LogUnreachableError:
                continue  # as any process: begin again

    def _follow(self) -> None:
        log = self._home.log()
        try:
            tail = Tail(log, PROMOTION)
            while not self.done.is_set():
                for record in tail.poll():
                    assert self.seen.setdefault(record.seq, record.hash) == record.hash
                time.sleep(WITNESS_POLL_S)
        finally:
            log.close()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[ClusterHome]:
    with three_brokers(tmp_path / "kafka") as servers:
        opened = ClusterHome(servers, tmp_path / "cluster", bars=BARS, replication=3)
        yield opened
        opened.close()


def test_the_leader_is_killed_during_a_thousand_promotions_and_each_counts_once(
    home: ClusterHome, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    home.start_all()
    home.await_settled()
    crown_a_challenger(home)
    now_ms = home.records("promotion")[-1].time_ms
    commands = [rollback(home, number, now_ms) for number in range(1, PROMOTIONS)]
    witness = Witness(home)
    witness.start()
    sender = threading.Thread(target=home.send, args=("promotion", commands))
    sender.start()
    home.await_that("some changed hands", lambda: rollbacks(home) >= KILL_AT)
    home.await_that("they were witnessed", lambda: len(witness.seen) >= KILL_AT)
    leader = asyncio.run(leader_of(home.servers, PROMOTION))
    kafka("kill", str(tmp_path / "kafka" / str(leader)))
    killed_at, before = time.monotonic(), rollbacks(home)
    assert before < PROMOTIONS - 1, "the leader died too late to matter"
    home.await_that("crowns change hands again", lambda: rollbacks(home) > before)
    resumed_s = time.monotonic() - killed_at
    home.await_that("all changed hands", lambda: rollbacks(home) == PROMOTIONS - 1)
    sender.join()
    kafka("start", str(tmp_path / "kafka" / str(leader)))
    home.await_settled()
    witness.done.set()
    witness.join()
    crowns = watched(home)
    record_property("seconds until promotions went on", round(resumed_s, 1))
    taken = Counter(said.command_id for said in home.said("promotion", "CommandTaken"))
    assert set(taken.values()) == {1}
    assert {f"back-{number}" for number in range(1, PROMOTIONS)} < set(taken)
    assert [how for how, _, _ in crowns.coronations].count("rollback") == PROMOTIONS - 1
    assert crowns.desks[0].thrones[SLOT].reign == 1 + PROMOTIONS
    held = {record.seq: record.hash for record in home.records("promotion")}
    assert witness.seen.items() <= held.items(), "what was once accepted is gone"
    assert resumed_s <= RESUME_S_MAX
    for name in home.running:
        home.await_that(f"{name} is ready", partial(ready, home, name))
    assert home.stop() == [0] * len(home.running)
    assert len(home.said("trader", "ChampionActivated")) >= NINE + 1


def rollbacks(home: ClusterHome) -> int:
    """Count the crowns that went back."""
    return len(home.said("promotion", "ChampionRolledBack"))


async def leader_of(servers: str, lane: Lane) -> int:
    """Return the number of the broker that leads a lane."""
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    [topic] = await admin.describe_topics([lane.topic])
    await admin.close()
    return int(next(p["leader"] for p in topic["partitions"] if p["partition"] == lane.index))
