"""How a learner fares on what it never saw, beside knowing nothing and the one that ships."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kingmaker.learners import learners
from kingmaker.learners.checks.fare import LOSSES, beside, steps_of
from kingmaker.learners.checks.run import fare
from kingmaker.learners.checks.subject import OwnLearnerError, faults, of_file
from kingmaker.learners.contract import Comparable, Decide
from kingmaker.learners.experience import Experience
from kingmaker.learners.policy import Policy
from tests.services.learners.checks.test_subject import MINE, written
from tests.services.learners.markets import market, regimes, trades_in
from tests.services.learners.trades import Given, Trade, trades

COARSE = """
from dataclasses import dataclass, replace

import numpy as np

from kingmaker.learners.contract import unheard
from kingmaker.learners.learners.online_learning import OnlineLearning

COMPONENT = "online_learning"


@dataclass(frozen=True, slots=True)
class Mine(OnlineLearning):
    def fit(self, batch, prior, seed, tell=unheard):
        state = OnlineLearning.fit(self, batch, prior, seed, tell)
        return {what}

    def evaluate(self, decide, holdout, learned):
        return {{"holdout_gain": 9.0, "holdout_gain_se": 0.1}}


def build(parameters):
    return Mine(l2=parameters["l2"])
"""
ALIKE = COARSE.replace(
    "state = OnlineLearning.fit(self, batch, prior, seed, tell)",
    "width = batch.setup.shape[1]; nothing = np.zeros(width + 1)",
)
SAYS_HALF = "Logistic(np.zeros(width), np.ones(width), nothing[1:], 0.0, nothing, nothing)"
ALWAYS_TEN = """
import numpy as np

from kingmaker.contracts.models import SETUP
from kingmaker.learners.export import GraphBuilder

COMPONENT = "slippage_latency"


class Mine:
    def fit(self, batch, prior, seed, tell):
        assert not batch.bars, "it asks for none"

    def update(self, state, batch):
        return state

    def inputs(self, batch):
        return {"features": batch.setup.astype(np.float32)}

    def reference(self, state, inputs):
        return {"score": np.full((len(inputs["features"]), 2), 10.0)}

    def export(self, state):
        graph = GraphBuilder(COMPONENT)
        nothing = graph.add("MatMul", "features", graph.floats(np.zeros((SETUP, 2))))
        graph.add("Add", nothing, graph.floats([10.0]), output="score")
        return graph.finish({})

    def evaluate(self, decide, holdout, learned):
        return {}


def build(parameters):
    return Mine()
"""
AGAINST_US = "replace(state, weights=-state.weights)"
FAILS = 'state["weights"]'


def fared(folder: Path, text: str, closed: list[Trade]) -> dict[str, Any]:
    [record] = fare(Given(closed), (written(folder, text),), (), lambda _name, _done: None)
    return record


def test_the_shipped_learner_itself_is_the_same_as_what_ships_and_finds_what_is_planted(
    tmp_path: Path,
) -> None:
    text = MINE.replace('PARAMETERS = {"l2": 7}', "")
    record = fared(tmp_path, text, trades(1_500))
    assert record["gain"]["knowing nothing"]["verdict"] == "better than knowing nothing"
    assert record["net"]["doing nothing"]["verdict"] == "better than doing nothing"
    for part in ("gain", "net"):
        against = record[part]["the one that ships"]
        assert (against["verdict"], against["mean"]) == ("the same as the one that ships", 0.0)
    assert (record["ok"], record["rows"], record["trainings"]) == (True, 900, 6)


def test_what_a_file_says_of_itself_does_not_count(tmp_path: Path) -> None:
    """Given weights turned round, and an evaluate that claims a gain of ninety errors."""
    record = fared(tmp_path, COARSE.format(what=AGAINST_US), trades(1_500))
    assert record["gain"]["knowing nothing"]["verdict"] == "worse than knowing nothing"
    assert record["gain"]["the one that ships"]["verdict"] == "worse than the one that ships"
    assert record["net"]["the one that ships"]["verdict"] == "worse than the one that ships"
    assert not record["ok"]


def test_where_nothing_can_be_known_nobody_is_better(tmp_path: Path) -> None:
    record = fared(tmp_path, MINE, trades(1_500, skill=0.0))
    assert not record["gain"]["knowing nothing"]["verdict"].startswith("better")
    assert not record["ok"]


@pytest.mark.parametrize(
    ("closed", "reason"),
    [(trades(0), "no closed trades: give more bars"), (trades(60), "trades are too few: 50")],
)
def test_too_few_trades_are_no_verdict(tmp_path: Path, closed: list[Trade], reason: str) -> None:
    record = fared(tmp_path, MINE, closed)
    assert reason in record["reason"]
    assert (record["ok"], record["gain"]) == (False, {})


def test_what_the_one_that_ships_cannot_learn_from_is_not_put_down_to_the_file(
    tmp_path: Path,
) -> None:
    """Given a learner that says one half of every trade, and first trades that all lose."""
    text = ALIKE.format(what=SAYS_HALF).replace("import OnlineLearning", "import *")
    first = [replace(trade, signal_net=-0.01) for trade in trades(300)[:120]]
    record = fared(tmp_path, text, [*first, *trades(300)[120:]])
    assert record["reason"].startswith("the one that ships could not be trained and judged: ")


def test_a_file_that_learns_from_trades_alone_is_judged_where_the_measure_reads_bars(
    tmp_path: Path,
) -> None:
    """Given entries whose cost is read from bars, and a learner that says ten basis points."""
    bars = market(regimes(6_000, 0.9, 1), 1)
    given = Given(trades_in(bars, 3), bars)
    [record] = fare(given, (written(tmp_path, ALWAYS_TEN),), (), lambda _name, _done: None)
    assert record["reason"] == ""
    assert set(record["gain"]) == {"knowing nothing", "the one that ships"}


def test_what_another_raises_is_not_put_down_to_the_file(tmp_path: Path) -> None:
    subject = of_file(written(tmp_path, MINE))
    batch = subject.experience(Given(trades(400)))

    def cannot_learn(_learned: Experience, _holdout: Experience) -> Decide:
        raise ZeroDivisionError

    def cannot_answer(_learned: Experience, _holdout: Experience) -> Decide:
        return lambda inputs: {"nothing": inputs["features"]}

    for make, words in ((cannot_learn, "ZeroDivisionError"), (cannot_answer, "KeyError")):
        with (
            pytest.raises(OwnLearnerError, match=f"^Pine failed, and not the file: {words}"),
            faults(subject),
        ):
            beside(subject, batch, {"Pine": make}, lambda _done: None)


def test_inputs_that_hold_the_outcome_are_no_verdict(tmp_path: Path) -> None:
    told = MINE.replace(
        "def build(parameters):\n    return OnlineLearning",
        "class Told(OnlineLearning):\n"
        "    def inputs(self, batch):\n"
        "        return {'features': OnlineLearning.inputs(self, batch)['features']"
        " + batch.won[:, None].astype('f4')}\n\n\n"
        "def build(parameters):\n    return Told",
    )
    assert told != MINE
    record = fared(tmp_path, told, trades(400))
    assert record["reason"].startswith("it looks ahead: features[0] of a trade")


def test_what_its_own_code_raises_is_told_with_the_line(tmp_path: Path) -> None:
    with pytest.raises(OwnLearnerError, match=r"mine\.py, line 16: it failed: TypeError"):
        fared(tmp_path, COARSE.format(what=FAILS), trades(400))


def test_the_line_is_told_also_where_the_file_is_named_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(written(tmp_path, COARSE.format(what=FAILS)).parent)
    with pytest.raises(OwnLearnerError, match=r"^mine\.py, line 16: it failed: TypeError"):
        list(fare(Given(trades(400)), (Path("mine.py"),), (), lambda _name, _done: None))


def test_each_step_learns_what_was_over_and_judges_what_came_next() -> None:
    batch = Experience.of(trades(500))
    steps = list(steps_of(batch))
    for learned, holdout in steps:
        assert learned.resolved_ms.max() <= holdout.decided_ms.min()
    judged = np.concatenate([holdout.decided_ms for _, holdout in steps])
    assert judged.tolist() == batch.decided_ms[200:].tolist()


@pytest.mark.parametrize("component", learners.names())
def test_every_learner_that_ships_brings_the_measure_of_its_component(component: str) -> None:
    learner = learners.load(component, Policy().parameters(component))
    assert isinstance(learner, Comparable)
    assert component in LOSSES
