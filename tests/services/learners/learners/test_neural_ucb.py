"""The bandit: what it refuses, what it picks, and its doubt."""

from dataclasses import replace

import numpy as np
import pytest

from kingmaker.contracts.models import CONTEXT
from kingmaker.learners import training
from kingmaker.learners.experience import Experience, UnfitDataError
from kingmaker.learners.learners.neural_ucb import Bandit, Layers, NeuralUcb, _gradients, _mu
from tests.services.learners.trades import ARMS, Given, Trade, trades

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


WORTH, LEVEL = 0.6, 0.3  # risks: of the two arms that a feature decides between, of the third


def three_arms(count: int, seed: int) -> list[Trade]:
    """Return trades at which three arms fire, one of them picked by dice.

    Feature 0 says what the first is worth, and the second as much less; the third is even.
    """
    random, made = np.random.default_rng(1000 + seed), []
    for trade in trades(count, seed=seed):
        contexts = np.array(trade.contexts).reshape(ARMS, CONTEXT)
        contexts[:, -1] = np.arange(ARMS) < 3
        contexts[:, -2] = trade.direction * contexts[:, -1]
        arm = int(random.integers(3))
        net = trade.risk * (worths(contexts[:1, 0])[0, arm] + 0.8 * random.standard_normal())
        made.append(replace(trade, contexts=contexts.ravel().tolist(), arm=arm, signal_net=net))
    return made


def worths(feature: np.ndarray) -> np.ndarray:
    """Return what each of the three arms is worth."""
    return np.stack([WORTH * feature, -WORTH * feature, np.full(len(feature), LEVEL)], axis=1)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_candidate_picks_nearly_as_well_as_who_knows_what_arms_are_worth(seed: int) -> None:
    """Tolerance: 90 % of the best arm's worth, on other trades; dice earn a fifth of it."""
    parameters = {"holdout_share": 0.25, "l2": 30.0, "exploration": 0.1}
    made = training.train(
        "neural_ucb", Given(three_arms(1500, seed)), 7, parameters, lambda _: None
    )
    other = Experience.of(three_arms(4000, 100 + seed))
    action = training.open_session(made.model)(LEARNER.inputs(other))["action"]
    worth = worths(other.contexts[:, 0, 0])
    assert worth[np.arange(len(other)), action].mean() >= 0.9 * worth.max(axis=1).mean()
    assert worth.mean() < 0.2 * worth.max(axis=1).mean()
