"""Runs over past bars on a real home: the calendar's pace, and kill -9 around each and during one.

Four symbols of five minutes with the hours of fx, on a Friday evening: the market closes at 22:00
UTC. What came before was played without a calendar. Moments: see `test_fire_times.py`;
without `KINGMAKER_KILL_FULL=1` it is killed around the last light run and the first at the closing.
"""

import os
import random
import shutil
import signal
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from kingmaker.runtime.reactors.history_process import FOLDER as SCRATCH
from tests.chaos.aimed import AFTER, BEFORE
from tests.chaos.plays import FULL, SEED, Fire, Play, at, of, said, wait_for_work, write
from tests.chaos.test_kill import check_log

SYMBOLS = ("BTC", "ETH", "SOL", "XRP")
BEFORE_BARS, BARS = 408, 431  # a symbol: to Friday 20:30, and to 22:25
WITHOUT = {
    "KINGMAKER__MARKET__CALENDAR": "fx",
    "KINGMAKER__LEARNING__COMPONENTS": "[]",
    "KINGMAKER__LEARNING__HOLDOUT_SHARE": "0.5",
    "KINGMAKER__LEARNING__CVAR_PPO_ITERATIONS": "20",
    "KINGMAKER__LEARNING__S15_RL_POLICY_STEPS": "400",
}
SETTINGS = WITHOUT | {"KINGMAKER__HISTORICAL__ENABLED": "true"}
STARTED, COMPLETED = "HistoricalRunStarted", "HistoricalRunCompleted"
FAILED = "HistoricalRunFailed"
FIRES = (
    Fire("light", STARTED, at(7, "21:00")),
    Fire("the closing", STARTED, at(7, "22:00")),
    Fire("closed", STARTED, at(7, "22:15")),
)
WINDOWS = [
    (at(7, "20:00"), "intensive", True),  # none was before, to go on from
    (at(7, "21:00"), "light", True),
    (at(7, "22:00"), "intensive", False),
    (at(7, "22:15"), "intensive", False),
]
LEARNED = {"model_ensemble", "neural_ucb", "online_learning", "pattern_recognition"}  # of so little


@dataclass(frozen=True)
class Evening:
    """A home of the afternoon, and how its evening is played."""

    afternoon: Path
    play: Play

    def home(self, folder: Path) -> Path:
        """Return a copy of the home of its own."""
        return Path(shutil.copytree(self.afternoon, folder / "home"))


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Evening:
    bars, home = tmp_path_factory.mktemp("bars"), tmp_path_factory.mktemp("homes") / "afternoon"
    play = Play(write(SYMBOLS, bars, BEFORE_BARS), WITHOUT)
    play.finish(home)
    write(SYMBOLS, bars, BARS)
    return Evening(home, replace(play, settings=SETTINGS))


@pytest.fixture(scope="module")
def quiet(evening: Evening, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the home of an evening that nobody disturbs, and the digest of its history."""
    home = evening.home(tmp_path_factory.mktemp("quiet"))
    return home, evening.play.finish(home)


def windows(home: Path) -> list[tuple[int, str, bool]]:
    """Return when each first attempt was due, its mode, and whether the market was open."""
    begun = [one for _, _, one in of(said(home), STARTED) if one.attempt == 1]
    return [(one.fire_time_ms, one.mode, one.open) for one in begun]


def learned(home: Path) -> dict[tuple[str, str], Any]:
    """Return the lessons of all runs by run and component, without what is judged of them."""
    return {
        (run.run, one.component): (one.digest, one.new_bars, one.new_trades)
        for _, _, run in of(said(home), COMPLETED)
        for one in run.lessons
    }


def assert_each_bar_taught_once(home: Path) -> None:
    """See that the runs of every window came to one end each, and counted every bar once."""
    runs = [one for _, _, one in of(said(home), COMPLETED)]
    assert [one.run for one in runs] == [f"hist-{number:04d}" for number in (1, 2, 3, 4)]
    new: Counter[str] = Counter()
    for run in runs:
        new.update({one.component: one.new_bars for one in run.lessons if one.digest})
    assert set(new) >= LEARNED
    until = {run.bars_until_ms for run in runs}
    assert len(until) == len(WINDOWS)
    assert {name: new[name] for name in LEARNED} == dict.fromkeys(LEARNED, runs[-1].bars)
    assert runs[-1].bars == len(SYMBOLS) * (BARS - 2), "two bars closed after 22:15"


@pytest.mark.slow
def test_hourly_and_light_while_the_market_is_open_then_every_quarter_all_nine_afresh(
    quiet: tuple[Path, str],
) -> None:
    home, _ = quiet
    assert windows(home) == WINDOWS
    components = [len(one.taught) for _, _, one in of(said(home), STARTED)]
    assert components == [9, 4, 9, 9]
    assert_each_bar_taught_once(home)


@pytest.mark.slow
def test_killed_around_every_fire_time_each_window_is_learned_once(
    evening: Evening, quiet: tuple[Path, str], tmp_path: Path
) -> None:
    home, draw = evening.home(tmp_path), random.Random(SEED)  # noqa: S311 - moments, not secrets
    for fire in FIRES if FULL else FIRES[:2]:
        for moment in fire.moments(draw):
            evening.play.strike(home, *moment)
    assert evening.play.finish(home) == quiet[1], f"seed {SEED}"
    assert windows(home) == WINDOWS
    assert_each_bar_taught_once(home)
    check_log(home)


@pytest.mark.slow
def test_killed_during_a_run_it_is_done_once_more_and_told_once(
    evening: Evening, quiet: tuple[Path, str], tmp_path: Path
) -> None:
    home, draw = evening.home(tmp_path), random.Random(SEED)  # noqa: S311 - moments, not secrets
    done = (COMPLETED, at(7, "22:00"))
    evening.play.strike(home, AFTER, STARTED, done[1])
    for seconds in (0.0, draw.uniform(0.0, 2.0)):
        evening.play.strike_work(home, "hist-0003", done, seconds)
        assert [one.run for _, _, one in of(said(home), COMPLETED)] == ["hist-0001", "hist-0002"]
    evening.play.strike(home, BEFORE, *done)  # there are bundles, and no word of them
    evening.play.strike(home, AFTER, *done)
    assert evening.play.finish(home) == quiet[1], f"seed {SEED}"
    assert_each_bar_taught_once(home)
    assert not list((home / SCRATCH).iterdir()), "what a killed run left is swept"
    check_log(home)


@pytest.mark.slow
def test_a_run_whose_process_is_killed_is_tried_again_and_learns_the_same_bits(
    evening: Evening, quiet: tuple[Path, str], tmp_path: Path
) -> None:
    home = evening.home(tmp_path)
    process = evening.play.start(home)
    wait_for_work(home, "hist-0001", process)
    for pid in _at_work(process.pid):
        os.kill(pid, signal.SIGKILL)
    evening.play.ended(process, home)
    [failed] = [one for _, _, one in of(said(home), FAILED)]
    assert (failed.run, failed.attempt) == ("hist-0001", 1)
    assert "status -9" in failed.reason
    tries = [one.attempt for _, _, one in of(said(home), STARTED) if one.run == "hist-0001"]
    assert tries == [1, 2]
    assert learned(home) == learned(quiet[0])
    assert windows(home) == WINDOWS
    assert_each_bar_taught_once(home)


def _at_work(parent: int) -> list[int]:
    """Return the processes of a host that learn from past bars, the first of its life: one."""
    found = [
        int(child)
        for tasks in Path(f"/proc/{parent}/task").iterdir()
        for child in (tasks / "children").read_text().split()
        if "history_process" in Path(f"/proc/{child}/cmdline").read_text()
    ]
    assert len(found) == 1
    return found
