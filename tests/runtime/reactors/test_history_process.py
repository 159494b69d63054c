"""The process of a run over past bars: what it plays, what it counts, the same bits every time."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, cast

import pytest

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.kernel.lane import Lane
from kingmaker.learners.policy import Policy
from kingmaker.learners.walk_forward import learn
from kingmaker.runtime.history import accepted
from kingmaker.runtime.home import Home
from kingmaker.runtime.reactors import history_process
from kingmaker.runtime.reactors.history_process import Asked, Learn, answer
from kingmaker.runtime.sqlite_log import SqliteLog
from tests.runtime.reactors.past import BAR_MS, asked, play

BARS, FEW, MANY = 2_200, 10, 4_500  # each of nine wants a hundred trades to be judged on
LIGHT = ("neural_ucb", "online_learning")
PARAMETERS = {
    f"{name}.{key}": value for name in LIGHT for key, value in Policy().parameters(name).items()
}
COMMAND = (sys.executable, "-m", history_process.__name__)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return play(tmp_path_factory.mktemp("played") / "home", BARS)


def run(wanted: Asked) -> dict[str, Any]:
    return answer(wanted, cast("Learn", learn), lambda _words: None)


def lessons(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["component"]: one for one in found["lessons"]}


def programs(home: Home) -> list[str]:
    """Return the names of what trainings compiled and kept."""
    return sorted(path.name for path in home.compiled.glob("*/*-cache.*"))


def in_a_process(wanted: Asked) -> dict[str, Any]:
    """Return the last line that a process of its own says."""
    fields = asdict(wanted)
    outer = {name: fields.pop(name) for name in ("log", "artifacts", "lane", "compiled")}
    line = json.dumps({**outer, "started": fields}) + "\n"
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(  # noqa: S603 - our own module
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(line)
    process.stdin.flush()  # it stays open: a process whose parent is gone ends
    said = [json.loads(one) for one in process.stdout]
    process.stdin.close()
    process.stdout.close()
    assert process.wait() == 0
    found: dict[str, Any] = said[-1]
    return found


def test_nine_components_report_and_two_runs_in_processes_give_equal_digests(
    tmp_path: Path,
) -> None:
    longer = play(tmp_path / "home", MANY)
    wanted = asked(longer, compiled=str(longer.compiled))
    first, compiled = in_a_process(wanted), programs(longer)
    second = in_a_process(replace(wanted, run="hist-0002"))
    assert (first["bars"], first["trades"] > 500) == (MANY, True)
    assert [one["component"] for one in first["lessons"]] == sorted(COMPONENTS)
    silent = {one["component"]: one["reason"] for one in first["lessons"] if "reason" in one}
    assert not silent
    assert len({one["digest"] for one in first["lessons"]}) == len(COMPONENTS)
    assert first == second, "with nothing compiled, and with all of it"
    assert len(compiled) > 10
    assert programs(longer) == compiled, "the second compiles nothing"
    assert not (longer.path / history_process.FOLDER / "hist-0001").exists()


def test_ten_bars_are_refused_with_how_many_are_needed(tmp_path: Path) -> None:
    found = run(asked(play(tmp_path / "home", FEW)))
    assert found["reason"] == "10 bars of a symbol, over 96 are needed"
    assert (found["bars"], "lessons" in found) == (FEW, False)


def test_a_desk_without_a_bar_is_refused(home: Home) -> None:
    found = run(asked(home, until_ms=5))
    assert found["reason"] == "oak has no bar before 5: nothing to learn from"


def test_the_same_sources_as_before_play_nothing(home: Home) -> None:
    first = run(asked(home, LIGHT))
    again = run(asked(home, LIGHT, known=first["sources_digest"]))
    assert "lessons" not in again
    assert again["sources_digest"] == first["sources_digest"]


@pytest.mark.parametrize(
    "changed",
    [
        {"days": 3},
        {"seeds": dict.fromkeys(LIGHT, 8)},
        {"until_ms": -1},
        {"parameters": {**PARAMETERS, "online_learning.holdout_share": 0.3}},
    ],
)
def test_other_bars_or_other_work_are_other_sources(home: Home, changed: dict[str, object]) -> None:
    first = run(asked(home, LIGHT))
    if "until_ms" in changed:
        changed = {"until_ms": first["bars_until_ms"] - BAR_MS}
    other = run(asked(home, LIGHT, known=first["sources_digest"], **changed))
    assert other["sources_digest"] != first["sources_digest"]


def test_only_the_latest_days_are_played(home: Home) -> None:
    found = run(asked(home, LIGHT, days=2))
    assert found["bars"] == 2 * 288
    assert found["bars_until_ms"] - found["bars_from_ms"] == 2 * 86_400_000


def test_no_bar_later_than_the_run_is_seen(home: Home) -> None:
    until_ms = run(asked(home, LIGHT))["bars_until_ms"] - 100 * BAR_MS
    found = run(asked(home, LIGHT, until_ms=until_ms))
    assert (found["bars"], found["bars_until_ms"]) == (BARS - 100, until_ms)


def test_bars_and_trades_that_were_taught_before_are_not_counted_again(home: Home) -> None:
    whole = run(asked(home, LIGHT))
    before_ms = whole["bars_until_ms"] - 288 * BAR_MS
    taught = {"neural_ucb": whole["bars_until_ms"], "online_learning": before_ms}
    found = lessons(run(asked(home, LIGHT, taught=taught)))
    assert (found["neural_ucb"]["new_bars"], found["neural_ucb"]["new_trades"]) == (0, 0)
    assert found["online_learning"]["new_bars"] == 288
    assert 0 < found["online_learning"]["new_trades"] < whole["trades"]
    assert lessons(whole)["online_learning"]["new_bars"] == BARS


def test_a_light_run_goes_on_from_the_run_before(home: Home) -> None:
    whole = run(asked(home, LIGHT))
    base = run(asked(home, LIGHT, until_ms=whole["bars_until_ms"] - 288 * BAR_MS))
    began = {"base_from_ms": base["bars_from_ms"], "base_until_ms": base["bars_until_ms"]}
    light = run(asked(home, LIGHT, **began))
    assert light["bars"] == whole["bars"]
    assert light["sources_digest"] != whole["sources_digest"]
    for name, lesson in lessons(light).items():
        assert lesson["digest"] != lessons(base)[name]["digest"], name


def test_what_a_component_cannot_learn_from_stops_no_other_one(home: Home) -> None:
    def picky(component: str, *rest: Any) -> Any:  # noqa: ANN401 - as it is there
        if component == "neural_ucb":
            raise ValueError("it is picky")
        return learn(component, *rest)

    found = answer(asked(home, LIGHT), picky, lambda _words: None)
    assert lessons(found)["neural_ucb"]["reason"] == "it is picky"
    assert "digest" not in lessons(found)["neural_ucb"]
    assert lessons(found)["online_learning"]["digest"]


def test_the_home_is_read_and_no_record_of_it_changes(home: Home) -> None:
    def hashes() -> str:
        log = SqliteLog(home.log, home.incarnation(), read_only=True)
        try:
            lanes = [Lane(f"km.{name}.v1") for name in ("trader", "shadow", "promotion")]
            found = [record.hash for lane in lanes for record in accepted(log, lane)]
        finally:
            log.close()
        return hashlib.sha256(repr(found).encode()).hexdigest()

    before = hashes()
    run(asked(home, LIGHT))
    assert hashes() == before, "no pair of a trial may come from it"


def test_what_a_killed_run_left_is_swept_away(home: Home) -> None:
    left = home.path / history_process.FOLDER / "hist-0001" / "home"
    left.mkdir(parents=True)
    (left / "log.sqlite").write_text("torn", encoding="utf-8")
    assert run(asked(home, LIGHT))["lessons"]
    assert not left.exists()
