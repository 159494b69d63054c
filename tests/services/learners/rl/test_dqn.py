"""Double DQN: in a world of known worth it acts nearly as well as one could."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from kingmaker.learners.contract import Floats
from kingmaker.learners.experience import UnfitDataError
from kingmaker.learners.rl import dqn, network, one_processor

DISCOUNT, COST, SPAN = 0.9, 0.05, 4.0
OPTIONS = dqn.Options(3000, DISCOUNT, 0.3)


def test_it_comes_near_the_best_policy() -> None:
    one_processor.start()
    random = np.random.default_rng(3)
    states = random.standard_normal((6000, 8))
    edge, noise = 0.3 * states[:, 0], 0.8 * random.standard_normal((6000, 2))
    rewards = np.stack([0.0 * edge, edge - COST + noise[:, 0], -edge - COST + noise[:, 1]], axis=1)
    spans = np.tile([1.0, SPAN, SPAN], (6000, 1))
    following = (np.arange(6000)[:, None] + spans.astype(int)) % 6000
    table = dqn.Table.of(states, rewards, following, spans)
    layers = dqn.train(table, OPTIONS, jax.random.key(1), lambda *_: None)
    fresh = random.standard_normal((50_000, 8))
    actions = network.answer(network.freeze(layers), fresh).argmax(axis=1)
    assert worth(actions, 0.3 * fresh[:, 0]) >= 0.9 * best(0.3 * fresh[:, 0])


def test_a_training_whose_loss_is_no_number_ends() -> None:
    one_processor.start()
    numbers = jnp.full((300, 3), jnp.nan, jnp.float32)
    table = dqn.Table.of(numbers, numbers, jnp.zeros((300, 3), jnp.int32), jnp.ones((300, 3)))
    with pytest.raises(UnfitDataError, match="diverged: its loss is nan at step 200 of 3000"):
        dqn.train(table, OPTIONS, jax.random.key(1), lambda *_: None)


def worth(actions: np.ndarray, edge: Floats) -> float:
    """Return the discounted worth of a policy where states are independent of each other."""
    paid = np.choose(actions, [0.0 * edge, edge - COST, -edge - COST]).mean()
    return float(paid / (1.0 - np.where(actions > 0, DISCOUNT**SPAN, DISCOUNT).mean()))


def best(edge: Floats) -> float:
    """Return the worth of the best policy, by value iteration."""
    value = 0.0
    for _ in range(300):
        acting = np.abs(edge) - COST + DISCOUNT**SPAN * value
        value = float(np.maximum(DISCOUNT * value, acting).mean())
    return value
