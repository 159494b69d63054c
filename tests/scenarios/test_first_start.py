"""The first start: killed at any moment it gives nine reigns a desk, once; and one may start."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kingmaker.contracts.desks import COMPONENTS, slot_of
from kingmaker.runtime.cli.exits import Exit
from kingmaker.runtime.home import Home
from tests.program import PROGRAM, without_settings
from tests.scenarios import damage, struck
from tests.scenarios.playing import Stage

ROOT = Path(__file__).parents[2]
KILLED = -signal.SIGKILL
MOMENTS = (1, 2, 5, 14, 24, 33)  # of some 38 commits; at the 33rd reigns begin
WAIT_S_MAX = 120.0
EURUSD, BTC = "sample:EURUSD_1h_2017.csv.gz", "sample:BTCUSDT_5m_2025_03.csv.gz"


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the digest of a start that nobody disturbs."""
    return struck.place(tmp_path_factory.mktemp("quiet") / "home").play(struck.TIMES)


def strike(home: Path, moment: int) -> int:
    """Start the play in a process of its own; return how it ended."""
    command = [sys.executable, "-m", "tests.scenarios.struck", str(home), str(moment)]
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode  # noqa: S603 - our own interpreter and module


def finish(home: Path) -> tuple[Stage, str]:
    """Play to the end of what was begun."""
    stage = struck.place(home)
    with stage.log() as log:
        begun = bool(log.lanes())
    played = len(stage.events("feed", 0, "BarClosed")) if begun else 0
    return stage, stage.play(struck.TIMES - played)


def assert_nine_reigns_a_desk(stage: Stage) -> None:
    for desk in stage.desks:
        slots = sorted(slot_of(component, desk.name) for component in COMPONENTS)
        crowned = stage.events("promotion", desk.index, "ChampionCrowned")
        followed = stage.events("trader", desk.index, "ChampionActivated")
        for reigns in (crowned, followed):
            assert sorted(reign.slot for reign in reigns) == slots
            assert {reign.reign for reign in reigns} == {1}


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_a_commit_it_gives_nine_reigns_a_desk_once(
    tmp_path: Path, quiet: str, moment: int
) -> None:
    home = tmp_path / "home"
    assert strike(home, moment) == KILLED
    stage, digest = finish(home)
    assert_nine_reigns_a_desk(stage)
    assert digest == quiet


def test_killed_again_and_again_it_gives_no_reign_twice(tmp_path: Path, quiet: str) -> None:
    home = tmp_path / "home"
    for moment in range(1, 8):
        assert strike(home, moment) == KILLED
    stage, digest = finish(home)
    assert_nine_reigns_a_desk(stage)
    assert digest == quiet


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Home]:
    """Yield a home that a real `kingmaker up` holds; it stands still until it is killed."""
    home = Home(tmp_path / "home")
    with subprocess.Popen(  # noqa: S603 - our own program
        up(home, EURUSD), env=clean(tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            until = time.monotonic() + WAIT_S_MAX
            while not has_recorded(home):
                assert process.poll() is None, "it ended before it began"
                assert time.monotonic() < until, "it never began"
                time.sleep(0.02)
            os.kill(process.pid, signal.SIGSTOP)
            yield home
        finally:
            process.kill()


def has_recorded(home: Home) -> bool:
    """Tell whether anything stands in the log: then its process holds the lock."""
    if not home.log.exists():
        return False
    with closing(sqlite3.connect(f"{home.log.as_uri()}?mode=ro", uri=True)) as db:
        tables = db.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'records'").fetchone()
        return bool(tables[0] and db.execute("SELECT count(*) FROM records").fetchone()[0])


def up(home: Home, *data: str, fresh: bool = False) -> list[str]:
    words = [word for text in data for word in ("--data", text)]
    return [*PROGRAM, "up", *words, "--home", str(home.path), *(["--fresh"] if fresh else [])]


def clean(folder: Path) -> dict[str, str]:
    """Return an environment without settings."""
    return without_settings() | {"HOME": str(folder)}


@pytest.mark.parametrize(
    ("data", "fresh"),
    [((EURUSD,), False), ((EURUSD,), True), ((EURUSD, BTC), False)],
    ids=["the same", "fresh", "with another desk"],
)
def test_a_second_up_on_one_folder_is_refused_and_changes_nothing(
    running: Home, tmp_path: Path, data: tuple[str, ...], *, fresh: bool
) -> None:
    before = (damage.content(running), desks_of(running))
    second = subprocess.run(  # noqa: S603 - our own program
        up(running, *data, fresh=fresh),
        env=clean(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == Exit.REFUSED
    assert f"{running.path} is in use by process" in second.stderr
    assert "Stop it first, or name another folder with --home" in second.stderr
    assert "Traceback" not in second.stderr
    assert (damage.content(running), desks_of(running)) == before


def desks_of(home: Home) -> str:
    return (home.path / "desks.json").read_text(encoding="utf-8")
