"""Online learning: the probability that a trade makes money after its costs.

`fit` is the posterior mode of a logistic model under a Gaussian prior, on all trades at once: on
the sample, plain FTRL-Proximal learned so fast that it fell behind the base rate. `update` is
FTRL-Proximal (McMahan et al. 2013) per trade, anchored at the fit, for revisions between nights.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from kingmaker.contracts.models import SETUP
from kingmaker.learners.contract import Arrays, Decide, Floats, Learner, RowByRow, Tell, unheard
from kingmaker.learners.experience import Experience, UnfitDataError
from kingmaker.learners.export import GraphBuilder
from kingmaker.revisions import Declaration
from kingmaker.revisions.declaration import write
from kingmaker.revisions.rules.ftrl_proximal_1 import RULE

COMPONENT = "online_learning"
ROWS_MIN = 50  # of each part; admission asks for far more
THRESHOLD = 0.5  # a trade is taken from this probability on
CONSTANT = 1e-9  # a column that varies less teaches nothing: its weight is zero
DECIMALS = 6  # weights are rounded, so that the file does not depend on the algebra library
STEPS_MAX = 50
CONVERGED = 1e-10
PROBABILITY_MIN = 1e-6
LOGIT_MAX = 35.0
FTRL_ALPHA, FTRL_BETA = 0.01, 1.0  # slower than usual: see docs/performance.md


@dataclass(frozen=True, slots=True)
class Logistic:
    """p = sigmoid(((x - mean) / scale) . weights + bias); scale is infinite where x is constant.

    `pull` and `squares` are FTRL's memory of the trades since the fit; zero after one.
    """

    mean: Floats
    scale: Floats
    weights: Floats
    bias: float
    pull: Floats
    squares: Floats


@dataclass(frozen=True, slots=True)
class OnlineLearning:
    """Fits, updates, exports and judges the win probability."""

    l2: float
    revisable: bool = False  # whether the graph may be revised, trade by trade
    rate: float = FTRL_ALPHA  # of `update`: how fast a weight first moves

    def fit(
        self, batch: Experience, prior: Logistic | None, seed: int, tell: Tell = unheard
    ) -> Logistic:
        """Return the one best model; nothing is random, and a retraining owes nothing to before."""
        del prior, seed
        _check_labels(batch)
        mean = np.round(batch.setup.mean(axis=0), DECIMALS)
        deviation = batch.setup.std(axis=0)
        scale = np.where(deviation < CONSTANT, np.inf, np.round(deviation, DECIMALS))
        rows = np.column_stack([(batch.setup - mean) / scale, np.ones(len(batch))])
        weights = np.round(_posterior_mode(rows, batch.won, self.l2, tell), DECIMALS)
        memory = np.zeros(len(weights))
        return Logistic(mean, scale, weights[:-1], float(weights[-1]), memory, memory)

    def update(self, state: Logistic, batch: Experience) -> Logistic:
        """Learn trade by trade: each probability is given before its result is known."""
        anchor = np.append(state.weights, state.bias) - self._moved(state.pull, state.squares)
        pull, squares = state.pull.copy(), state.squares.copy()
        rows = np.column_stack([_standardised(state, batch.setup), np.ones(len(batch))])
        for row, won in zip(rows, batch.won, strict=True):
            moved = self._moved(pull, squares)
            slope = (_sigmoid(row @ (anchor + moved)) - won) * row
            grown = squares + slope * slope
            pull += slope - (np.sqrt(grown) - np.sqrt(squares)) / self.rate * moved
            squares = grown
        weights = anchor + self._moved(pull, squares)
        return replace(
            state, weights=weights[:-1], bias=float(weights[-1]), pull=pull, squares=squares
        )

    def inputs(self, batch: Experience) -> Arrays:
        """Return the setup rows."""
        return {"features": batch.setup.astype(np.float32)}

    def reference(self, state: Logistic, inputs: Arrays) -> Arrays:
        """Return the probability of a win, in double precision."""
        rows = _standardised(state, inputs["features"].astype(np.float64))
        return {"score": _sigmoid(rows @ state.weights + state.bias)[:, None]}

    def export(self, state: Logistic) -> bytes:
        """Return the model as a graph, standardisation inside."""
        graph = GraphBuilder(COMPONENT)
        centred = graph.add("Sub", "features", graph.floats(state.mean))
        rows = graph.add("Mul", centred, graph.floats(1.0 / state.scale))
        said = {"l2": repr(self.l2)}
        if self.revisable:
            vector = graph.revision(np.append(state.weights, state.bias))
            weights = graph.part(vector, 0, (SETUP, 1))
            bias = graph.part(vector, SETUP, (1,))
            said["revision"] = write(self.declaration(state))
        else:
            weights, bias = graph.floats(state.weights[:, None]), graph.floats([state.bias])
        product = graph.add("MatMul", rows, weights)
        graph.add("Sigmoid", graph.add("Add", product, bias), output="score")
        return graph.finish(said)

    def declaration(self, state: Logistic) -> Declaration:
        """Return how the graph learns from each trade: what `update` does, in exact arithmetic."""
        weights = np.append(state.weights, state.bias)
        anchor = weights - self._moved(state.pull, state.squares)
        scale = np.where(np.isfinite(state.scale), state.scale, 0.0)
        parts = (state.mean, scale, anchor, state.pull, state.squares)
        numbers = tuple(np.concatenate(parts).tolist())
        return Declaration(
            RULE.title, {"alpha": self.rate, "beta": FTRL_BETA, "l2": self.l2}, numbers
        )

    def exposure(self, decide: Decide, holdout: Experience, learned: Experience) -> Floats:
        """Return 1 for the trades that it would take."""
        del learned
        answers = decide(self.inputs(holdout))["score"][:, 0].astype(np.float64)
        taken: Floats = (answers >= THRESHOLD).astype(np.float64)
        return taken

    def _moved(self, pull: Floats, squares: Floats) -> Floats:
        """Return how far FTRL has moved each weight from the anchor."""
        return -pull / ((FTRL_BETA + np.sqrt(squares)) / self.rate + self.l2)

    def row_by_row(self, decide: Decide, holdout: Experience, learned: Experience) -> RowByRow:
        """Return the log-loss gains over the base rate, and what the filter would have earned."""
        _check_labels(holdout)
        answers = decide(self.inputs(holdout))["score"][:, 0].astype(np.float64)
        base = np.full(len(holdout), float(learned.won.mean()))
        gain = _losses(base, holdout.won) - _losses(answers, holdout.won)
        net = holdout.net * (answers >= THRESHOLD)
        return RowByRow(gain, net, holdout.bucket, holdout.decided_ms)

    def evaluate(
        self, decide: Decide, holdout: Experience, learned: Experience
    ) -> Mapping[str, float]:
        """Return the log-loss gain over the base rate, and what the filter would have earned."""
        shown, taken = (
            self.row_by_row(decide, holdout, learned),
            self.exposure(decide, holdout, learned) > 0,
        )
        return shown.figures() | {
            "holdout_acts": float(taken.sum()),
            "holdout_net_all": float(holdout.net.mean()),
            "holdout_net_kept": _mean(holdout.net[taken]),
            "holdout_net_left": _mean(holdout.net[~taken]),
            "holdout_net_with": float(shown.net.mean()),
            "holdout_win_rate_all": float(holdout.won.mean()),
            "holdout_win_rate_kept": _mean(holdout.won[taken]),
            "base_rate": float(learned.won.mean()),
        }


def build(parameters: Mapping[str, float]) -> Learner[Logistic]:
    """Return the learner; `l2` is the precision of the prior of a standardised weight."""
    return OnlineLearning(
        l2=parameters["l2"],
        revisable=parameters.get("revisions", 0.0) > 0.0,
        rate=parameters.get("rate", FTRL_ALPHA),
    )


def _posterior_mode(rows: Floats, won: Floats, l2: float, tell: Tell) -> Floats:
    """Minimise the sum of log losses plus l2/2 |w|^2, the last weight (the bias) free: Newton."""
    weights = np.zeros(rows.shape[1])
    base = won.mean()
    weights[-1] = np.log(base / (1.0 - base))
    prior = np.append(np.full(rows.shape[1] - 1, l2), 0.0)
    for step in range(1, STEPS_MAX + 1):
        chance = _sigmoid(rows @ weights)
        slope = rows.T @ (chance - won) + prior * weights
        bend = (rows * (chance * (1.0 - chance))[:, None]).T @ rows + np.diag(prior)
        way = np.linalg.solve(bend, slope)
        weights = weights - way
        tell({"step": step, "of": STEPS_MAX, "loss": float(_losses(chance, won).mean())})
        if np.abs(way).max() < CONVERGED:
            return weights
    raise UnfitDataError(f"the fit did not settle in {STEPS_MAX} steps")


def _standardised(state: Logistic, setup: Floats) -> Floats:
    return (setup - state.mean) / state.scale


def _sigmoid(x: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-np.clip(x, -LOGIT_MAX, LOGIT_MAX)))


def _losses(chance: Floats, won: Floats) -> Floats:
    bounded = np.clip(chance, PROBABILITY_MIN, 1.0 - PROBABILITY_MIN)
    return -(won * np.log(bounded) + (1.0 - won) * np.log(1.0 - bounded))


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else 0.0


def _check_labels(batch: Experience) -> None:
    if len(batch) < ROWS_MIN:
        raise UnfitDataError(f"{len(batch)} trades are too few: {ROWS_MIN} are needed")
    wins = int(batch.won.sum())
    if wins in (0, len(batch)):
        raise UnfitDataError(f"{wins} of {len(batch)} trades won: there is nothing to tell apart")
