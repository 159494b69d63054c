"""Neural-UCB (Zhou, Li and Gu 2020): picks the strategy whose reward may be the highest.

The reward of an arm is a small network of its context; its uncertainty is the length of the
network's gradient, measured by the gradients seen so far: g' Z^-1 g with a diagonal Z. With one
hidden layer that is a closed form, so the graph needs no derivative. A trade teaches its own arm.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kingmaker.contracts.models import CONTEXT
from kingmaker.learners.contract import Arrays, Decide, Floats, Learner, RowByRow, Tell, unheard
from kingmaker.learners.experience import Experience, UnfitDataError
from kingmaker.learners.export import GraphBuilder
from kingmaker.revisions import Declaration
from kingmaker.revisions.declaration import write
from kingmaker.revisions.rules.neural_ucb_1 import RULE

COMPONENT = "neural_ucb"
HIDDEN = 16
ROWS_MIN = 50
REWARD_MAX = 5.0  # of net over risk
CONSTANT = 1e-9
DECIMALS = 6
STEPS, STEP_SIZE = 300, 0.02  # Adam on all rows at once
TOLD_EVERY = 30
DECAY_MEAN, DECAY_SQUARE, TINY = 0.9, 0.999, 1e-8
UNFIRED = -1e9  # below every score: an arm that did not fire is not picked
LAST = 2  # the axis of a context's numbers


@dataclass(frozen=True, slots=True)
class Layers:
    """Numbers of the network's shape: its weights, a gradient, or a diagonal of Z."""

    inner: Floats  # [CONTEXT, HIDDEN]
    inner_bias: Floats  # [HIDDEN]
    outer: Floats  # [HIDDEN]
    outer_bias: float

    @classmethod
    def of(cls, flat: Floats) -> "Layers":
        """Return a flat vector as layers."""
        inner, inner_bias, outer, outer_bias = np.split(flat, _ENDS)
        return cls(inner.reshape(CONTEXT, HIDDEN), inner_bias, outer, float(outer_bias[0]))


@dataclass(frozen=True, slots=True)
class Bandit:
    """Standardisation, weights, and the diagonal of Z, the last two flat as in `Layers.of`."""

    mean: Floats
    scale: Floats
    weights: Floats
    diagonal: Floats


_ENDS = tuple(np.cumsum([CONTEXT * HIDDEN, HIDDEN, HIDDEN]).tolist())
_SIZE = _ENDS[-1] + 1


@dataclass(frozen=True, slots=True)
class NeuralUcb:
    """Fits, updates, exports and judges the bandit."""

    l2: float
    exploration: float
    revisable: bool = False  # whether the graph may be revised, trade by trade

    def fit(
        self, batch: Experience, prior: Bandit | None, seed: int, tell: Tell = unheard
    ) -> Bandit:
        """Return the network that explains the rewards of the picked arms, and what it has seen."""
        del prior  # a retraining owes nothing to the one before
        _check_rows(batch)
        contexts = _picked(batch)
        mean = np.round(contexts.mean(axis=0), DECIMALS)
        deviation = contexts.std(axis=0)
        scale = np.where(deviation < CONSTANT, np.inf, np.round(deviation, DECIMALS))
        rows, rewards = (contexts - mean) / scale, _rewards(batch)
        weights = np.round(_descend(rows, rewards, self.l2, _start(seed, rewards), tell), DECIMALS)
        seen = (_gradients(Layers.of(weights), rows) ** 2).sum(axis=0)
        return Bandit(mean, scale, weights, np.round(self.l2 + seen, DECIMALS))

    def update(self, state: Bandit, batch: Experience) -> Bandit:
        """Learn trade by trade: a step along the gradient, shorter where more was seen."""
        weights, diagonal = state.weights.copy(), state.diagonal.copy()
        rows = (_picked(batch) - state.mean) / state.scale
        for row, reward in zip(rows, _rewards(batch), strict=True):
            layers = Layers.of(weights)
            gradient = _gradients(layers, row[None, :])[0]
            diagonal += gradient * gradient
            weights -= (_mu(layers, row[None, :])[0] - reward) * gradient / diagonal
        return Bandit(state.mean, state.scale, weights, diagonal)

    def inputs(self, batch: Experience) -> Arrays:
        """Return the contexts of all arms."""
        return {"contexts": batch.contexts.astype(np.float32)}

    def reference(self, state: Bandit, inputs: Arrays) -> Arrays:
        """Return reward, uncertainty, their bound and the pick, in double precision."""
        contexts = inputs["contexts"].astype(np.float64)
        rows = ((contexts - state.mean) / state.scale).reshape(-1, CONTEXT)
        layers = Layers.of(state.weights)
        seen = (_gradients(layers, rows) ** 2) @ (1.0 / state.diagonal)
        mu = _mu(layers, rows).reshape(contexts.shape[:LAST])
        sigma = np.sqrt(seen).reshape(mu.shape)
        ucb = mu + self.exploration * sigma
        fired = inputs["contexts"][:, :, CONTEXT - 1] > np.float32(0.5)
        action = np.where(fired, ucb.astype(np.float32), np.float32(UNFIRED)).argmax(axis=1)
        return {"mu": mu, "sigma": sigma, "ucb": ucb, "action": action}

    def export(self, state: Bandit) -> bytes:
        """Return the bandit as a graph, standardisation inside."""
        graph, layers = GraphBuilder(COMPONENT), Layers.of(state.weights)
        said = {"l2": repr(self.l2), "exploration": repr(self.exploration)}
        if self.revisable:
            said["revision"] = write(self.declaration(state))
        numbers = _Numbers(graph, state, revisable=self.revisable)
        centred = graph.add("Sub", "contexts", graph.floats(state.mean))
        rows = graph.add("Mul", centred, graph.floats(1.0 / state.scale))
        inner = graph.add("MatMul", rows, numbers.at(0, layers.inner))
        hidden = graph.add("Tanh", graph.add("Add", inner, numbers.at(_ENDS[0], layers.inner_bias)))
        outer = graph.add("MatMul", hidden, numbers.at(_ENDS[1], layers.outer[:, None]))
        last = graph.integers([LAST])
        biased = graph.add("Add", outer, numbers.at(_ENDS[2], np.asarray(layers.outer_bias)))
        mu = graph.add("Squeeze", biased, last, output="mu")
        sigma = _export_sigma(graph, rows, hidden, state, numbers)
        bonus = graph.add("Mul", sigma, graph.floats(self.exploration))
        _export_pick(graph, graph.add("Add", mu, bonus, output="ucb"))
        return graph.finish(said)

    def declaration(self, state: Bandit) -> Declaration:
        """Return how the graph learns from each trade: what `update` does, in exact arithmetic."""
        scale = np.where(np.isfinite(state.scale), state.scale, 0.0)
        parts = (state.mean, scale, state.weights, state.diagonal)
        return Declaration(RULE.title, {}, tuple(np.concatenate(parts).tolist()))

    def exposure(self, decide: Decide, holdout: Experience, learned: Experience) -> Floats:
        """Return 1 for the trades whose arm it would pick too; what another earns nobody knows."""
        del learned
        picked = decide(self.inputs(holdout))["action"]
        agrees: Floats = (picked == holdout.arm).astype(np.float64)
        return agrees

    def row_by_row(self, decide: Decide, holdout: Experience, learned: Experience) -> RowByRow:
        """Return the gains in squared error, and the nets of the trades that it would pick too.

        What another arm would have returned nobody knows: there it earns the mean of all.
        """
        _check_rows(holdout)
        answers = decide(self.inputs(holdout))
        mu = np.take_along_axis(answers["mu"].astype(np.float64), holdout.arm[:, None], axis=1)
        rewards, base = _rewards(holdout), float(_rewards(learned).mean())
        gain = (rewards - base) ** 2 - (rewards - mu[:, 0]) ** 2
        agrees = answers["action"] == holdout.arm
        net = np.where(agrees, holdout.net, float(holdout.net.mean()))
        return RowByRow(gain, net, holdout.bucket, holdout.decided_ms)

    def evaluate(
        self, decide: Decide, holdout: Experience, learned: Experience
    ) -> Mapping[str, float]:
        """Return the gain in squared error, and the trades whose arm it would have picked too."""
        shown = self.row_by_row(decide, holdout, learned)
        agrees = self.exposure(decide, holdout, learned) > 0
        return shown.figures() | {
            "holdout_acts": float((~agrees).sum()),
            "holdout_net_all": float(holdout.net.mean()),
            "holdout_net_kept": float(holdout.net[agrees].mean()) if agrees.any() else 0.0,
            "holdout_net_with": float(shown.net.mean()),
            "holdout_reward_all": float(_rewards(holdout).mean()),
            "base_reward": float(_rewards(learned).mean()),
        }


def build(parameters: Mapping[str, float]) -> Learner[Bandit]:
    """Return the learner; `l2` is the prior precision, `exploration` the weight of doubt."""
    return NeuralUcb(
        l2=parameters["l2"],
        exploration=parameters["exploration"],
        revisable=parameters.get("revisions", 0.0) > 0.0,
    )


class _Numbers:
    """Where the graph takes its numbers from: constants, or parts of what a revision may be."""

    def __init__(self, graph: GraphBuilder, state: Bandit, *, revisable: bool) -> None:
        """Add the vector of a revision, if there is to be one: the weights, then 1 / Z."""
        self._graph = graph
        whole = np.concatenate([state.weights, 1.0 / state.diagonal])
        self._vector = graph.revision(whole) if revisable else ""

    def at(self, first: int, values: Floats) -> str:
        """Return the tensor `values`, which stands in the vector from `first` on."""
        if not self._vector:
            return self._graph.floats(values)
        return self._graph.part(self._vector, first, values.shape)


def _descend(rows: Floats, rewards: Floats, l2: float, weights: Floats, tell: Tell) -> Floats:
    """Minimise half the squared errors plus l2/2 |w|^2, biases free, by Adam."""
    free = np.ones(_SIZE)
    free[_ENDS[0] : _ENDS[1]] = free[_ENDS[2] :] = 0.0
    mean, square = np.zeros(_SIZE), np.zeros(_SIZE)
    for step in range(1, STEPS + 1):
        slope = (_slope(Layers.of(weights), rows, rewards) + l2 * free * weights) / len(rows)
        mean = DECAY_MEAN * mean + (1.0 - DECAY_MEAN) * slope
        square = DECAY_SQUARE * square + (1.0 - DECAY_SQUARE) * slope * slope
        length = np.sqrt(square / (1.0 - DECAY_SQUARE**step)) + TINY
        weights = weights - STEP_SIZE * mean / (1.0 - DECAY_MEAN**step) / length
        if step % TOLD_EVERY == 0:
            errors = _mu(Layers.of(weights), rows) - rewards
            tell({"step": step, "of": STEPS, "loss": float((errors * errors).mean())})
    return weights


def _slope(layers: Layers, rows: Floats, rewards: Floats) -> Floats:
    """Return the slope of half the squared errors, summed over the rows."""
    hidden = np.tanh(rows @ layers.inner + layers.inner_bias)
    error = hidden @ layers.outer + layers.outer_bias - rewards
    back = error[:, None] * layers.outer * (1.0 - hidden * hidden)
    return np.concatenate(
        [(rows.T @ back).ravel(), back.sum(axis=0), hidden.T @ error, [error.sum()]]
    )


def _gradients(layers: Layers, rows: Floats) -> Floats:
    """Return the gradient of the reward by every weight, a row each."""
    hidden = np.tanh(rows @ layers.inner + layers.inner_bias)
    back = layers.outer * (1.0 - hidden * hidden)
    inner = (rows[:, :, None] * back[:, None, :]).reshape(len(rows), -1)
    return np.concatenate([inner, back, hidden, np.ones((len(rows), 1))], axis=1)


def _mu(layers: Layers, rows: Floats) -> Floats:
    hidden = np.tanh(rows @ layers.inner + layers.inner_bias)
    mu: Floats = hidden @ layers.outer + layers.outer_bias
    return mu


def _export_sigma(
    graph: GraphBuilder, rows: str, hidden: str, state: Bandit, numbers: _Numbers
) -> str:
    """Add sqrt(g' Z^-1 g): sums over layers of (backward^2) . (forward^2 / Z)."""
    layers, doubt = Layers.of(state.weights), Layers.of(1.0 / state.diagonal)
    squared = graph.add("Mul", hidden, hidden)
    back = graph.add(
        "Mul", graph.add("Sub", graph.floats(1.0), squared), numbers.at(_ENDS[1], layers.outer)
    )
    seen = graph.add("MatMul", graph.add("Mul", rows, rows), numbers.at(_SIZE, doubt.inner))
    below = graph.add("Add", seen, numbers.at(_SIZE + _ENDS[0], doubt.inner_bias))
    inner = graph.add("Mul", graph.add("Mul", back, back), below)
    outer = graph.add("Mul", squared, numbers.at(_SIZE + _ENDS[1], doubt.outer))
    ones = graph.floats(np.ones((HIDDEN, 1)))
    total = graph.add("MatMul", graph.add("Add", inner, outer), ones)
    last = numbers.at(_SIZE + _ENDS[2], np.asarray(doubt.outer_bias))
    variance = graph.add("Add", total, last)
    return graph.add("Sqrt", graph.add("Squeeze", variance, graph.integers([LAST])), output="sigma")


def _export_pick(graph: GraphBuilder, ucb: str) -> None:
    """Add the choice among the arms that fired; the first of equals."""
    bounds = [graph.integers([place]) for place in (CONTEXT - 1, CONTEXT, LAST)]
    column = graph.add("Slice", "contexts", *bounds)
    flag = graph.add("Squeeze", column, graph.integers([LAST]))
    fired = graph.add("Greater", flag, graph.floats(0.5))
    scores = graph.add("Where", fired, ucb, graph.floats(UNFIRED))
    graph.first_largest(scores, "action")


def _start(seed: int, rewards: Floats) -> Floats:
    """Return small random weights; the bias begins at the mean reward."""
    random = np.random.default_rng(seed)
    inner = random.standard_normal(CONTEXT * HIDDEN) / np.sqrt(CONTEXT)
    outer = random.standard_normal(HIDDEN) / np.sqrt(HIDDEN)
    return np.concatenate([inner, np.zeros(HIDDEN), outer, [rewards.mean()]])


def _picked(batch: Experience) -> Floats:
    return batch.contexts[np.arange(len(batch)), batch.arm]


def _rewards(batch: Experience) -> Floats:
    return np.clip(batch.net / batch.risk, -REWARD_MAX, REWARD_MAX)


def _check_rows(batch: Experience) -> None:
    if len(batch) < ROWS_MIN:
        raise UnfitDataError(f"{len(batch)} trades are too few: {ROWS_MIN} are needed")
