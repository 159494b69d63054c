"""The how-to, word for word: strangers read what real services republish, and read it again."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.cli import smoke
from kingmaker.runtime.cli.main import run
from kingmaker.runtime.cli.opening import remember_desks
from kingmaker.runtime.history import decided
from kingmaker.runtime.home import Home
from kingmaker.runtime.kafka import topics
from kingmaker.runtime.kafka.cluster import Cluster
from kingmaker.runtime.kafka.topics import Wanted
from kingmaker.runtime.settings import DeskSettings
from kingmaker.runtime.sqlite_log import SqliteLog
from tests.architecture.source import ROOT
from tests.conftest import REQUIRE_KAFKA, lonely_broker, skip_or_fail
from tests.program import PROGRAM
from tests.scenarios.playing import Stage

HOW_TO = ROOT / "docs" / "how-to" / "subscribe.md"
JARS = ROOT / "tests" / "kafka" / "lib"
LINES_MAX = 26
PATIENCE_S = 180.0
ALERTING = Lane("km.alerting.v1")
A13 = {  # of the seven, `model_downloaded` needs a service that is not here yet
    "shadow_test_started",
    "shadow_test_passed",
    "shadow_test_failed",
    "promotion_executed",
    "rollback_triggered",
    "performance_degradation",
}

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


@dataclass
class Republished:
    """A history on a broker, whose alerts a real process republishes."""

    servers: str
    folder: Path
    ids: Sequence[str]  # of what alerting said, in order
    types: set[str]  # of the alerts that fired

    def printed(self, command: Sequence[str], lines: int) -> list[str]:
        """Start a subscriber; return its first lines once there are so many, and end it."""
        out = self.folder / "said.txt"
        with out.open("wb") as said:
            child = subprocess.Popen(command, stdout=said, env=self._environment())  # noqa: S603 - the document's words
        try:
            await_that(lambda: len(lines_of(out)) >= lines or child.poll() is not None)
        finally:
            child.terminate()
            child.wait()
        return lines_of(out)

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(self.folder)}


def example(language: str, containing: str = "") -> str:
    blocks = re.findall(rf"```{language}\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    [found] = [block for block in blocks if containing in block]
    return str(found)


@pytest.fixture(scope="module")
def republished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Republished]:
    """Yield a small history: a coronation by command and a rollback, played in seconds."""
    folder = tmp_path_factory.mktemp("republished")
    home = Home(folder / "home")
    smoke.play(home, smoke.Seen())
    remember_desks(home, [desk.model_dump(exclude_none=True) for desk in smoke.DESKS])
    with lonely_broker(folder / "kafka") as servers:
        yield from serving(servers, home, smoke.DESKS, folder)


def serving(
    servers: str, home: Home, desks: Sequence[DeskSettings], folder: Path
) -> Iterator[Republished]:
    """Copy a home's history to a broker, and run the process of alerting on it."""
    config = folder / "cluster.yaml"
    kafka = {"servers": servers, "replication": 1, "min_in_sync": 1}
    kafka["incarnation"] = home.incarnation()
    listed = [desk.model_dump(mode="json", exclude_none=True) for desk in desks]
    config.write_text(yaml.safe_dump({"desks": listed, "clock": "bars", "kafka": kafka}))
    topics.create(Cluster(servers), Wanted(len(desks), 1, 1))
    assert run(["log", "copy", "--to", "kafka", "-c", str(config), "--home", str(home.path)]) == 0
    log = SqliteLog(home.log, home.incarnation(), read_only=True)
    said = [record for record in decided(log, ALERTING) if "alerting" in record.kind]
    log.close()
    fired = message_class("kingmaker.alerting.v1", "AlertFired")
    types = {fired.FromString(r.value).type for r in said if r.kind.endswith("AlertFired")}  # type: ignore[attr-defined] # of generated code
    ids = [f"{ALERTING}/{record.seq}" for record in said]
    generate(folder)
    words = ["service", "run", "alerting", "-c", str(config), "--home", str(folder / "alerting")]
    with (folder / "alerting.log").open("wb") as told:
        service = subprocess.Popen([*PROGRAM, *words], stdout=told, stderr=told)  # noqa: S603 - our own program
    try:
        yield Republished(servers, folder, ids, types)
    finally:
        service.terminate()
        assert service.wait(timeout=60) == 0, (folder / "alerting.log").read_text()


def generate(folder: Path) -> None:
    words = example("sh", "python_out").split()
    words[0:1] = [sys.executable, "-m", "grpc_tools.protoc"]
    words = [w.replace("-Iproto", f"-I{ROOT}/proto").replace("=.", f"={folder}") for w in words]
    subprocess.run(words, check=True, cwd=ROOT)  # noqa: S603 - the document's words


def test_a_python_subscriber_reads_every_alert_and_again_from_the_beginning(
    republished: Republished,
) -> None:
    first = subscribed(republished, "readers-a")
    assert sorted(first) == sorted(republished.ids)
    assert sorted(subscribed(republished, "readers-b")) == sorted(first)
    assert republished.types >= {"promotion_executed", "rollback_triggered"}


def subscribed(where: Republished, group: str) -> list[str]:
    """Return the ids that the document's program prints."""
    program = where.folder / "subscribe.py"
    program.write_text(example("python"))
    lines = where.printed(
        [sys.executable, str(program), where.servers, group], lines=len(where.ids)
    )
    fired = [line for line in lines if " AlertFired " in line]
    assert all(any(f'type: "{kind}"' in line for line in fired) for kind in where.types)
    return [line.split()[0] for line in lines]


def test_a_java_subscriber_compiles_and_reads_the_same(republished: Republished) -> None:
    if not _has_compiler():
        skip_or_fail(
            "this Java has no compiler: install a JDK to run Subscriber.java", REQUIRE_KAFKA
        )
    program = republished.folder / "Subscriber.java"
    program.write_text(example("java"))
    command = ["java", "-cp", f"{JARS}/*", str(program), republished.servers, "readers-java"]
    lines = republished.printed(command, lines=len(republished.ids))
    assert sorted(line.split()[0] for line in lines) == sorted(republished.ids)
    assert all(line.endswith(" bytes") for line in lines)


def _has_compiler() -> bool:
    java = shutil.which("java") or "java"
    said = subprocess.run([java, "--list-modules"], capture_output=True, text=True, check=True)  # noqa: S603 - the java of the PATH
    return "jdk.compiler" in said.stdout


@pytest.mark.parametrize("language", ["python", "java"])
def test_the_examples_are_short_and_need_nothing_of_kingmaker(language: str) -> None:
    program = example(language)
    assert len(program.splitlines()) <= LINES_MAX
    assert "import kingmaker" not in program
    assert "from kingmaker" not in program


@pytest.mark.parametrize(
    ("language", "never", "handled", "commit"),
    [
        ("python", "enable_auto_commit=False", "print(", "await consumer.commit()"),
        ("java", '"enable.auto.commit", "false"', "println(", "consumer.commitSync()"),
    ],
)
def test_an_example_commits_only_what_it_has_handled(
    language: str, never: str, handled: str, commit: str
) -> None:
    program = example(language)
    assert never in program
    assert program.index(handled) < program.index(commit)


@pytest.mark.cluster
def test_a_foreign_group_reads_every_type_that_the_demo_makes_and_again(
    demo: Stage, copy_of: Callable[[Stage], Stage], tmp_path: Path
) -> None:
    played = copy_of(demo)
    desks = played.settings.desks
    remember_desks(played.home, [desk.model_dump(exclude_none=True) for desk in desks])
    words = ["rollback", crowned_slot(played), "--reason", "to show it", "--yes"]
    assert run([*words, "--home", str(played.home.path)]) == 0
    with lonely_broker(tmp_path / "kafka") as servers:
        for found in serving(servers, played.home, desks, tmp_path):
            assert found.types >= A13
            first = subscribed(found, "readers-demo")
            assert sorted(set(first)) == sorted(found.ids)
            again = subscribed(found, "readers-again")  # partitions come in any order
            assert sorted(set(again)) == sorted(found.ids)


def crowned_slot(played: Stage) -> str:
    crowns = [
        event
        for index in range(len(played.settings.desks))
        for event in played.events("promotion", index, "ChampionCrowned")
        if event.how == "promoted"
    ]
    return str(crowns[-1].slot)


def lines_of(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return text[: text.rfind("\n") + 1].splitlines()


def await_that(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
