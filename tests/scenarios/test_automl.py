"""A search for parameters in a real home: asked for, killed, cancelled, and what is left of it.

Real hours of EURUSD. What a search finds there is admitted, and that is chance: no evidence is
claimed for it.
"""

import json
import shutil
from collections.abc import Sequence
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
from tests.scenarios.playing import Stage

DESK = DEMO[2].model_copy(update={"min_trades": 100_000})  # nothing trains by itself
COMPONENT = "online_learning"
SLOT = f"{COMPONENT}@{DESK.name}"
LEARNED_UNTIL = 3_215  # market times: 431 closed trades
SETTINGS = Settings(desks=(DESK,), learning=Learning(components=("online_learning",)))
UNTIL_TRIAL = 3  # market times from a candidate to its trial
TRIALS = 4
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


def search(stage: Stage, *words: str) -> int:
    asked = ("train", "start", COMPONENT, "--tune", "--trials", str(TRIALS), *words, *WHY)
    return run([*asked, "--home", str(stage.home.path)])


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
    [trial] = shown(stage, capsys, "trial", "ls")
    assert trial["challenger"] == model.model
