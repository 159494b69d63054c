"""kill -9 of the real process, at random moments: the finished history is that of a quiet run.

A shortened demo in CI; `make test-kill` kills the whole one. The seed of the moments is printed on
failure: `KINGMAKER_SEED=17 uv run pytest tests/chaos`.
"""

import gzip
import json
import os
import random
import sqlite3
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest

from kingmaker.runtime.anchors import Anchors
from kingmaker.runtime.cli.opening import remembered_desks
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.home import Home
from kingmaker.runtime.release import RELEASE
from kingmaker.runtime.services import build_services
from kingmaker.runtime.snapshots import Snapshots
from kingmaker.runtime.sqlite_log import SqliteLog
from kingmaker.runtime.verify import verify
from tests.program import PROGRAM, SAMPLE, without_settings

FULL = os.environ.get("KINGMAKER_KILL_FULL") == "1"
KILLS = int(os.environ.get("KINGMAKER_KILLS", "100"))
SEED = int(os.environ.get("KINGMAKER_SEED", "1"))
FILES = {"BTCUSDT_1h_2017_2024.csv.gz": 3_000, "ETHUSDT_5m_2025_03.csv.gz": 1_500}
# Low enough for a training and a trial within these bars; the whole demo goes by its defaults.
SETTINGS = {
    "KINGMAKER__LEARNING__MIN_TRADES": "100",
    "KINGMAKER__LEARNING__MIN_NEW_TRADES": "50",
    "KINGMAKER__LEARNING__ADMISSION_GAIN_SE": "0",
    "KINGMAKER__LEARNING__ADMISSION_MIN_ACTS": "1",
}
LIFE_S_MAX = 1_800.0


@dataclass(frozen=True)
class Play:
    """What is played, in homes of its own."""

    arguments: tuple[str, ...]
    environment: dict[str, str]

    def start(self, home: Path) -> subprocess.Popen[bytes]:
        """Start the real process; what it says goes to a file beside its home."""
        command = [*PROGRAM, "up", *self.arguments, "--home", str(home), "-o", "json"]
        with home.with_suffix(".err").open("ab") as errors:
            return subprocess.Popen(  # noqa: S603 - our own program
                command, stdout=subprocess.PIPE, stderr=errors, env=self.environment
            )

    def finish(self, home: Path) -> str:
        """Let it play to the end; return the digest of its history."""
        process = self.start(home)
        said, _ = process.communicate(timeout=LIFE_S_MAX)
        assert process.returncode == 0, home.with_suffix(".err").read_text()
        return str(json.loads(said)["history"])


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Play:
    clean = without_settings()
    if FULL:
        return Play(("--demo",), clean)
    folder = tmp_path_factory.mktemp("bars")
    files = [_shortened(name, rows, folder) for name, rows in FILES.items()]
    arguments = tuple(word for file in files for word in ("--data", str(file)))
    return Play(arguments, clean | SETTINGS)


def _shortened(name: str, rows: int, folder: Path) -> Path:
    target = folder / name.removesuffix(".gz")
    with gzip.open(SAMPLE / name, "rt") as source:
        target.write_text("".join(islice(source, rows + 1)))
    return target


@pytest.mark.slow
def test_a_killed_kingdom_comes_to_the_same_history(play: Play, tmp_path: Path) -> None:
    began = time.monotonic()
    quiet = play.finish(tmp_path / "quiet")
    whole_s = time.monotonic() - began
    began = time.monotonic()
    assert play.finish(tmp_path / "quiet") == quiet  # nothing is left to do
    start_s = time.monotonic() - began

    home, draw = tmp_path / "killed", random.Random(SEED)  # noqa: S311 - moments, not secrets
    pace = Pace(start_s, whole_s / KILLS)
    for killed in range(KILLS):
        if not _lives(play, home, pace.moment(draw)):  # over too soon: kill in another run too
            assert play.finish(home) == quiet, f"seed {SEED}, {killed} kills"
            home = tmp_path / f"killed-{killed}"
        pace.adapt(_bars_in(home) / _bars_in(tmp_path / "quiet"), killed / KILLS)
    assert play.finish(home) == quiet, f"seed {SEED}, {KILLS} kills"
    check_log(home)


@dataclass
class Pace:
    """How long to let a process live, so that all kills fall into one run on any machine."""

    start_s: float
    step_s: float

    def moment(self, draw: random.Random) -> float:
        """Return after how many seconds to kill: half of them while it starts, half later."""
        if draw.random() < 0.5:
            return draw.uniform(0.0, self.start_s)
        return self.start_s + draw.uniform(0.0, 2.0 * self.step_s)

    def adapt(self, played: float, killed: float) -> None:
        """Live longer where the run lags behind the kills, shorter where it is ahead of them."""
        self.step_s *= 0.7 if played > killed + 0.05 else 1.3 if played < killed - 0.05 else 1.0


def _bars_in(home: Path) -> int:
    """Count the bars that were recorded."""
    path = Home(home).log
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path)) as db:
        query = "SELECT count(*) FROM records WHERE kind = 'kingmaker.feed.v1.BarClosed'"
        try:
            return int(db.execute(query).fetchone()[0])
        except sqlite3.OperationalError:  # killed before the table was made
            return 0


def _lives(play: Play, home: Path, seconds: float) -> bool:
    """Start a process and kill it after a while; tell whether it had more to do."""
    process = play.start(home)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return True
    assert process.returncode == 0, home.with_suffix(".err").read_text()
    process.communicate()
    return False


def check_log(home: Path) -> None:
    """Check every chain, witness and anchor; full replay, and snapshot with tail, agree."""
    kept = Home(home)
    log = SqliteLog(kept.log, kept.incarnation(), read_only=True)
    try:
        verify(log, log.lanes(), Anchors(kept.anchors))
        for service in build_services(remembered_desks(kept)):
            short, whole = Engine(service, log), Engine(service, log)
            short.replay(Snapshots(kept.snapshots, RELEASE).newest(service.lane))
            whole.replay({})
            assert short.host.state_hash == whole.host.state_hash, f"{service.lane}"
    finally:
        log.close()
