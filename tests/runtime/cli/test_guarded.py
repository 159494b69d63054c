"""What a person sees of a desk whose guard stepped in, and of a market that drifted."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kingmaker.contracts.codec import Codec
from kingmaker.kernel.lane import Draft, Lane, Pen, frame
from kingmaker.risk import service as risk
from kingmaker.risk.domain import DriftDetected, Event
from kingmaker.runtime.cli.opening import remember_desks
from kingmaker.runtime.home import Home
from kingmaker.runtime.settings import Settings
from kingmaker.runtime.settings_risk import Drift, Guard
from kingmaker.runtime.sqlite_log import SqliteLog
from tests.runtime.cli.conftest import Call
from tests.runtime.short_play import EURUSD
from tests.scenarios.playing import Stage
from tests.services.risk.desk import DESK
from tests.services.risk.test_drift import told

HOW_TO = Path(__file__).parents[3] / "docs/how-to/guard-and-drift.md"
PAUSED_AT = 960  # market times: the guard has just paused this desk


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home with a guard that paused its desk. Only to be looked at."""
    settings = Settings(desks=(EURUSD,), guard=Guard(enabled=True), drift=Drift(enabled=True))
    stage = Stage(Home(tmp_path_factory.mktemp("guarded") / "home"), settings)
    stage.play(PAUSED_AT)
    remember_desks(stage.home, [EURUSD.model_dump(exclude_none=True)])
    return stage.home


@pytest.fixture(scope="module")
def drifted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, list[DriftDetected]]:
    """Return a home with all that risk said of a market that grew wild, and what it told."""
    home = Home(tmp_path_factory.mktemp("drifted") / "home")
    home.begin()
    remember_desks(home, [{"name": DESK}])
    said = list(told(wild=True)[1])
    log = SqliteLog(home.log, home.incarnation())
    lane, pen = Lane("km.risk.v1"), Pen(1, "risk")
    begun = frame(lane.genesis(log.incarnation), pen, [Draft("km.Started", b"{}")])
    log.append(lane, begun)
    log.append(lane, frame(begun[-1].position, replace(pen, time_ms=1), list(_drafts(said))))
    log.commit()
    log.close()
    return home, [one for one in said if isinstance(one, DriftDetected)]


def _drafts(said: list[Event]) -> Iterator[Draft]:
    codec = Codec[Event](risk.EVENTS)
    yield from map(codec.encode, said)


def test_the_modes_tell_where_the_guard_stands_and_why(call: Call, guarded: Home) -> None:
    [row] = call("risk", "mode", "-o", "json", home=guarded).json
    assert (row["mode"], row["guard"], row["guard_cause"]) == ("normal", "paused", "win_rate")
    assert row["guard_win_rate"] < 0.45, "of the latest trades, not of those at the step"
    assert row["guard_event"].startswith("km.risk.v1/0/")
    assert row["guard_trader_event"].startswith("km.trader.v1/0/")
    shown = call("risk", "mode", home=guarded)
    assert shown.code == 0, "only a kill is told by the exit code"
    guard = shown.out.splitlines()[2:]
    assert guard[0].split()[:4] == ["DESK", "GUARD", "SINCE", "BECAUSE"]
    assert guard[1].split()[:2] == ["eurusd-1h", "paused"]
    assert row["guard_trader_event"] in guard[1]


def test_status_has_a_row_of_the_guard_and_one_a_symbol_of_drift(call: Call, guarded: Home) -> None:
    found = call("status", "-o", "json", home=guarded).json
    [guard], [drift] = found["guards"], found["drift"]
    assert (guard["desk"], guard["level"]) == ("eurusd-1h", "paused")
    assert guard["trades"] >= 20
    assert (drift["symbol"], drift["windows"], drift["against"]) == ("EURUSD", 3, "")
    assert drift["worst"] is None, "nothing to compare with yet"
    shown = call("status", home=guarded).out
    assert re.search(r"^eurusd-1h +paused +2017-02-2", shown, re.MULTILINE)
    assert re.search(r"^EURUSD +eurusd-1h +3 +- +- ", shown, re.MULTILINE)


def test_status_names_the_features_that_drifted(
    call: Call, drifted: tuple[Home, list[DriftDetected]]
) -> None:
    home, detected = drifted
    [row] = call("status", "-o", "json", home=home).json["drift"]
    assert (row["symbol"], row["desk"], row["against"]) == ("ASH", DESK, "first windows")
    assert "wick_up" in row["drifted"].split(", ")
    assert row["detected"] == len(detected) > 1
    assert row["last_ms"] == detected[-1].time_ms
    assert row["worst"] > 3.0
    shown = call("status", home=home).out
    assert "BEYOND THE LIMIT" in shown
    assert f"{row['worst']:.1f} sigma" in shown


def test_a_home_without_either_shows_neither(call: Call, crowned: Home) -> None:
    assert "GUARD" not in call("risk", "mode", home=crowned).out
    found = call("status", "-o", "json", home=crowned).json
    assert found["guards"] == found["drift"] == []


def _commands() -> list[str]:
    text = HOW_TO.read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("command", _commands())
def test_the_commands_of_the_how_to_work_as_written(
    call: Call, guarded: Home, command: str
) -> None:
    program, *words = shlex.split(command)
    assert program == "kingmaker"
    called = call(*words, home=guarded)
    assert called.code == 0, called.err


def test_what_the_how_to_says_of_cuts_stands_in_the_log(call: Call, guarded: Home) -> None:
    everything = ("events", "tail", "trader", "--last", "10000", "-o", "jsonl", "--kind")
    opened = call(*everything, "PositionOpened", home=guarded).out
    assert '"cut": 0.5' in opened
    assert '"cut"' not in opened.splitlines()[0], "the first was taken whole"
    assert '"reason": "guard"' in call(*everything, "EntryBarred", home=guarded).out
