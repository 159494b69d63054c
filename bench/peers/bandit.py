"""Regret of the neural bandit, of itself without doubt, and of LinUCB, in two kinds of worlds."""

from collections.abc import Callable, Iterator
from typing import Protocol

import numpy as np

from bench.figures import Figure, Goal
from bench.peers._worlds import experience
from kingmaker.contracts.models import CONTEXT, FEATURES
from kingmaker.learners.contract import Floats
from kingmaker.learners.experience import ARMS, Experience
from kingmaker.learners.learners.neural_ucb import Bandit, NeuralUcb

ROUNDS, WORLDS = 6_000, 2
FIRST = 100  # picks in turn before anything is learned; refits at its doubles
NOISE = 0.5  # of a reward, in units of risk
L2, DOUBT = 30.0, 0.1  # as shipped, for rewards of real trades, whose noise is about 1
ALPHA, RIDGE = 0.5, 1.0  # of LinUCB (Li et al. 2010)
WAVE = 2.0  # radians of a typical feature
USUAL, LINE, LINES = 0.8, 0.2, 0.2

type World = Callable[[Floats, np.random.Generator], Floats]  # of features, mean rewards


class Player(Protocol):
    """Who picks an arm a round and is told its reward."""

    def pick(self, row: int) -> int:
        """Return an arm."""
        ...

    def learn(self, row: int, arm: int, reward: float) -> None:
        """Learn what it paid."""
        ...


def measure() -> Iterator[Figure]:
    """Yield regrets against LinUCB's; all play the same rounds with the same noise."""
    waves = _regrets(_waves)
    yield _figure("waves", waves, Goal(0.75))
    yield Figure("bandit, waves: against its own without doubt", waves["neural"] / waves["greedy"])
    yield _figure("waves, prior of this noise", waves, None, "scaled")
    corners = _regrets(_corners)
    yield _figure("corners and lines", corners, None)
    yield _figure("corners, prior of this noise", corners, None, "scaled")


def _figure(
    kind: str, regrets: dict[str, float], goal: Goal | None, player: str = "neural"
) -> Figure:
    return Figure(
        f"bandit, {kind}: regret against LinUCB's",
        regrets[player] / regrets["LinUCB"],
        goal=goal,
        notes=(
            ", ".join(f"{name} {x:.2f}" for name, x in regrets.items()) + " of random's regret",
            f"{ROUNDS} rounds, {WORLDS} worlds, {ARMS} arms; fitted at {FIRST} and its doubles",
        ),
    )


def _regrets(kind: World) -> dict[str, float]:
    """Return regrets as shares of random's, the mean over worlds."""
    shares: dict[str, list[float]] = {"neural": [], "greedy": [], "scaled": [], "LinUCB": []}
    for seed in range(WORLDS):
        contexts, means, noise = _world(kind, seed)
        players: dict[str, Player] = {
            "neural": _Neural(contexts, DOUBT),
            "greedy": _Neural(contexts, 0.0),
            # A prior's weight is the variance of the noise over that of a weight.
            "scaled": _Neural(contexts, DOUBT, L2 * NOISE * NOISE),
            "LinUCB": _Linear(contexts),
        }
        chance = float((means.max(axis=1) - means.mean(axis=1)).sum())
        for name, player in players.items():
            shares[name].append(_regret(player, means, noise) / chance)
    return {name: float(np.mean(values)) for name, values in shares.items()}


class _Neural:
    """The product's learner: fitted now and then, updated after every trade."""

    def __init__(self, contexts: Floats, doubt: float, l2: float = L2) -> None:
        self._learner = NeuralUcb(l2=l2, exploration=doubt)
        self._contexts = contexts
        self._arms: list[int] = []
        self._rewards: list[float] = []
        self._state: Bandit | None = None
        self._refit = FIRST

    def pick(self, row: int) -> int:
        if self._state is None:
            return row % ARMS
        asked = {"contexts": self._contexts[row : row + 1].astype(np.float32)}
        return int(self._learner.reference(self._state, asked)["action"][0])

    def learn(self, row: int, arm: int, reward: float) -> None:
        self._arms.append(arm)
        self._rewards.append(reward)
        if row + 1 == self._refit:
            self._state = self._learner.fit(self._batch(0, row + 1), None, 7)
            self._refit *= 2
        elif self._state is not None:
            self._state = self._learner.update(self._state, self._batch(row, row + 1))

    def _batch(self, begin: int, end: int) -> Experience:
        return experience(
            np.array(self._rewards[begin:end]),
            contexts=self._contexts[begin:end],
            arm=np.array(self._arms[begin:end], np.int64),
        )


class _Linear:
    """LinUCB with an arm's own ridge regression on the features."""

    def __init__(self, contexts: Floats) -> None:
        rows = contexts[:, 0, :FEATURES]
        self._rows = np.column_stack([rows, np.ones(len(rows))])
        width = self._rows.shape[1]
        self._inverse = np.stack([np.eye(width) / RIDGE] * ARMS)
        self._sums = np.zeros((ARMS, width))

    def pick(self, row: int) -> int:
        x = self._rows[row]
        mean = (self._inverse @ x * self._sums).sum(axis=1)
        return int((mean + ALPHA * np.sqrt(x @ self._inverse @ x)).argmax())

    def learn(self, row: int, arm: int, reward: float) -> None:
        x = self._rows[row]
        moved = self._inverse[arm] @ x
        self._inverse[arm] -= np.outer(moved, moved) / (1.0 + x @ moved)
        self._sums[arm] += reward * x


def _regret(player: Player, means: Floats, noise: Floats) -> float:
    """Return what the best picks would have gained more, in all."""
    lost = 0.0
    for row in range(len(means)):
        arm = player.pick(row)
        lost += float(means[row].max() - means[row, arm])
        player.learn(row, arm, float(means[row, arm] + noise[row, arm]))
    return lost


def _world(kind: World, seed: int) -> tuple[Floats, Floats, Floats]:
    """Return contexts [N, ARMS, CONTEXT], mean rewards and noise [N, ARMS]."""
    random = np.random.default_rng(seed)
    features = random.standard_normal((ROUNDS, FEATURES))
    contexts = np.zeros((ROUNDS, ARMS, CONTEXT))
    contexts[:, :, :FEATURES] = features[:, None, :]
    contexts[:, :, FEATURES : FEATURES + ARMS] = np.eye(ARMS)
    contexts[:, :, CONTEXT - 2 :] = 1.0
    return contexts, kind(features, random), NOISE * random.standard_normal((ROUNDS, ARMS))


def _waves(features: Floats, random: np.random.Generator) -> Floats:
    """Pay by a sine along a direction of each arm's own: no line sees much of it."""
    along = random.standard_normal((FEATURES, ARMS)) * (WAVE / np.sqrt(FEATURES))
    waves: Floats = np.sin(features @ along + random.uniform(0.0, 2.0 * np.pi, ARMS))
    return waves


def _corners(features: Floats, random: np.random.Generator) -> Floats:
    """Pay where the arm's own feature is far from usual, on either side, and along a line."""
    lines = (
        LINE * random.standard_normal((FEATURES, ARMS)) * (random.random((FEATURES, ARMS)) < LINES)
    )
    paid: Floats = np.abs(features[:, :ARMS]) - USUAL + features @ lines
    return paid
