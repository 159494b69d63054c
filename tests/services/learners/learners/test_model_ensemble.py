"""The ensemble: what is refused, which score gains, and that its graph takes weights as inputs."""

from dataclasses import replace

import numpy as np
import onnx
import pytest

from kingmaker.learners import admission, training
from kingmaker.learners.contract import Arrays
from kingmaker.learners.experience import Experience, UnfitDataError
from kingmaker.learners.learners.model_ensemble import ModelEnsemble, Scales
from kingmaker.learners.policy import Policy
from kingmaker.learners.training import Product
from kingmaker.revisions import Declaration
from kingmaker.revisions.declaration import read
from kingmaker.revisions.rules import rule_of
from tests.services.learners.trades import Given, Trade, broken
from tests.services.learners.worlds import scored

PARAMETERS = {"holdout_share": 0.25, "l2": 100.0}
LEARNER = ModelEnsemble(100.0)


def train(closed: list[Trade]) -> Product:
    return training.train("model_ensemble", Given(closed), 7, PARAMETERS, lambda _: None)


def drawn(seed: int = 3) -> Arrays:
    """Return scores far from any that were learned from, and weights."""
    random = np.random.default_rng(seed)
    return {
        "cloud": random.normal(0.0, 3.0, (256, 2)).astype(np.float32),
        "local": random.normal(0.0, 3.0, (256, 3)).astype(np.float32),
        "w_cloud": np.array([0.3, 0.4], np.float32),
        "w_local": np.array([0.05, 0.15, 0.1], np.float32),
    }


def test_few_trades_teach_nothing() -> None:
    with pytest.raises(UnfitDataError, match="49 trades with scores are too few"):
        LEARNER.fit(Experience.of(scored(49)), None, 0)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_trade_that_is_not_finite_stops_the_training(value: float) -> None:
    rows = scored(600)
    rows[3] = broken(rows[3], value)
    with pytest.raises(UnfitDataError, match=rows[3].opportunity):
        train(rows)


def test_trades_that_do_not_tell_their_scores_are_left_out() -> None:
    rows = scored(600)
    silent = [replace(trade, scores=()) for trade in rows[:100]]
    first = LEARNER.fit(Experience.of([*silent, *rows[100:]]), None, 0)
    assert first.count == 500
    assert LEARNER.export(first) == LEARNER.export(LEARNER.fit(Experience.of(rows[100:]), None, 0))
    assert train([*silent, *rows[100:]]).metrics["holdout_gain"] > 0.0


def test_scores_that_never_vary_tell_nothing() -> None:
    state = LEARNER.fit(Experience.of(scored(600)), None, 0)
    _, slope = state.lines(LEARNER.l2)
    assert (slope[:2] == 0.0).all()
    assert np.isinf(state.scale[:2]).all()


def test_where_no_score_ever_spoke_nothing_is_gained() -> None:
    silent = [replace(trade, scores=(0.0,) * 5) for trade in scored(600)]
    metrics = train(silent).metrics
    assert metrics["holdout_gain"] == 0.0
    assert metrics["weight_online"] == pytest.approx(1.0 / 3.0)
    assert admission.why_not("model_ensemble", metrics, Policy()) != ""


def test_a_score_that_is_wrong_more_often_than_right_is_not_turned_round() -> None:
    _, slope = LEARNER.fit(Experience.of(scored(2000, skill=-1.0)), None, 0).lines(LEARNER.l2)
    assert slope[3] == 0.0


@pytest.mark.parametrize(("knows", "name"), [(2, "pattern"), (3, "online"), (4, "s15")])
def test_the_score_that_knows_gains_whatever_its_scale(knows: int, name: str) -> None:
    metrics = train(scored(1600, knows=knows)).metrics
    weights = {key: value for key, value in metrics.items() if key.startswith("weight_")}
    assert max(weights, key=lambda key: weights[key]) == f"weight_{name}"
    assert weights[f"weight_{name}"] > 0.7
    assert weights["weight_cloud_1"] == 0.0  # an empty group cedes all
    assert sum(weights.values()) == pytest.approx(1.0)


def test_the_planted_slope_comes_out() -> None:
    """0.3 risks a deviation, less what cutting rewards at target and stop takes away."""
    batch = Experience.of(scored(6000))
    _, slope = LEARNER.fit(batch, None, 0).lines(LEARNER.l2)
    known = 0.3 * ((batch.net > -0.00999) & (batch.net < 0.01499)).mean()  # of a clipped normal
    assert slope[3] == pytest.approx(known, rel=0.15)


def test_what_can_be_learned_is_a_candidate_and_chance_is_not() -> None:
    metrics = train(scored(1600)).metrics
    assert admission.why_not("model_ensemble", metrics, Policy()) == ""
    metrics = train(scored(1600, skill=0.0)).metrics
    assert "gain over the base rate" in admission.why_not("model_ensemble", metrics, Policy())


def test_two_trainings_give_the_same_bytes() -> None:
    first, second = train(scored(600)), train(scored(600))
    assert first.digest == second.digest
    assert first.manifest == second.manifest


def test_two_updates_are_one_update_of_all_trades() -> None:
    rows = scored(900)
    fit = LEARNER.fit(Experience.of(rows[:300]), None, 0)
    once = LEARNER.update(fit, Experience.of(rows[300:]))
    half = LEARNER.update(fit, Experience.of(rows[300:600]))
    twice = LEARNER.update(half, Experience.of(rows[600:]))
    for name in ("count", "rewards", "level", "square", "product"):
        assert np.allclose(getattr(once, name), getattr(twice, name), rtol=1e-12)


@pytest.mark.parametrize("size", [1, 2, 7, 256])
def test_the_graph_answers_as_the_reference_in_any_batch(size: int) -> None:
    state = _odd(LEARNER.fit(Experience.of(scored(600)), None, 0))
    decide = training.open_session(LEARNER.export(state))
    rows = drawn()
    whole = decide(rows)["score"].astype(np.float32)
    expected = LEARNER.reference(state, rows)["score"].astype(np.float64)
    assert (np.abs(whole - expected) / np.maximum(1.0, np.abs(expected))).max() <= 1e-5
    part = {name: rows[name][:size] if name in ("cloud", "local") else rows[name] for name in rows}
    assert decide(part)["score"].tobytes() == whole[:size].tobytes()


def test_other_weights_need_no_other_file() -> None:
    state = _odd(LEARNER.fit(Experience.of(scored(600)), None, 0))
    decide = training.open_session(LEARNER.export(state))
    one = {**drawn(), "w_local": np.array([0.0, 0.3, 0.0], np.float32)}
    other = {**drawn(), "w_local": np.array([0.3, 0.0, 0.0], np.float32)}
    assert not np.array_equal(decide(one)["score"], decide(other)["score"])


def test_golden_rows_carry_the_weights_once() -> None:
    golden = train(scored(600)).golden
    assert golden["in.local"].shape == (training.GOLDEN_ROWS, 3)
    assert golden["in.w_local"].shape == (3,)
    assert golden["in.w_local"].sum() == pytest.approx(1.0)


def _odd(state: Scales) -> Scales:
    """Return scales in which every score varied and tells."""
    return replace(
        state,
        mean=np.array([0.5, -1.0, 0.001, 0.2, -0.3]),
        scale=np.array([1.0, 2.0, 0.002, 0.5, 1.5]),
        level=np.array([3.0, -2.0, 1.0, 5.0, -4.0]),
        square=np.full(5, 500.0),
        product=np.array([100.0, 50.0, 200.0, 20.0, 150.0]),
    )


def declared(model: bytes) -> Declaration:
    pairs = onnx.load_from_string(model).metadata_props
    return read(next(pair.value for pair in pairs if pair.key == "km.revision"))


def test_what_learns_on_is_the_same_graph_and_says_what_its_scores_have_earned() -> None:
    batch = Experience.of(scored(900))
    learner = ModelEnsemble(100.0, revisable=True)
    state = learner.fit(batch[:600], None, 0)
    plain, own = (onnx.load_from_string(one.export(state)) for one in (LEARNER, learner))
    assert plain.graph == own.graph
    declaration = declared(learner.export(state))
    rule = rule_of(declaration, "model_ensemble")
    memory = rule.begin(declaration)
    risks = zip(batch.scores[600:].tolist(), (batch.net / batch.risk)[600:].tolist(), strict=True)
    for row, reward in risks:
        memory = rule.step(declaration, memory, row, reward)
    assert rule.rebalance
    found = rule.vector(declaration, rule.rebalance(declaration, memory))
    given = learner.inputs(batch)
    expected = [*given["w_cloud"], *given["w_local"]]
    assert np.allclose(found, expected, atol=1e-6), "as if all trades had been history"
    assert found[3] > 0.7
    later = declared(learner.export(learner.update(state, batch[600:])))
    assert later.numbers == memory[: len(later.numbers)], "and so it can be exported"


def test_without_the_setting_an_ensemble_declares_nothing() -> None:
    state = LEARNER.fit(Experience.of(scored(100)), None, 0)
    assert b"km.revision" not in LEARNER.export(state)
