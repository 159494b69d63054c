"""kill -9 of the real process around every fire time, and during a training: one run of each.

Two symbols of five minutes, Thursday to Monday: daily jobs at 00:00, the weekly job on Sunday at
02:00, a nightly training at 01:00 on Monday, a scheduled retrain after four days. The seed of the
moments is printed on failure: `KINGMAKER_SEED=17 uv run pytest tests/chaos/test_fire_times.py`;
`KINGMAKER_KILL_FULL=1` kills at every moment of every fire time.
"""

import gzip
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.runtime.home import Home
from kingmaker.runtime.reactors.progress import FOLDER, path_of
from tests.chaos.aimed import AFTER, AMID, BEFORE
from tests.chaos.test_kill import check_log
from tests.program import PROGRAM, SAMPLE, without_settings

ROOT = Path(__file__).parents[2]
FULL = os.environ.get("KINGMAKER_KILL_FULL") == "1"
SEED = int(os.environ.get("KINGMAKER_SEED", "1"))
BARS = 1_170  # a symbol: to Monday noon
FILES = ("BTCUSDT_5m_2025_03.csv.gz", "ETHUSDT_5m_2025_03.csv.gz")
SETTINGS = {
    "KINGMAKER__LEARNING__COMPONENTS": '["online_learning"]',
    "KINGMAKER__LEARNING__MIN_TRADES": "150",
    "KINGMAKER__LEARNING__MIN_NEW_TRADES": "1",
    "KINGMAKER__LEARNING__HOLDOUT_SHARE": "0.4",
    "KINGMAKER__LEARNING__HEAD_WEIGHTS": "true",
    "KINGMAKER__OPERATIONS__MODEL_ROTATION__ENABLED": "true",
    "KINGMAKER__OPERATIONS__MODEL_ROTATION__RETRAIN_FREQUENCY_DAYS": "4",
}
BAR_MS = 300_000
KILLED = -signal.SIGKILL
LIFE_S_MAX, LOOK_S = 600.0, 0.005
STARTED, COMPLETED, FIRED = "TrainingStarted", "TrainingCompleted", "TriggerFired"

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


FIRES = (
    Fire("daily", FIRED, at(9, "00:00")),
    Fire("weekly", FIRED, at(9, "02:00")),
    Fire("nightly", STARTED, at(10, "01:00")),
    Fire("scheduled", STARTED, at(10, "10:35")),
)


@dataclass(frozen=True)
class Play:
    """What is played, in homes of its own, and what a quiet play of it said."""

    files: tuple[Path, ...]

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
                env=without_settings() | SETTINGS,
            )

    def finish(self, home: Path) -> str:
        """Let it play to the end; return the digest of its history."""
        process = self.start(home)
        said, _ = process.communicate(timeout=LIFE_S_MAX)
        assert process.returncode == 0, home.with_suffix(".err").read_text()
        return str(json.loads(said)["history"])

    def strike(self, home: Path, how: str, event: str, time_ms: int) -> None:
        """Play until the process kills itself at this commit."""
        process = self.start(home, aim=(how, event, str(time_ms)))
        process.communicate(timeout=LIFE_S_MAX)
        assert process.returncode == KILLED, home.with_suffix(".err").read_text()
        is_there = any(name == event and then >= time_ms for name, then, _ in said(home))
        assert is_there == (how == AFTER) or event == "BarClosed"

    def strike_training(self, home: Path, training: str, begun_ms: int, seconds: float) -> None:
        """Kill so long after a training began to work; one that is over by then is never told."""
        progress = path_of(home / FOLDER, training)
        progress.unlink(missing_ok=True)  # of an earlier life
        process = self.start(home, aim=(BEFORE, COMPLETED, str(begun_ms)))
        try:
            until = time.monotonic() + LIFE_S_MAX
            while not progress.exists() and process.poll() is None:
                assert time.monotonic() < until, "the training never began"
                time.sleep(LOOK_S)
            time.sleep(seconds)
        finally:
            process.kill()
            process.communicate()
        assert process.returncode == KILLED, home.with_suffix(".err").read_text()
        assert [one.training for _, _, one in of(said(home), STARTED)][-1] == training
        assert training not in [one.training for _, _, one in of(said(home), COMPLETED)]


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Play:
    folder = tmp_path_factory.mktemp("bars")
    targets = tuple(folder / name.removesuffix(".gz") for name in FILES)
    for name, target in zip(FILES, targets, strict=True):
        with gzip.open(SAMPLE / name, "rt") as source:
            target.write_text("".join(islice(source, BARS + 1)))
    return Play(targets)


@pytest.fixture(scope="module")
def quiet(play: Play, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the digest of a play that nobody disturbs, and see that everything fired in it."""
    home = tmp_path_factory.mktemp("homes") / "quiet"
    digest = play.finish(home)
    events = said(home)
    for fire in FIRES:
        assert (fire.event, fire.time_ms) in [(name, then) for name, then, _ in events], fire
    assert [one.cause for _, _, one in of(events, STARTED)] == ["nightly", "scheduled"]
    assert len(of(events, COMPLETED)) == 2
    return digest


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


def assert_one_run_each(home: Path) -> None:
    """See that each fire time fired once, and each training was begun and completed once."""
    events = said(home)
    fired = Counter((one.schedule, one.fire_time_ms) for _, _, one in of(events, FIRED))
    assert set(fired.values()) == {1}
    assert {schedule for schedule, _ in fired} == {"daily_learning", "weekly_retraining"}
    begun = [(one.training, one.attempt) for _, _, one in of(events, STARTED)]
    assert begun == [("tr-0001", 1), ("tr-0002", 1)]
    assert [one.training for _, _, one in of(events, COMPLETED)] == ["tr-0001", "tr-0002"]
    assert not of(events, "TrainingFailed")


@pytest.mark.slow
def test_killed_around_every_fire_time_each_runs_once(
    play: Play, quiet: str, tmp_path: Path
) -> None:
    home, draw = tmp_path / "killed", random.Random(SEED)  # noqa: S311 - moments, not secrets
    for fire in FIRES:
        for moment in fire.moments(draw):
            play.strike(home, *moment)
    assert play.finish(home) == quiet, f"seed {SEED}"
    assert_one_run_each(home)
    check_log(home)


@pytest.mark.slow
def test_killed_during_a_training_it_is_done_once_more_and_told_once(
    play: Play, quiet: str, tmp_path: Path
) -> None:
    home, draw = tmp_path / "killed", random.Random(SEED)  # noqa: S311 - moments, not secrets
    begun_ms = at(10, "01:00")
    play.strike(home, AFTER, STARTED, begun_ms)
    for seconds in (0.0, draw.uniform(0.0, 0.5)):
        play.strike_training(home, "tr-0001", begun_ms, seconds)
    play.strike(home, BEFORE, COMPLETED, begun_ms)  # there is a bundle, and no word of it
    play.strike(home, AFTER, COMPLETED, begun_ms)
    assert play.finish(home) == quiet, f"seed {SEED}"
    assert_one_run_each(home)
    check_log(home)
