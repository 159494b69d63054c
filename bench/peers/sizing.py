"""Sizing by PPO, and stable-baselines3's PPO on the same episodes of trades: speed and tail.

Both play 128 episodes of 64 trades at once with the same networks and schedule, on one thread. The
peer sees what our critic sees; its environment is a vectorised one in numpy, its fastest set-up. A
limit on the worst episodes is set on our side only: the peer knows none, it maximises the mean.
"""

import time
from collections.abc import Iterator
from typing import Any

import gymnasium
import jax
import numpy as np
import stable_baselines3
import torch
from stable_baselines3.common.vec_env import VecEnv

from bench.figures import Figure, Goal
from kingmaker.learners.contract import Floats
from kingmaker.learners.rl import network, one_processor, ppo

TRADES, FEATURES, SEEN = 4_000, 62, 2
ITERATIONS, PEER_ITERATIONS = 100, 100
SIZES = np.array([0.0, 0.5, 1.0, 1.5])
ALPHA = 0.05
WHOLE = "all episodes are one environment, in arrays; there is no single one to be asked"


class Episodes(VecEnv):  # type: ignore[misc] # the peer ships no types here
    """The environment as the peer takes it: all episodes step together."""

    def __init__(self, rows: Floats, rewards: Floats) -> None:
        """Begin at random places."""
        self._rows, self._rewards = rows.astype(np.float32), rewards
        self._random = np.random.default_rng(0)
        width = rows.shape[1] + SEEN
        seen = gymnasium.spaces.Box(-np.inf, np.inf, (width,), np.float32)
        super().__init__(ppo.EPISODES, seen, gymnasium.spaces.Discrete(len(SIZES)))
        self._actions = np.zeros(ppo.EPISODES, np.int64)
        self._places, self._earned, self._at = self._begun()

    def reset(self) -> Floats:
        """Return the first rows."""
        self._places, self._earned, self._at = self._begun()
        return self._seen()

    def step_async(self, actions: np.ndarray) -> None:
        """Keep the sizes."""
        self._actions = actions

    def step_wait(self) -> Any:  # noqa: ANN401 - the peer's own tuple
        """Pay the sizes; all episodes end together."""
        paid = SIZES[self._actions] * self._rewards[self._places]
        self._earned += paid
        self._at += 1
        self._places = (self._places + 1) % len(self._rewards)
        over = self._at == ppo.LENGTH
        infos: list[dict[str, Any]] = [{} for _ in range(ppo.EPISODES)]
        if over:
            last = self._seen()
            infos = [{"terminal_observation": row} for row in last]
            self._places, self._earned, self._at = self._begun()
        return self._seen(), paid.astype(np.float32), np.full(ppo.EPISODES, over), infos

    def close(self) -> None:
        """Nothing is open."""

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:  # noqa: ANN401 - the peer's
        """Return what all episodes share, once each; None where they share nothing."""
        return [getattr(self, attr_name, None)] * self._count(indices)

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:  # noqa: ANN401 - the peer's
        """Refuse: there are no single environments."""
        raise NotImplementedError(f"set_attr({attr_name!r}): {WHOLE}")

    def env_method(self, method_name: str, *args: Any, **kwargs: Any) -> list[Any]:  # noqa: ANN401 - the peer's
        """Refuse: there are no single environments."""
        raise NotImplementedError(f"env_method({method_name!r}): {WHOLE}")

    def env_is_wrapped(self, wrapper_class: Any, indices: Any = None) -> list[bool]:  # noqa: ANN401 - the peer's
        """Tell that nothing is wrapped."""
        del wrapper_class
        return [False] * self._count(indices)

    def _count(self, indices: Any) -> int:  # noqa: ANN401 - the peer's
        return ppo.EPISODES if indices is None else len(indices)

    def _begun(self) -> tuple[np.ndarray, Floats, int]:
        """Return places to begin at, nothing earned, no step taken."""
        places = self._random.integers(0, len(self._rewards), ppo.EPISODES)
        return places, np.zeros(ppo.EPISODES), 0

    def _seen(self) -> Floats:
        left = np.full(ppo.EPISODES, 1.0 - self._at / ppo.LENGTH)
        seen: Floats = np.column_stack([self._rows[self._places], self._earned, left])
        return seen.astype(np.float32)


def measure() -> Iterator[Figure]:
    """Yield steps a second against the peer's, and the worst episodes of both."""
    torch.set_num_threads(1)
    one_processor.start()
    rows, rewards = _world(TRADES, 1)
    ours, compile_s, carefully = _ours(rows, rewards)
    theirs, peer = trained(rows, rewards, PEER_ITERATIONS)
    fresh, paid = _world(20_000, 77)
    mine = _episodes(SIZES[network.answer(carefully, fresh).argmax(axis=1)], paid)
    other = _peer_episodes(peer, fresh, paid)
    yield Figure(
        "sizing: steps a second against stable-baselines3",
        ours / theirs,
        goal=Goal(4.0, at_least=True),
        notes=(
            f"{ours:,.0f} : {theirs:,.0f}; {ppo.EPISODES} episodes at once, one thread each",
            f"compiled once in {compile_s:.1f} s, which is left out",
        ),
    )
    yield Figure(
        "sizing: CVaR 5 % of an episode over stable-baselines3's",
        mine[1] - other[1],
        goal=Goal(0.0, at_least=True),
        notes=(
            f"mean and CVaR {mine[0]:.2f}, {mine[1]:.2f} : {other[0]:.2f}, {other[1]:.2f}",
            "a limit on the worst episodes on our side only; the peer maximises the mean",
        ),
    )


def _ours(rows: Floats, rewards: Floats) -> tuple[float, float, network.Numbers]:
    """Return steps a second after the compilation, its seconds, and the careful policy."""
    table = ppo.Table.of(rows, rewards, SIZES)
    options = ppo.Options(ITERATIONS, ALPHA, -0.5, 0.5)
    times = [time.perf_counter()]
    nets = ppo.train(
        table, options, jax.random.key(0), lambda _at, _told: times.append(time.perf_counter())
    )
    steps = (ITERATIONS - ppo.BLOCK) * ppo.EPISODES * ppo.LENGTH
    return steps / (times[-1] - times[1]), times[1] - times[0], network.freeze(nets.policy)


def trained(rows: Floats, rewards: Floats, iterations: int) -> tuple[float, Any]:
    """Return steps a second of the peer, and its model; an iteration has 8,192 steps."""
    model = stable_baselines3.PPO(
        "MlpPolicy",
        Episodes(rows, rewards),
        learning_rate=ppo.LEARNING_RATE,
        n_steps=ppo.LENGTH,
        batch_size=ppo.EPISODES * ppo.LENGTH // ppo.MINIBATCHES,
        n_epochs=ppo.EPOCHS,
        gamma=1.0,
        gae_lambda=ppo.TRACE,
        ent_coef=ppo.ENTROPY,
        policy_kwargs={"net_arch": list(ppo.HIDDEN)},
        seed=0,
        device="cpu",
    )
    steps = iterations * ppo.EPISODES * ppo.LENGTH
    began = time.perf_counter()
    model.learn(steps)
    return steps / (time.perf_counter() - began), model


def _world(count: int, seed: int) -> tuple[Floats, Floats]:
    """Return rows and rewards: some trades pay a little more, and now and then lose far more."""
    random = np.random.default_rng(seed)
    rows = random.standard_normal((count, FEATURES))
    flag = random.random(count) < 0.2  # noqa: PLR2004 - the world's share
    rows[:, 1] = 2.0 * flag - 1.0
    crash = flag & (random.random(count) < 0.1)  # noqa: PLR2004 - the world's share
    noise = 0.5 * random.standard_normal(count)
    return rows, (0.4 * rows[:, 0] + 0.9 * flag - 8.0 * crash + noise) / 8.0


def _episodes(sizes: Floats, rewards: Floats) -> tuple[float, float]:
    """Return mean and CVaR of the episodes."""
    total = np.concatenate([[0.0], (sizes * rewards).cumsum()])
    return _mean_and_tail(total[ppo.LENGTH :] - total[: -ppo.LENGTH])


def _peer_episodes(peer: Any, rows: Floats, rewards: Floats) -> tuple[float, float]:  # noqa: ANN401 - the peer's
    """Return the same of the peer, which is told what each episode has earned so far."""
    count = len(rewards) - ppo.LENGTH + 1
    earned = np.zeros(count)
    for at in range(ppo.LENGTH):
        left = np.full(count, 1.0 - at / ppo.LENGTH)
        seen = np.column_stack([rows[at : at + count], earned, left]).astype(np.float32)
        sizes = SIZES[peer.predict(seen, deterministic=True)[0]]
        earned += sizes * rewards[at : at + count]
    return _mean_and_tail(earned)


def _mean_and_tail(episodes: Floats) -> tuple[float, float]:
    returns = np.sort(episodes)
    return float(returns.mean()), float(returns[: int(ALPHA * len(returns))].mean())
