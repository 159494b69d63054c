"""A training from closed trades to a judged bundle: same bytes, faithful graph, honest figures."""

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pytest

from kingmaker.learners import admission, training
from kingmaker.learners.contract import Arrays
from kingmaker.learners.experience import UnfitDataError
from kingmaker.learners.learners import NotInstalledError
from kingmaker.learners.learners.online_learning import Logistic, OnlineLearning
from kingmaker.learners.policy import Policy
from kingmaker.learners.training import Product, UnfaithfulGraphError
from tests.services.learners.bundles import check_parity_in_batches
from tests.services.learners.trades import Given, broken, trades

if TYPE_CHECKING:
    from kingmaker.learners.contract import Progress

PARAMETERS = {"holdout_share": 0.25, "l2": 30.0, "exploration": 0.1}
# Learn from these trades alone; every other learner's own test brings a world of its own.
COMPONENTS = ("neural_ucb", "online_learning")


def train(component: str, count: int = 600, *, skill: float = 2.0, seed: int = 7) -> Product:
    return training.train(
        component, Given(trades(count, skill=skill)), seed, PARAMETERS, lambda _: None
    )


@pytest.mark.parametrize("component", COMPONENTS)
def test_too_few_trades_teach_nothing(component: str) -> None:
    with pytest.raises(UnfitDataError, match="too few"):
        train(component, 60)


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_trade_that_is_not_finite_stops_the_training(component: str) -> None:
    rows = trades(600)
    rows[0] = broken(rows[0], float("nan"))
    with pytest.raises(UnfitDataError, match=rows[0].opportunity):
        training.train(component, Given(rows), 7, PARAMETERS, lambda _: None)


def test_a_component_without_a_learner_is_named() -> None:
    with pytest.raises(KeyError, match="tea_leaves has no learner"):
        train("tea_leaves")


def test_a_graph_that_answers_otherwise_than_its_learner_is_refused() -> None:
    product = train("online_learning")
    wrong = dict(product.golden)
    wrong["out.score"] = wrong["out.score"] + np.float32(1e-3)
    with pytest.raises(UnfaithfulGraphError, match="score is off"):
        training.check_parity(training.open_session(product.model), wrong)


def test_a_training_whose_graph_answers_otherwise_makes_no_product(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def otherwise(learner: OnlineLearning, state: Logistic, inputs: Arrays) -> Arrays:
        return {"score": faithful(learner, state, inputs)["score"].astype(np.float64) + 1e-3}

    faithful = OnlineLearning.reference
    monkeypatch.setattr(OnlineLearning, "reference", otherwise)
    with pytest.raises(UnfaithfulGraphError, match="score is off"):
        train("online_learning")


@pytest.mark.parametrize("component", COMPONENTS)
def test_the_graph_answers_as_the_reference_in_any_batch(component: str) -> None:
    check_parity_in_batches(train(component))


@pytest.mark.parametrize("component", COMPONENTS)
def test_the_same_trades_and_seed_give_the_same_bytes(component: str) -> None:
    first, second = train(component), train(component)
    assert first.digest == second.digest
    assert first.manifest == second.manifest
    assert {k: v.tobytes() for k, v in first.golden.items()} == {
        k: v.tobytes() for k, v in second.golden.items()
    }


@pytest.mark.parametrize("component", COMPONENTS)
def test_rows_in_a_batch_answer_as_they_do_alone(component: str) -> None:
    product = train(component)
    decide = training.open_session(product.model)
    inputs = {name[3:]: rows for name, rows in product.golden.items() if name.startswith("in.")}
    together = decide(inputs)
    for place in range(0, training.GOLDEN_ROWS, 16):
        alone = decide({name: rows[place : place + 1] for name, rows in inputs.items()})
        for name, answer in alone.items():
            assert answer.tobytes() == together[name][place : place + 1].tobytes()


@pytest.mark.parametrize("component", COMPONENTS)
def test_what_can_be_learned_becomes_a_candidate(component: str) -> None:
    metrics = train(component, 1200).metrics
    assert metrics["holdout_gain"] > 2 * metrics["holdout_gain_se"]
    assert not why_not_skilled(metrics)


@pytest.mark.parametrize("component", COMPONENTS)
def test_chance_is_not_taken_for_skill(component: str) -> None:
    assert "gain over the base rate" in why_not_skilled(train(component, 1200, skill=0.0).metrics)


def test_a_later_trade_changes_nothing_that_was_learned_before_the_holdout() -> None:
    rows = trades(600)
    later = [*rows[:-1], broken(rows[-1], 3.0)]
    first = training.train("online_learning", Given(rows), 7, PARAMETERS, lambda _: None)
    second = training.train("online_learning", Given(later), 7, PARAMETERS, lambda _: None)
    assert first.digest == second.digest
    assert first.dataset_digest != second.dataset_digest


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_training_tells_how_its_loss_falls(component: str) -> None:
    told: list[str | Progress] = []
    training.train(component, Given(trades(600)), 7, PARAMETERS, told.append)
    curve = [said for said in told if not isinstance(said, str)]
    assert [point["step"] for point in curve] == sorted({point["step"] for point in curve})
    assert curve[-1]["step"] <= curve[-1]["of"]
    assert curve[-1]["loss"] < curve[0]["loss"]
    assert json.loads(json.dumps(curve)) == curve


def test_a_learner_without_its_library_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "kingmaker.learners.learners.cvar_ppo", raising=False)
    monkeypatch.setitem(sys.modules, "jax", None)
    remedy = r"cvar_ppo learns with jax, .* pip install kingmaker\[learners\]"
    with pytest.raises(NotInstalledError, match=remedy):
        train("cvar_ppo")


def why_not_skilled(metrics: Mapping[str, float]) -> str:
    """Return what admission says about skill alone: made-up trades all have the same net."""
    reason = admission.why_not("online_learning", metrics, Policy())
    return "; ".join(part for part in reason.split("; ") if part.startswith("gain"))
