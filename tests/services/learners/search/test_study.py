"""A search: killed or not it finds the same, it says what it showed, and it names what fails."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kingmaker.learners import admission, training
from kingmaker.learners.experience import UnfitDataError
from kingmaker.learners.learners.online_learning import OnlineLearning
from kingmaker.learners.policy import Policy
from kingmaker.learners.search import folds, space
from kingmaker.learners.training import Product
from tests.services.learners.trades import Given, trades

COMPONENT, COUNT, SEED = "online_learning", 600, 7
WORLDS, NULL_TRADES = 12, 600
TOLD = {"holdout_share": 0.25, "l2": 100.0}
CHILD = """
import sys
from pathlib import Path
from kingmaker.learners import training
from kingmaker.learners.search import space
from tests.services.learners.trades import Given, trades
told = {"holdout_share": 0.25, "l2": 100.0} | space.parameters(50)
kept = (Path(sys.argv[1]), "tr-1")
training.train("online_learning", Given(trades(600)), 7, told, lambda _: None, kept)
"""


def train(
    folder: Path | None, *, trials: int = 6, count: int = COUNT, skill: float = 2.0, seed: int = 1
) -> Product:
    told = TOLD | (space.parameters(trials) if trials else {})
    kept = None if folder is None else (folder, "tr-1")
    given = Given(trades(count, skill=skill, seed=seed))
    return training.train(COMPONENT, given, SEED, told, lambda _: None, kept)


def test_fifty_trials_that_were_killed_end_with_the_same_product(tmp_path: Path) -> None:
    calm = train(None, trials=50)
    command = (sys.executable, "-c", CHILD, str(tmp_path))
    child = subprocess.Popen(command)  # noqa: S603 - our own words
    try:
        while not _made(tmp_path) >= 5:
            assert child.poll() is None, "it is at work until it is killed"
            time.sleep(0.02)
    finally:
        child.kill()  # SIGKILL
        child.wait()
    before = _made(tmp_path)
    assert 5 <= before < 50
    [journal] = tmp_path.iterdir()
    with journal.open("ab") as file:
        file.write(b'{"op_code": 4, "torn')  # what a crash in the middle of a line leaves
    again = train(tmp_path, trials=50)
    assert again.digest == calm.digest
    assert again.manifest == calm.manifest
    assert list(tmp_path.iterdir()) == [journal]


def test_a_product_has_its_origin_its_tag_its_parameters_and_its_deflation() -> None:
    product = train(None)
    assert product.manifest["origin"] == "autogen"
    assert product.manifest["tags"] == {"autogen": "true"}
    assert product.manifest["found"] == product.found
    assert set(product.found) == set(space.SPACES[COMPONENT])
    metrics = product.metrics
    assert metrics["search_trials"] == 6
    assert metrics["search_skill"] >= metrics["search_skill_present"]
    assert 0.0 <= metrics["search_sharpe_deflated"] <= 1.0
    assert 0.0 <= metrics["search_skill_deflated"] <= 1.0


def test_a_training_without_a_search_is_as_it_was() -> None:
    product = train(None, trials=0)
    assert product.found == {}
    assert product.manifest["origin"] == "trained"
    assert not [name for name in product.metrics if name.startswith("search")]


def test_ten_trades_are_too_few() -> None:
    with pytest.raises(UnfitDataError, match=r"none of 6 trials could be measured; .*too few"):
        train(None, count=10)


def test_an_objective_that_is_never_a_number_fails_with_its_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(folds, "GAIN", "never")
    monkeypatch.setattr(folds, "GAIN_SE", "never")
    nan = {"never": float("nan")}
    monkeypatch.setattr(OnlineLearning, "evaluate", lambda *_: nan)
    with pytest.raises(UnfitDataError, match=r"none of 6 trials .*its skill is no number"):
        train(None)


def test_where_there_is_nothing_to_learn_a_search_is_admitted_no_more_often() -> None:
    tuned = sum(_admitted(seed, 6) for seed in range(1, WORLDS + 1))
    plain = sum(_admitted(seed, 0) for seed in range(1, WORLDS + 1))
    assert tuned <= max(plain, 1)


def _admitted(seed: int, trials: int) -> bool:
    metrics = train(None, trials=trials, count=NULL_TRADES, skill=0.0, seed=seed).metrics
    return not admission.why_not(COMPONENT, metrics, Policy())


def _made(folder: Path) -> int:
    """Count the trials that came to an end in the journal."""
    lines = [line for file in folder.glob("*.search") for line in file.read_text().splitlines()]
    told = [json.loads(line) for line in lines if line.endswith("}")]
    return sum(one["op_code"] == 8 for one in told if one.get("user_attr", {}).get("measured"))
