"""E6: `kingmaker risk kill` on a running home, then kill -9 of its process: no order ever after."""

import gzip
import json
import sqlite3
import subprocess
import time
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from kingmaker.kernel.lane import Lane
from kingmaker.runtime.history import accepted, message_of
from kingmaker.runtime.home import Home
from kingmaker.runtime.sqlite_log import SqliteLog
from tests.program import PROGRAM, SAMPLE, without_settings

BARS = 1_500
PATIENCE_S = 600.0


@pytest.mark.slow
def test_the_next_bar_has_no_order_also_after_kill_minus_9(tmp_path: Path) -> None:
    home = tmp_path / "home"
    words = ("up", "--data", str(_bars(tmp_path)), "--home", str(home), "-o", "json")
    process = _start(*words)
    try:
        _wait_for_an_order(home, process)
        said = json.loads(_run("risk", "kill", "--reason", "a storm", "--home", str(home)))
    finally:
        process.kill()
        process.communicate()
    [killed] = said
    topic, index, seq = killed["trader_event"].split("/")
    _run(*words)
    told = _told(home, Lane(topic, int(index)))
    names = {name for number, name, _ in told if number > int(seq)}
    assert "OpportunityDecided" in names, "there were bars, and signals"
    assert "EntryBarred" in names
    assert "PositionOpened" not in names
    opened = {event.position for _, name, event in told if name == "PositionOpened"}
    assert opened
    assert opened == {event.position for _, name, event in told if name == "PositionClosed"}
    [shown] = json.loads(_run("risk", "mode", "--home", str(home), code=3))
    assert (shown["mode"], shown["trader_event"]) == ("killed", killed["trader_event"])


def _bars(folder: Path) -> Path:
    target = folder / "ETHUSDT_5m.csv"
    with gzip.open(SAMPLE / "ETHUSDT_5m_2025_03.csv.gz", "rt") as source:
        target.write_text("".join(islice(source, BARS + 1)))
    return target


def _start(*words: str) -> subprocess.Popen[bytes]:
    clean = without_settings()
    return subprocess.Popen(  # noqa: S603 - our own program
        [*PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean
    )


def _run(*words: str, code: int = 0) -> bytes:
    form = () if "-o" in words else ("-o", "json")
    process = _start(*words, *form)
    out, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == code, err.decode()
    return out


def _wait_for_an_order(home: Path, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        assert process.poll() is None, "it was over before an order was seen"
        if any(name == "PositionOpened" for _, name, _ in _told(home, Lane("km.trader.v1"))):
            return
        time.sleep(0.05)
    raise AssertionError(f"no order within {PATIENCE_S:g} s")


def _told(home: Path, lane: Lane) -> list[tuple[int, str, Any]]:
    """Return number, name and message of what a service decided, as far as it is durable."""
    kept = Home(home)
    if not kept.log.exists() or not (home / "desks.json").exists():
        return []
    log = SqliteLog(kept.log, kept.incarnation(), read_only=True)
    try:
        records = [one for one in accepted(log, lane) if one.kind.startswith("kingmaker.")]
    except sqlite3.OperationalError:  # the table is not made yet
        return []
    finally:
        log.close()
    return [(one.seq, one.kind.rpartition(".")[2], message_of(one)) for one in records]
