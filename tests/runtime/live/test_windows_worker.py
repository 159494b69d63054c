"""The worker on a real broker: the laptop's numbers, though it is killed amid them."""

import asyncio
import json
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiokafka import AIOKafkaProducer

from kingmaker.contracts.desks import Desk
from kingmaker.contracts.envelope import statement_headers
from kingmaker.contracts.public import public_topics_of
from kingmaker.contracts.publication import Publication, publication
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.cli import smoke
from kingmaker.runtime.cli.opening import remember_desks
from kingmaker.runtime.history import decided
from kingmaker.runtime.home import Home
from kingmaker.runtime.kafka import topics
from kingmaker.runtime.kafka.cluster import Cluster
from kingmaker.runtime.kafka.topics import Wanted
from kingmaker.runtime.settings import DeskSettings
from kingmaker.runtime.sqlite_log import SqliteLog
from tests.analytics import days
from tests.conftest import lonely_broker
from tests.program import PROGRAM
from tests.runtime.test_kafka_rights import granted as granted_rights

KILLS, SEED = 3, 5
REPEATED = 3  # every so manieth event is sent again, later
PATIENCE_S = 180.0

pytestmark = [pytest.mark.kafka, pytest.mark.slow]
granted = granted_rights  # a broker with the printed rights, and everybody's credentials


@dataclass
class Both:
    """One history: in a home, and on its way to a broker."""

    servers: str
    home: Home
    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "cluster.yaml"

    def worker(self) -> "subprocess.Popen[bytes]":
        with (self.folder / "worker.log").open("ab") as said:
            words = ["analytics", "run", "-c", str(self.config)]
            return subprocess.Popen([*PROGRAM, *words], stdout=said, stderr=said)  # noqa: S603 - our own program

    def shown(self, *words: str) -> list[dict[str, Any]]:
        """Return the rows of `analytics show`, sorted."""
        command = [*PROGRAM, "analytics", "show", *words, "-o", "json"]
        done = subprocess.run(command, capture_output=True, check=True, cwd=self.folder)  # noqa: S603 - our own program
        rows: list[dict[str, Any]] = json.loads(done.stdout)
        return sorted(rows, key=json.dumps)

    @property
    def of_topic(self) -> list[dict[str, Any]]:
        return self.shown("-c", str(self.config))

    @property
    def has_rows(self) -> bool:
        """Whether a look found any; one that a busy broker refused found none yet."""
        try:
            return bool(self.of_topic)
        except subprocess.CalledProcessError:
            return False

    @property
    def of_home(self) -> list[dict[str, Any]]:
        return self.shown("--home", str(self.home.path))


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Both]:
    home = Home(tmp_path / "home")
    smoke.play(home, smoke.Seen())
    remember_desks(home, [desk.model_dump(exclude_none=True) for desk in smoke.DESKS])
    with lonely_broker(tmp_path / "kafka") as servers:
        found = Both(servers, home, tmp_path)
        found.config.write_text(settings(servers, smoke.DESKS))
        topics.create(Cluster(servers), Wanted(len(smoke.DESKS), 1, 1))
        yield found


def settings(servers: str, desks: tuple[DeskSettings, ...]) -> str:
    listed = [desk.model_dump(mode="json", exclude_none=True) for desk in desks]
    kafka = {"servers": servers, "replication": 1, "min_in_sync": 1}
    return yaml.safe_dump({"desks": listed, "kafka": kafka})


def test_killed_again_and_again_it_says_what_the_laptop_says(both: Both) -> None:
    sending = threading.Thread(target=partial(send_all, both))
    moments = random.Random(SEED)  # noqa: S311 - moments, not secrets
    worker = both.worker()
    sending.start()
    for _ in range(KILLS):
        time.sleep(moments.uniform(2.0, 6.0))
        worker.kill()
        assert worker.wait() == -signal.SIGKILL
        worker = both.worker()
    sending.join()
    of_home = both.of_home
    assert {row["role"] for row in of_home} >= {"champion", "dethroned"}
    try:
        await_that(lambda: both.of_topic == of_home, (both.folder / "worker.log"))
    finally:
        worker.terminate()
    assert worker.wait(timeout=60) == 0


def send_all(both: Both) -> None:
    """Send what a republisher would, slowly, some of it twice: a repeat comes after others."""
    desks = [Desk(desk.name, at) for at, desk in enumerate(smoke.DESKS)]
    log = SqliteLog(both.home.log, both.home.incarnation(), read_only=True)
    events = [
        (topic.name, publication(topic, lane, record, desks))
        for topic in public_topics_of("trader")
        for lane in (Lane("km.trader.v1", desk.index) for desk in desks)
        for record in decided(log, lane)
        if record.kind in topic.kinds
    ]
    log.close()
    asyncio.run(send(both.servers, [*events, *events[::REPEATED]]))


async def send(servers: str, events: list[tuple[str, Publication]]) -> None:
    pause_s = 20.0 / len(events)
    async with AIOKafkaProducer(bootstrap_servers=servers) as producer:
        for topic, one in events:
            await producer.send_and_wait(
                topic, one.record.value, key=one.key, partition=one.partition,
                headers=list(one.headers),
            )  # fmt: skip
            await asyncio.sleep(pause_s)


def test_a_topic_that_is_missing_is_named_with_its_remedy(tmp_path: Path) -> None:
    with lonely_broker(tmp_path / "kafka") as servers:
        config = tmp_path / "cluster.yaml"
        config.write_text(settings(servers, smoke.DESKS))
        command = [*PROGRAM, "analytics", "run", "-c", str(config)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    assert done.returncode == 1
    assert "km.statistics.v1: is missing. Create it: kingmaker topics init" in done.stderr


def test_it_needs_no_right_but_those_that_are_printed(
    granted: Mapping[str, Cluster], tmp_path: Path
) -> None:
    windows = granted["windows"]
    desks = (DeskSettings(name="one"),)
    said = yaml.safe_load(settings(windows.servers, desks))
    said["kafka"] |= {"user": "windows", "password_file": str(windows.password_file)}
    config = tmp_path / "cluster.yaml"
    config.write_text(yaml.safe_dump(said))
    asyncio.run(publish(granted["trader"], list(days.lane())))
    both = Both(windows.servers, Home(tmp_path / "nothing"), tmp_path)
    worker = both.worker()
    try:
        await_that(lambda: both.has_rows, tmp_path / "worker.log")
    finally:
        worker.terminate()
    assert worker.wait(timeout=60) == 0
    assert {row["slot"] for row in both.of_topic} == {days.SLOT, days.OTHER}


async def publish(trader: Cluster, events: list[days.Event]) -> None:
    async with AIOKafkaProducer(**trader.options()) as producer:
        for event in events:
            headers = statement_headers(
                f"km.trader.v1/0/{event.seq}", "/km.trader.v1/0", event.kind, event.time_ms
            )
            await producer.send_and_wait(
                "km.decisions.v1", event.value, partition=0, headers=headers
            )


def await_that(holds: Callable[[], bool], said: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, said.read_text()[-2000:]
        time.sleep(0.5)
