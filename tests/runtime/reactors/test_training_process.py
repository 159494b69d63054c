"""The process of one training: what it may learn from, and when it ends."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest

from kingmaker.runtime.reactors import training_process
from kingmaker.runtime.reactors.training_process import Request, UnusableLogError
from tests.runtime.reactors.trading_log import BARS, TRADES, write_log
from tests.services.learners.trades import HOUR_MS

COMMAND = (sys.executable, "-m", training_process.__name__)
LATER = 10**15


@pytest.fixture
def log(tmp_path: Path) -> Path:
    write_log(tmp_path / "log.sqlite")
    return tmp_path / "log.sqlite"


def request(log: Path, count: int = TRADES, until_ms: int = LATER) -> Request:
    parameters = {"holdout_share": 0.25, "l2": 100.0}
    artifacts = str(log.with_name("artifacts"))
    where = (str(log), artifacts, 1)
    return Request(*where, "online_learning", count, until_ms, 7, parameters)


def test_trades_that_are_not_there_are_missed(log: Path) -> None:
    with pytest.raises(UnusableLogError, match="holds 400 of 401 closed trades"):
        training_process.read_trades(request(log, TRADES + 1))


def test_a_trade_later_than_allowed_is_not_learned_from(log: Path) -> None:
    with pytest.raises(UnusableLogError, match="nothing may be learned from it"):
        training_process.read_trades(request(log, until_ms=0))


def test_a_damaged_record_is_not_learned_from(log: Path) -> None:
    with closing(sqlite3.connect(log)) as store, store:
        store.execute("UPDATE records SET time_ms = 9 WHERE seq = 200")
    with pytest.raises(UnusableLogError, match="record 200 is damaged"):
        training_process.read_trades(request(log))


def test_a_log_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        training_process.read_trades(request(tmp_path / "none.sqlite"))
    assert not (tmp_path / "none.sqlite").exists()


def test_the_first_trades_are_read_and_nothing_else(log: Path) -> None:
    read = training_process.read_trades(request(log, 3))
    assert [trade.decided_ms for trade in read] == [0, 3_600_000, 7_200_000]


def test_bars_that_close_later_than_the_last_trade_are_not_read(log: Path) -> None:
    bars = training_process.read_bars(request(log, until_ms=3 * HOUR_MS))
    assert [bar.open_ms for bar in bars] == [0, HOUR_MS, 2 * HOUR_MS]
    assert len(training_process.read_bars(request(log))) == BARS


def test_a_process_that_is_asked_nothing_says_nothing() -> None:
    said = subprocess.run(COMMAND, input="", capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    assert (said.returncode, said.stdout) == (0, "")


def test_a_training_runs_after_everybody_else(log: Path) -> None:
    told = (
        "import os\n"
        f"from {training_process.__package__} import training_process as process\n"
        "def tell(*_):\n"
        "    policy = os.sched_getscheduler(0) == os.SCHED_IDLE if LINUX else True\n"
        "    raise ValueError(f'{os.getpriority(os.PRIO_PROCESS, 0)} {policy}')\n"
        f"LINUX = {sys.platform == 'linux'}\n"
        "process._find_training = lambda: tell\n"
        "process.main()\n"
    )
    command = (sys.executable, "-c", told)
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:  # noqa: S603 - our own module
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(asdict(request(log))) + "\n")
        process.stdin.flush()
        said = process.stdout.readline()
    assert "19 True" in said


def test_a_process_whose_parent_is_gone_ends_at_once(log: Path) -> None:
    endless = (
        "import time\n"
        f"from {training_process.__package__} import training_process as process\n"
        "process._find_training = lambda: lambda *_: time.sleep(600)\n"
        "process.main()\n"
    )
    line = json.dumps(asdict(request(log))) + "\n"
    command = (sys.executable, "-c", endless)
    said = subprocess.run(command, input=line, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    assert said.returncode == training_process.ORPHANED
