"""PPO under a limit: fear costs return and spares the tail; what diverges ends."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from kingmaker.learners.contract import Floats
from kingmaker.learners.experience import UnfitDataError
from kingmaker.learners.rl import network, one_processor, ppo

SIZES = np.array([0.0, 0.5, 1.0, 1.5])


def world(count: int, seed: int) -> tuple[Floats, Floats]:
    """Return rows and rewards: the flag in column 1 pays more, with rare and large losses."""
    random = np.random.default_rng(seed)
    rows = random.standard_normal((count, 12))
    flag = random.random(count) < 0.2
    rows[:, 1] = 2.0 * flag - 1.0
    crash = flag & (random.random(count) < 0.1)
    noise = 0.5 * random.standard_normal(count)
    return rows, (0.4 * rows[:, 0] + 0.9 * flag - 8.0 * crash + noise) / 8.0


def returns(floor: float, rows: Floats, rewards: Floats) -> tuple[float, float]:
    """Return mean and CVaR of an episode on rows never seen, after a training with this floor."""
    one_processor.start()
    learned, paid = world(3000, 1)
    table = ppo.Table.of(learned, paid, SIZES)
    options = ppo.Options(100, 0.05, floor, 0.3)
    nets = ppo.train(table, options, jax.random.key(0), lambda _at, _told: None)
    sizes = SIZES[network.answer(network.freeze(nets.policy), rows).argmax(axis=1)]
    total = np.concatenate([[0.0], (sizes * rewards).cumsum()])
    episodes = np.sort(total[64:] - total[:-64])
    return float(episodes.mean()), float(episodes[: len(episodes) // 20].mean())


def test_a_limit_spares_the_worst_episodes_and_costs_some_of_the_mean() -> None:
    rows, rewards = world(20_000, 77)
    mean, worst = returns(-np.inf, rows, rewards)
    careful, spared = returns(-0.5, rows, rewards)
    assert worst < 0.0
    assert spared >= 0.6 * worst
    assert careful >= 0.65 * mean


def test_a_training_whose_loss_is_no_number_ends() -> None:
    one_processor.start()
    rows = jnp.full((200, 3), jnp.nan, jnp.float32)
    table = ppo.Table.of(rows, jnp.zeros(200), SIZES)
    with pytest.raises(UnfitDataError, match="diverged: its loss is nan at iteration 10 of 20"):
        ppo.train(
            table, ppo.Options(20, 0.05, 0.0, 0.0), jax.random.key(0), lambda _at, _told: None
        )
