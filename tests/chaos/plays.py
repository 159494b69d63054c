"""Plays of the real process on bars that a test wrote, killed where it aims or in mid-work."""

import gzip
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from kingmaker.contracts.codec import message_class
from kingmaker.runtime.home import Home
from kingmaker.runtime.reactors.progress import FOLDER, path_of
from tests.chaos.aimed import AFTER, AMID, BEFORE
from tests.program import PROGRAM, SAMPLE, without_settings

ROOT = Path(__file__).parents[2]
FULL = os.environ.get("KINGMAKER_KILL_FULL") == "1"
SEED = int(os.environ.get("KINGMAKER_SEED", "1"))
BAR_MS = 300_000
KILLED = -signal.SIGKILL
LIFE_S_MAX, LOOK_S = 600.0, 0.005

type Said = list[tuple[str, int, Any]]  # name, time and message of what the learners said


@dataclass(frozen=True)
class Fire:
    """Something that is due once: the event that says so, and its first market time."""

    name: str
    event: str
    time_ms: int

    def moments(self, draw: random.Random) -> Sequence[tuple[str, str, int]]:
        """Return where to kill, in order: before it is durable, and after it."""
        bar_before = (AFTER, "BarClosed", self.time_ms - BAR_MS)
        early = [bar_before, *((how, self.event, self.time_ms) for how in (BEFORE, AMID))]
        late = [(AFTER, self.event, self.time_ms)]
        return [*early, *late] if FULL else [draw.choice(early), *late]


def at(day: int, clock: str) -> int:
    """Return a time of March 2025, UTC milliseconds."""
    hour, minute = map(int, clock.split(":"))
    return int(datetime(2025, 3, day, hour, minute, tzinfo=UTC).timestamp() * 1000)


def write(symbols: Sequence[str], folder: Path, bars: int) -> tuple[Path, ...]:
    """Write so many bundled bars of five minutes a symbol, from Thursday, 6 March, 10:30 on."""
    targets = []
    for symbol in symbols:
        name = f"{symbol}USDT_5m_2025_03.csv"
        with gzip.open(SAMPLE / f"{name}.gz", "rt") as source:
            (folder / name).write_text("".join(islice(source, bars + 1)))
        targets.append(folder / name)
    return tuple(targets)


@dataclass(frozen=True)
class Play:
    """What is played, in homes of its own, and by what settings."""

    files: tuple[Path, ...]
    settings: Mapping[str, str]

    def start(self, home: Path, *, aim: Sequence[str] = ()) -> subprocess.Popen[bytes]:
        """Start the real process; with an aim it kills itself there."""
        program = [sys.executable, "-m", "tests.chaos.aimed", *aim] if aim else PROGRAM
        data = [word for file in self.files for word in ("--data", str(file))]
        with home.with_suffix(".err").open("ab") as errors:
            return subprocess.Popen(  # noqa: S603 - our own program
                [*program, "up", *data, "--home", str(home), "-o", "json"],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=without_settings() | dict(self.settings),
            )

    def finish(self, home: Path) -> str:
        """Let it play to the end; return the digest of its history."""
        return self.ended(self.start(home), home)

    def ended(self, process: subprocess.Popen[bytes], home: Path) -> str:
        """Wait until a play is over; return the digest of its history."""
        told, _ = process.communicate(timeout=LIFE_S_MAX)
        assert process.returncode == 0, home.with_suffix(".err").read_text()
        return str(json.loads(told)["history"])

    def strike(self, home: Path, how: str, event: str, time_ms: int) -> None:
        """Play until the process kills itself at this commit."""
        process = self.start(home, aim=(how, event, str(time_ms)))
        process.communicate(timeout=LIFE_S_MAX)
        assert process.returncode == KILLED, home.with_suffix(".err").read_text()
        is_there = any(name == event and then >= time_ms for name, then, _ in said(home))
        assert is_there == (how == AFTER) or event == "BarClosed"

    def strike_work(self, home: Path, job: str, done: tuple[str, int], seconds: float) -> None:
        """Kill so long after a job began to work; one that is over by then is never told.

        `done`: the event that would tell it, and its first time.
        """
        progress = path_of(home / FOLDER, job)
        progress.unlink(missing_ok=True)  # of an earlier life
        process = self.start(home, aim=(BEFORE, done[0], str(done[1])))
        try:
            wait_for_work(home, job, process)
            time.sleep(seconds)
        finally:
            process.kill()
            process.communicate()
        assert process.returncode == KILLED, home.with_suffix(".err").read_text()


def wait_for_work(home: Path, job: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until a process of its own works at a job, or its host is gone."""
    until = time.monotonic() + LIFE_S_MAX
    while not path_of(home / FOLDER, job).exists() and process.poll() is None:
        assert time.monotonic() < until, f"{job} never began"
        time.sleep(LOOK_S)


def said(home: Path) -> Said:
    """Return what the learners of a home said so far."""
    query = (
        "SELECT kind, time_ms, value FROM records JOIN lanes ON lanes.id = records.lane"
        " WHERE topic = 'km.learners.v1' AND kind LIKE 'kingmaker.learners.%' ORDER BY seq"
    )
    with closing(sqlite3.connect(f"{Home(home).log.as_uri()}?mode=ro", uri=True)) as log:
        rows = log.execute(query).fetchall()
    found = []
    for kind, time_ms, value in rows:
        package, _, name = kind.rpartition(".")
        found.append((name, time_ms, message_class(package, name).FromString(value)))
    return found


def of(events: Said, name: str) -> Said:
    """Return those of a kind."""
    return [event for event in events if event[0] == name]
