"""The bandit: what it refuses, what it picks, and its doubt."""

import numpy as np
import pytest

from kingmaker.contracts.models import CONTEXT
from kingmaker.learners.experience import Experience, UnfitDataError
from kingmaker.learners.learners.neural_ucb import Bandit, Layers, NeuralUcb, _gradients, _mu
from tests.services.learners.trades import ARMS, trades

LEARNER = NeuralUcb(l2=30.0, exploration=0.1)


def test_few_trades_teach_nothing() -> None:
    with pytest.raises(UnfitDataError, match="49 trades are too few"):
        LEARNER.fit(Experience.of(trades(49)), None, 0)


def test_an_arm_that_did_not_fire_is_never_picked() -> None:
    batch = Experience.of(trades(300))
    state = LEARNER.fit(batch, None, 3)
    contexts = LEARNER.inputs(batch)["contexts"].copy()
    contexts[:, :, CONTEXT - 1] = 0.0
    contexts[:, 2, CONTEXT - 1] = 1.0
    assert (LEARNER.reference(state, {"contexts": contexts})["action"] == 2).all()


def test_a_gradient_is_the_slope_of_the_reward() -> None:
    random = np.random.default_rng(5)
    weights, row = random.standard_normal(577), random.standard_normal((1, CONTEXT))
    exact = _gradients(Layers.of(weights), row)[0]
    for place in (0, 100, 543, 544, 560, 575, 576):
        nudge = np.zeros(577)
        nudge[place] = 1e-6
        above, below = (_mu(Layers.of(weights + sign * nudge), row)[0] for sign in (1, -1))
        assert exact[place] == pytest.approx((above - below) / 2e-6, abs=1e-6)


def test_doubt_shrinks_with_what_was_seen() -> None:
    rows = trades(1200)
    batch = Experience.of(rows[:300])
    fit = LEARNER.fit(batch, None, 3)
    later = LEARNER.update(fit, Experience.of(rows[300:]))

    def doubt(state: Bandit) -> float:
        moved = Bandit(state.mean, state.scale, fit.weights, state.diagonal)
        return float(LEARNER.reference(moved, LEARNER.inputs(batch))["sigma"].mean())

    assert doubt(later) < doubt(fit)


def test_a_trade_teaches_the_reward_of_its_own_arm() -> None:
    rows = trades(2000)
    state = LEARNER.fit(Experience.of(rows[:1500]), None, 3)
    holdout = Experience.of(rows[1500:])
    mu = LEARNER.reference(state, LEARNER.inputs(holdout))["mu"].astype(np.float64)
    picked = mu[np.arange(len(holdout)), holdout.arm]
    assert np.corrcoef(picked, holdout.net)[0, 1] > 0.3
    assert mu.shape == (500, ARMS)


def test_another_seed_begins_elsewhere() -> None:
    batch = Experience.of(trades(300))
    assert not np.array_equal(
        LEARNER.fit(batch, None, 1).weights, LEARNER.fit(batch, None, 2).weights
    )
