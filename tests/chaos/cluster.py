"""A cluster home in one test: a real broker, a process a service, and a supervisor."""

import asyncio
import gzip
import itertools
import json
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import COMPONENTS, Desk
from kingmaker.contracts.signing import seal
from kingmaker.contracts.topics import command_topic
from kingmaker.kernel import consumption
from kingmaker.kernel.host import PROCESS_KINDS
from kingmaker.kernel.lane import Draft, Lane, Record
from kingmaker.kernel.service import Run
from kingmaker.runtime import keyring
from kingmaker.runtime.home import Home
from kingmaker.runtime.kafka import topics
from kingmaker.runtime.kafka.cluster import Cluster
from kingmaker.runtime.kafka.log import KafkaLog, LogUnreachableError
from kingmaker.runtime.kafka.topics import Wanted
from kingmaker.runtime.log import Tail
from kingmaker.runtime.services import ORDER, build_services
from tests.program import PROGRAM, SAMPLE

BARS = "BTCUSDT_1h_2017_2024.csv.gz"
DESK = "btc-1h"
INCARNATION = "00000000000000aa"
# A training and a trial within a few hundred bars; empty: as the demo has it.
QUICKLY = {
    "min_trades": 100,
    "min_new_trades": 50,
    "admission_gain_se": 0.0,
    "admission_min_acts": 1,
}
POLL_S = 0.2
PATIENCE_S = 300.0  # for a machine on which others work too; nothing is measured by it


@dataclass
class ClusterHome:
    """Everything of one desk on one broker, in a folder of the test."""

    servers: str
    folder: Path
    bars: int
    desks: tuple[Desk, ...] = (Desk(DESK, 0),)
    replication: int = 1
    incarnation: str = INCARNATION
    learning: Mapping[str, object] = field(default_factory=lambda: QUICKLY)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    ended: dict[str, list[int]] = field(default_factory=dict)  # exit codes, by service
    _kept: dict[str, float] = field(default_factory=dict)  # started again, at which pace
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _closing: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Make the topics and the settings; start nothing yet."""
        self.folder.mkdir(parents=True)
        with gzip.open(SAMPLE / BARS, "rt", encoding="utf-8") as source:
            rows = list(itertools.islice(source, self.bars + 1))
        with gzip.open(self.folder / BARS, "wt", encoding="utf-8") as target:
            target.writelines(rows)
        self.config.write_text(json.dumps(self._settings()))
        topics.create(self.cluster, self.wanted)
        threading.Thread(target=self._supervise, daemon=True).start()

    @property
    def cluster(self) -> Cluster:
        return Cluster(self.servers)

    @property
    def wanted(self) -> Wanted:
        """What the topics are like: of three replicas two are in sync at every append."""
        return Wanted(len(self.desks), self.replication, max(1, self.replication - 1))

    @property
    def config(self) -> Path:
        return self.folder / "cluster.yaml"

    def start(self, *names: str, bars_a_second: float = 0.0) -> None:
        """Start services, and start them again whenever they end."""
        with self._lock:
            for name in names or ORDER:
                self._kept[name] = bars_a_second
                self.running[name] = self.spawn(name, name, bars_a_second)

    def spawn(self, name: str, home: str, bars_a_second: float = 0.0) -> subprocess.Popen[bytes]:
        """Start one process in a folder of its own; nobody restarts it."""
        words = ["service", "run", name, "-c", str(self.config), "--home", str(self.folder / home)]
        command = [*PROGRAM, *words, "--bars-a-second", str(bars_a_second)]
        with (self.folder / f"{home}.log").open("ab") as said:
            return subprocess.Popen(command, stdout=said, stderr=said)  # noqa: S603 - our own program

    def start_all(self, bars_a_second: float = 0.0) -> None:
        """Start everything; the feed once there is a champion in every slot to act on its bars."""
        self.start(*(name for name in ORDER if name != "feed"))
        nine = len(COMPONENTS) * len(self.desks)
        self.await_that("nine act", lambda: len(self.said("trader", "ChampionActivated")) == nine)
        self.start("feed", bars_a_second=bars_a_second)

    def kill(self, name: str) -> None:
        """Kill -9; the supervisor starts it again."""
        with self._lock:
            self.running[name].kill()

    def leave_dead(self, name: str) -> None:
        """Kill -9; nobody starts it again but `start`."""
        with self._lock:
            del self._kept[name]
            self.running[name].kill()
            self.running[name].wait()

    def stop(self) -> list[int]:
        """Ask every process to end; return their exit codes."""
        self._closing.set()
        with self._lock:
            processes = list(self.running.values())
            for process in processes:
                process.terminate()
        return [process.wait(timeout=60) for process in processes]

    def close(self) -> None:
        """Leave no process behind."""
        self._closing.set()
        with self._lock:
            for process in self.running.values():
                process.kill()
                process.wait()

    def log(self) -> KafkaLog:
        return KafkaLog(self.cluster, self.incarnation)

    def records(self, service: str) -> list[Record]:
        """Return everything that counts in the first lane of a service."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                return self._records(service)
            except LogUnreachableError:  # amid an election, or on a machine that is busy
                assert time.monotonic() < deadline, f"Kafka is gone. {service} cannot be read"

    def _records(self, service: str) -> list[Record]:
        log, found = self.log(), list[Record]()
        try:
            tail = Tail(log, Lane(f"km.{service}.v1"))
            while news := tail.poll():
                found += news
        finally:
            log.close()
        return found

    def said(self, service: str, kind: str) -> list[Any]:
        """Return every event of one kind."""
        name = f"kingmaker.{service}.v1.{kind}"
        cls = message_class(f"kingmaker.{service}.v1", kind)
        return [cls.FromString(r.value) for r in self.records(service) if r.kind == name]

    def command(self, service: str, kind: str, **fields: object) -> None:
        """Put a command into the topic, signed where it must be."""
        self.send(service, [self.draft(service, kind, **fields)])

    def draft(self, service: str, kind: str, **fields: object) -> Draft:
        """Return a command as it goes into the topic: those to promotion and risk are signed."""
        draft = self.bare(service, kind, **fields)
        if service in ("promotion", "risk"):
            own = keyring.own_file(Home(self.folder / "promotion"))
            draft = seal(keyring.read_key(own), draft)
        return draft

    def bare(self, service: str, kind: str, **fields: object) -> Draft:
        """Return a command that nobody signed."""
        package = f"kingmaker.{service}.v1"
        message = message_class(package, kind)(**fields)
        return Draft(f"{package}.{kind}", message.SerializeToString())

    def send(self, service: str, drafts: Iterable[Draft]) -> None:
        """Put commands into the topic one after the other, each acknowledged before the next."""
        asyncio.run(self._send(command_topic(service), drafts))

    async def _send(self, topic: str, drafts: Iterable[Draft]) -> None:
        producer = AIOKafkaProducer(
            bootstrap_servers=self.servers, acks="all", enable_idempotence=True
        )
        async with producer:
            for draft in drafts:
                headers = [("ce_type", draft.kind.encode())]
                await producer.send_and_wait(topic, draft.value, partition=0, headers=headers)

    def await_that(
        self,
        what: str,
        holds: Callable[[], bool],
        patience_s: float = PATIENCE_S,
        every_s: float = POLL_S,
    ) -> None:
        """Wait until something holds; fail with what it was, and with what the processes said."""
        deadline = time.monotonic() + patience_s
        while not holds():
            assert time.monotonic() < deadline, f"{what}: not within {patience_s} s. {self._told()}"
            time.sleep(every_s)

    def await_settled(self) -> None:
        """Wait until every bar was played and everybody has heard everything."""
        self.await_that("all bars are played", lambda: self._bars_played() >= self.bars)
        self.await_that("everybody has heard everything", lambda: not self._unheard())

    def readiness(self, name: str) -> dict[str, Any]:
        """Return what a process answers to /readyz."""
        lines = (self.folder / f"{name}.log").read_text(encoding="utf-8").splitlines()
        address = [line for line in lines if "health on" in line][-1].rpartition(" ")[2]
        try:
            with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own process
                return dict(json.load(answer))
        except urllib.error.HTTPError as refused:
            return dict(json.load(refused))

    def _settings(self) -> dict[str, Any]:
        files = [str(self.folder / BARS) + ":BTCUSDT:1h"]
        return {
            "desks": [{"name": DESK, "files": files, "interval": "1h"}],
            "clock": "bars",
            "artifacts": str(self.folder / "artifacts"),
            "learning": dict(self.learning),
            "kafka": {
                "servers": self.servers,
                "replication": self.wanted.replication,
                "min_in_sync": self.wanted.min_in_sync,
                "incarnation": self.incarnation,
            },
        }

    def _supervise(self) -> None:
        while not self._closing.wait(POLL_S):
            with self._lock:
                for name, pace in self._kept.items():
                    code = self.running[name].poll()
                    if code is not None and not self._closing.is_set():
                        self.ended.setdefault(name, []).append(code)
                        self.running[name] = self.spawn(name, name, pace)

    def _bars_played(self) -> int:
        kinds = ("BarClosed", "BarRefused")
        return sum(r.kind.rpartition(".")[2] in kinds for r in self.records("feed"))

    def _unheard(self) -> Sequence[str]:
        """Return who has not consumed what somebody decided."""
        lanes: dict[Lane, list[Record]] = {}
        services = build_services(self.desks)
        for service in services:
            lanes[service.lane] = self.records(service.name)
        missing = []
        for service in services:
            heard = _heard(lanes[service.lane])
            for source in service.reads:
                decided = [r.seq for r in lanes[source] if r.kind not in PROCESS_KINDS]
                if decided and heard.get(source, -1) < decided[-1]:
                    missing.append(f"{service.lane} has not heard {source} {decided[-1]}")
        return missing

    def _told(self) -> str:
        logs = sorted(self.folder.glob("*.log"))
        last = {path.stem: path.read_text(encoding="utf-8").splitlines()[-2:] for path in logs}
        return f"{last} {self._unheard()}"


def _heard(records: Sequence[Record]) -> dict[Lane, int]:
    heard: dict[Lane, int] = {}
    for record in records:
        for item in consumption.decode(record.consumed):
            if isinstance(item, Run):
                heard[item.lane] = item.last
    return heard
