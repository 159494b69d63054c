"""A search for parameters in a real home: asked for, killed, cancelled, and what is left of it.

Real hours of EURUSD. What a search finds there is admitted, and that is chance: no evidence is
claimed for it.
"""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.learners.search import space
from kingmaker.runtime.bars import DEMO
from kingmaker.runtime.cli.main import run
from kingmaker.runtime.cli.opening import remember_desks
from kingmaker.runtime.home import Home
from kingmaker.runtime.settings import Learning, Settings
from tests.program import PROGRAM, without_settings
from tests.scenarios.playing import Stage

DESK = DEMO[2].model_copy(update={"min_trades": 100_000})  # nothing trains by itself
COMPONENT = "online_learning"
SLOT = f"{COMPONENT}@{DESK.name}"
LEARNED_UNTIL = 3_215  # market times: 431 closed trades
SETTINGS = Settings(desks=(DESK,), learning=Learning(components=("online_learning",)))
UNTIL_TRIAL = 3  # market times from a candidate to its trial
TRIALS = 4
MANY, SOME = 24, 3  # trials, and how many of them are made before a search is struck
LIFE_S_MAX = 600.0

type Completed = Any  # a message of the learners
WHY = ("--reason", "to see what it finds", "--actor", "ada")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Return a home with closed trades, of which nobody has learned. Only to be copied."""
    stage = Stage(Home(tmp_path_factory.mktemp("automl") / "home"), SETTINGS)
    stage.play(LEARNED_UNTIL)
    remember_desks(stage.home, [DESK.model_dump(exclude_none=True)])
    return stage


@pytest.fixture
def stage(played: Stage, tmp_path: Path) -> Stage:
    """Return a copy that a test may change."""
    return Stage(Home(Path(shutil.copytree(played.home.path, tmp_path / "home"))), SETTINGS)


def asked(stage: Stage, trials: int) -> Sequence[str]:
    words = ("train", "start", COMPONENT, "--tune", "--trials", str(trials), *WHY)
    return (*words, "--home", str(stage.home.path))


def search(stage: Stage, trials: int = TRIALS) -> int:
    return run([*asked(stage, trials)])


def shown(stage: Stage, capsys: pytest.CaptureFixture[str], *words: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    capsys.readouterr()
    run([*words, "-o", "json", "--home", str(stage.home.path)])
    return json.loads(capsys.readouterr().out)


def autogen(stage: Stage) -> Sequence[Any]:
    made = stage.events("registry", 0, "ModelRegistered")
    assert len(made) >= len(COMPONENTS)  # the bootstrap
    return [one for one in made if one.origin == space.AUTOGEN]


def test_a_search_offers_one_candidate_with_all_that_it_found(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    assert search(stage) == 0
    told = capsys.readouterr().err
    stage.play(UNTIL_TRIAL)
    [done] = stage.events("learners", 0, "TrainingCompleted")
    [model] = autogen(stage)
    assert (done.candidate, done.digest, done.slot) == (True, model.digest, SLOT)
    assert model.model == "v1.1.0-autogen"
    assert dict(model.tags) == {"autogen": "true"}
    assert dict(model.found) == dict(done.found)
    assert set(done.found) == set(space.SPACES[COMPONENT])
    assert done.metrics["search_trials"] == TRIALS
    assert 0.0 <= done.metrics["search_sharpe_deflated"] <= 1.0
    for number in range(1, TRIALS + 1):
        assert f"trial {number} of {TRIALS}: skill" in told
    [row] = shown(stage, capsys, "train", "ls")
    assert (row["training"], row["state"], row["result"]) == ("tr-0001", "done", "a candidate")
    assert row["trials"] == TRIALS
    assert row["found"] == dict(done.found)
    [trial] = shown(stage, capsys, "trial", "ls")
    assert trial["challenger"] == model.model
    seen = shown(stage, capsys, "model", "show", model.model)
    assert (seen["origin"], seen["tags"]) == ("autogen", {"autogen": "true"})
    assert seen["found"] == dict(done.found)
    assert seen["metrics"]["search_sharpe_deflated"] == done.metrics["search_sharpe_deflated"]
    [listed] = shown(stage, capsys, "learn", "scheduler")["automl"]["runs"]
    assert (listed["training"], listed["result"]) == ("tr-0001", "a candidate")
    run(["train", "logs", "--home", str(stage.home.path)])
    logs = capsys.readouterr().out
    assert f"trial {TRIALS} of {TRIALS}" in logs
    assert "of the search, before the hold-out was looked at" in logs


def test_a_search_that_dies_with_its_home_goes_on_to_the_same_product(
    stage: Stage, calm: Completed, capsys: pytest.CaptureFixture[str]
) -> None:
    with searching(stage) as home:
        [row] = shown(stage, capsys, "train", "ls")
        assert row["state"] == "running"
        assert f" of {MANY}" in row["result"]
        home.kill()  # SIGKILL
        home.wait()
    assert SOME <= trials_of(stage) < MANY
    stage.play(UNTIL_TRIAL)
    [done] = stage.events("learners", 0, "TrainingCompleted")
    assert done == calm
    run(["train", "logs", "--home", str(stage.home.path)])
    assert SOME - 1 <= went_on_after(capsys.readouterr().out) < MANY
    assert len(autogen(stage)) == calm.candidate


def test_a_search_that_is_cancelled_ends_and_goes_on_when_it_is_tried_again(
    stage: Stage, calm: Completed, capsys: pytest.CaptureFixture[str]
) -> None:
    path = ("--home", str(stage.home.path))
    with searching(stage) as home:
        assert run(["train", "cancel", "tr-0001", *WHY, *path]) == 0
        home.wait(LIFE_S_MAX)
    assert SOME <= trials_of(stage) < MANY
    [row] = shown(stage, capsys, "train", "ls")
    assert (row["state"], row["result"]) == ("cancelled", f"cancelled by ada: {WHY[1]}")
    assert not stage.events("learners", 0, "TrainingCompleted")
    assert run(["job", "retry", "tr-0001", *WHY, *path]) == 0
    assert SOME - 1 <= went_on_after(capsys.readouterr().err) < MANY
    [done] = stage.events("learners", 0, "TrainingCompleted")
    assert (done.digest, dict(done.metrics), dict(done.found)) == (
        calm.digest,
        dict(calm.metrics),
        dict(calm.found),
    )


@pytest.fixture(scope="module")
def calm(played: Stage, tmp_path_factory: pytest.TempPathFactory) -> Completed:
    """Return what a search came to that nobody struck."""
    path = tmp_path_factory.mktemp("calm") / "home"
    stage = Stage(Home(Path(shutil.copytree(played.home.path, path))), SETTINGS)
    assert search(stage, MANY) == 0
    [done] = stage.events("learners", 0, "TrainingCompleted")
    return done


@contextmanager
def searching(stage: Stage) -> Iterator[subprocess.Popen[bytes]]:
    """Yield the process of a home that searches, once some trials are made."""
    command = [*PROGRAM, *asked(stage, MANY)]
    home = subprocess.Popen(command, env=without_settings(), stderr=subprocess.DEVNULL)  # noqa: S603 - our own words
    ends = time.monotonic() + LIFE_S_MAX
    try:
        while trials_of(stage) < SOME:
            assert home.poll() is None, "it is at work until it is struck"
            assert time.monotonic() < ends, "it makes trials"
            time.sleep(0.02)
        yield home
    finally:
        home.kill()
        home.wait()


def went_on_after(told: str) -> int:
    """Return the trial after which a search says it goes on: one that was torn is made again."""
    [trial] = re.findall(rf"goes on after trial (\d+) of {MANY}", told)
    return int(trial)


def trials_of(stage: Stage) -> int:
    """Count the trials in the journal that were measured, the last of them perhaps not told."""
    files = (stage.home.path / "trainings").glob("*.search")
    lines = [line for file in files for line in file.read_text().splitlines()]
    told = [json.loads(line) for line in lines if line.endswith("}")]
    return sum("measured" in one.get("user_attr", {}) for one in told)
