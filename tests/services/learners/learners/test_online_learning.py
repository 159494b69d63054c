"""The win probability: what it refuses, what it learns, and its learning trade by trade."""

from dataclasses import replace

import numpy as np
import pytest

from kingmaker.learners import training
from kingmaker.learners.experience import Experience, UnfitDataError
from kingmaker.learners.learners.online_learning import Logistic, OnlineLearning, build
from tests.services.learners.trades import Given, trades

LEARNER = OnlineLearning(l2=100.0)


def test_trades_that_all_lost_teach_nothing() -> None:
    batch = Experience.of([replace(trade, signal_net=-0.01) for trade in trades(100)])
    with pytest.raises(UnfitDataError, match="0 of 100 trades won"):
        LEARNER.fit(batch, None, 0)


def test_few_trades_teach_nothing() -> None:
    with pytest.raises(UnfitDataError, match="49 trades are too few"):
        LEARNER.fit(Experience.of(trades(49)), None, 0)


def test_a_column_that_never_varies_has_no_say() -> None:
    state = LEARNER.fit(Experience.of(trades(400)), None, 0)
    assert np.isinf(state.scale[-3:]).all()
    assert (state.weights[-3:] == 0.0).all()


def test_the_column_that_decides_gets_the_largest_weight() -> None:
    state = LEARNER.fit(Experience.of(trades(2000)), None, 0)
    assert np.abs(state.weights).argmax() == 0
    assert state.weights[0] > 0


def test_a_stronger_prior_believes_less() -> None:
    batch = Experience.of(trades(400))
    weak, strong = (build({"l2": l2}).fit(batch, None, 0).weights for l2 in (1.0, 1000.0))
    assert np.abs(strong).sum() < 0.5 * np.abs(weak).sum()


def test_learning_trade_by_trade_goes_on_from_the_fit() -> None:
    rows = trades(3000)
    fit = LEARNER.fit(Experience.of(rows[:300]), None, 0)
    later = LEARNER.update(fit, Experience.of(rows[300:2500]))
    holdout = Experience.of(rows[2500:])

    def loss(state: Logistic) -> float:
        answers = LEARNER.reference(state, LEARNER.inputs(holdout))
        chance = answers["score"][:, 0].astype(np.float64)
        return float(-np.log(np.where(holdout.won > 0, chance, 1.0 - chance)).mean())

    assert loss(later) < loss(fit)


def test_two_updates_are_one_update_of_all_trades() -> None:
    rows = trades(900)
    fit = LEARNER.fit(Experience.of(rows[:300]), None, 0)
    once = LEARNER.update(fit, Experience.of(rows[300:]))
    half = LEARNER.update(fit, Experience.of(rows[300:600]))
    twice = LEARNER.update(half, Experience.of(rows[600:]))
    assert np.allclose(once.weights, twice.weights, atol=1e-12)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_candidate_gains_nearly_what_who_knows_the_chances_gains(seed: int) -> None:
    """Tolerance: 85 % of what the true chance gains in log-loss over even odds, on other trades."""
    parameters = {"holdout_share": 0.25, "l2": 30.0}
    made = training.train(
        "online_learning", Given(trades(2000, seed=seed)), 7, parameters, lambda _: None
    )
    other = Experience.of(trades(4000, seed=100 + seed))
    score = training.open_session(made.model)(LEARNER.inputs(other))["score"][:, 0]
    known = 1.0 / (1.0 + np.exp(-2.0 * other.setup[:, 0]))  # as the trades were made

    def gain(chance: np.ndarray) -> float:
        return float(
            np.log(2.0) + (known * np.log(chance) + (1 - known) * np.log1p(-chance)).mean()
        )

    assert gain(score.astype(np.float64)) >= 0.85 * gain(known) > 0.19
