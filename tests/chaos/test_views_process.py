"""`kingmaker service run views` as a person starts it, on a real Kafka and a real PostgreSQL."""

import json
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

import pytest

from kingmaker.contracts.desks import Desk
from kingmaker.contracts.topics import event_lanes
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.copying import copy
from kingmaker.runtime.kafka import topics
from kingmaker.runtime.kafka.cluster import Cluster
from kingmaker.runtime.kafka.log import KafkaLog
from kingmaker.runtime.kafka.topics import Wanted
from kingmaker.runtime.memory_log import MemoryLog
from kingmaker.runtime.views.digest import digests
from kingmaker.runtime.views.follow import Views
from kingmaker.runtime.views.sqlite_store import SqliteStore
from tests.conftest import lonely_broker, lonely_postgres
from tests.histories.record import STORIES, time_of, world_of
from tests.postgres import PostgresServer
from tests.program import PROGRAM
from tests.simulation.world import DESKS, Life

INCARNATION = "00000000000000cc"
PATIENCE_S = 120.0  # for a machine on which others work too; nothing is measured by it
POLL_S = 0.1

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.slow]


@dataclass
class Place:
    """A cluster whose log grows, and the process that folds it."""

    servers: str
    postgres: PostgresServer
    folder: Path
    life: Life
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def config(self) -> Path:
        return self.folder / "cluster.yaml"

    @property
    def lanes(self) -> list[Lane]:
        return event_lanes(len(DESKS))

    def begin(self) -> None:
        settings = {
            "desks": [{"name": desk.name} for desk in DESKS],
            "kafka": {
                "servers": self.servers,
                "replication": 1,
                "min_in_sync": 1,
                "incarnation": INCARNATION,
            },
            "views": {"url": self.postgres.url("rows")},
        }
        self.config.write_text(json.dumps(settings), encoding="utf-8")
        topics.create(Cluster(self.servers), Wanted(len(DESKS), 1, 1))

    def live(self, until_bar: int) -> None:
        """Let all deciders live on, and bring what they wrote to Kafka, hash for hash."""
        self.life.to_the_end(time_of(until_bar))
        log = KafkaLog(Cluster(self.servers), INCARNATION)
        copy(self.life.log, log, self.lanes)
        log.close()

    def start(self) -> subprocess.Popen[bytes]:
        words = [
            "service",
            "run",
            "views",
            "-c",
            str(self.config),
            "--home",
            str(self.folder / "v"),
        ]
        with (self.folder / "views.log").open("wb") as said:
            process = subprocess.Popen([*PROGRAM, *words], stdout=said, stderr=said)  # noqa: S603 - our own program
        self.running.append(process)
        return process

    def db(self, *words: str) -> Any:  # noqa: ANN401 - whatever JSON holds
        command = [*PROGRAM, "db", *words, "-c", str(self.config), "-o", "json"]
        done = subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - as above
        return json.loads(done.stdout)

    def asked(self, path: str) -> tuple[int, dict[str, Any]]:
        """Return what the process that was started last answers; 0 where it does not yet."""
        said = (self.folder / "views.log").read_text(encoding="utf-8").splitlines()
        address = next((line for line in said if "health on" in line), "").rpartition(" ")[2]
        if not address:
            return 0, {}
        try:
            with urllib.request.urlopen(address.replace("/readyz", path)) as answer:  # noqa: S310 - our own process
                return answer.status, json.load(answer)
        except HTTPError as refused:
            return refused.code, json.load(refused)
        except URLError:
            return 0, {}

    def await_that(self, what: str, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not holds():
            told = (self.folder / "views.log").read_text(encoding="utf-8")
            assert self.running[-1].poll() is None, told
            assert time.monotonic() < deadline, f"{what}: {self.asked('/readyz')} {told}"
            time.sleep(POLL_S)

    def await_ready(self) -> None:
        """Wait until every record of the log is folded."""
        ends = {str(lane): len(self.life.log.read(lane, 0)[0]) - 1 for lane in self.lanes}
        ends = {lane: end for lane, end in ends.items() if end >= 0}

        def is_ready() -> bool:
            status, body = self.asked("/readyz")
            return status == 200 and body["lanes"] == ends

        self.await_that("it is ready", is_ready)

    def folded(self) -> dict[str, str]:
        """Return what a file holds of the same log."""
        store = SqliteStore(self.folder / "folded.sqlite")
        store.migrate()
        desks = [Desk(desk.name, desk.index) for desk in DESKS]
        Views(store, self.life.log, desks).catch_up()
        found = dict(digests(store))
        store.close()
        return found


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    life = Life(MemoryLog(incarnation=INCARNATION), world_of(STORIES["every_service"]))
    with lonely_broker(tmp_path / "kafka") as servers, lonely_postgres() as server:
        made = Place(servers, server, tmp_path, life)
        made.begin()
        yield made
        for process in made.running:
            process.kill()
            process.wait()


def test_it_waits_for_a_database_that_is_down_at_start_and_says_what_to_do(place: Place) -> None:
    place.live(10)
    place.postgres.kill()
    process = place.start()

    def tells(text: str) -> None:
        place.await_that(text, lambda: text in place.asked("/readyz")[1].get("reason", ""))

    tells("does not answer")
    assert "See that it runs and that views.url is right" in place.asked("/readyz")[1]["reason"]
    assert [place.asked(path)[0] for path in ("/startupz", "/livez", "/readyz")] == [200, 200, 503]
    place.postgres.start()
    tells('database "rows" does not exist. Make it with `createdb`')
    place.postgres.execute(place.postgres.url(), "CREATE DATABASE rows")
    tells("run `kingmaker db migrate`")
    assert place.db("migrate")["applied"]
    place.await_ready()
    place.live(25)  # a coronation by command among it
    place.await_ready()
    process.kill()
    place.live(40)
    process = place.start()
    place.await_ready()
    assert place.db("status", "--digest")["digests"] == place.folded()
    assert place.db("rebuild")["events"] > 100  # beside the process, which finds out
    place.live(50)
    place.await_ready()
    assert place.db("status", "--digest")["digests"] == place.folded()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=PATIENCE_S) == 0
