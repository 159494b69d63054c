"""Slippage: what it costs to enter, as quantiles in basis points a side, by boosted trees.

The cost is the implementation shortfall of the entry (Perold 1988): the price paid at the next open
against the close that was decided on, half spread, slippage and fee with it. Each quantile has its
own trees (LightGBM, pinball loss: Koenker and Bassett 1978), as many as help on a later part of
what is learned from; where none helps, the answer is the quantile of all entries
(docs/decisions/0053).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np

from kingmaker.contracts.models import COST_QUANTILES
from kingmaker.learners.contract import Arrays, Decide, Floats, Learner, RowByRow, Tell, unheard
from kingmaker.learners.experience import Experience, UnfitDataError
from kingmaker.learners.export import GraphBuilder
from kingmaker.learners.paths import decided_at, entered_at, told
from kingmaker.learners.trees import Dump, Forest

COMPONENT = "slippage_latency"
NEEDS_BARS = True
QUANTILES = (0.5, 0.9)
assert len(QUANTILES) == COST_QUANTILES, "the signature counts them"
ROWS_MIN = 100  # of each part: the upper quantile has a tenth of them above it
BASIS_POINTS = 1e4
TRIED_SHARE = 0.25  # of what is learned from, the latest: says how many trees help
TOLD_EVERY = 20
BOOSTING: Mapping[str, Any] = {
    "objective": "quantile",
    "metric": "quantile",
    "boost_from_average": False,  # the quantile of all entries is ours to subtract
    "use_missing": False,  # rows are finite: a wrapper refuses others
    "feature_pre_filter": False,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,  # sums in one order: the same bits
    "verbosity": -1,
}

type Losses = dict[str, dict[str, list[float]]]  # by what is watched, measure and round


@dataclass(frozen=True, slots=True)
class Boosted:
    """Quantile boosting: fits, exports and judges the cost."""

    rounds: int  # trees a quantile at most
    leaves: int  # of a tree at most
    leaf_rows: int  # entries in a leaf at least
    step: float  # share of each tree that counts

    def fit(
        self, batch: Experience, prior: Forest | None, seed: int, tell: Tell = unheard
    ) -> Forest:
        """Return the trees; nothing is random, and a retraining owes nothing to the one before."""
        del prior, seed
        batch = told(batch)
        rows, costs = _rows(batch), costs_of(batch)
        tries = [self._tried(quantile, rows, costs, batch) for quantile in QUANTILES]
        for step in range(0, self.rounds, TOLD_EVERY):
            loss = sum(one.known[step] for one in tries)
            tell({"step": step + 1, "of": self.rounds, "loss": loss})
        bases = [float(np.quantile(costs, quantile)) for quantile in QUANTILES]
        dumps = []
        for quantile, base, one in zip(QUANTILES, bases, tries, strict=True):
            data = lightgbm.Dataset(rows, costs - base, free_raw_data=False)
            dumps.append(self._grow(quantile, data, one.rounds) if one.rounds else [])
        return Forest.of(bases, dumps)

    def update(self, state: Forest, batch: Experience) -> Forest:
        """Return the state as it is: trees are grown afresh each night, not entry by entry."""
        del batch
        return state

    def inputs(self, batch: Experience) -> Arrays:
        """Return the setup rows."""
        return {"features": batch.setup.astype(np.float32)}

    def reference(self, state: Forest, inputs: Arrays) -> Arrays:
        """Return both quantiles, in double precision: none below zero, the upper not below."""
        sums = state.answer(inputs["features"].astype(np.float32))
        return {"score": np.maximum(np.maximum(sums, sums[:, :1]), 0.0)}

    def export(self, state: Forest) -> bytes:
        """Return the trees of both quantiles as one operator, and the promise about them."""
        graph = GraphBuilder(COMPONENT)
        sums = state.export(graph, "features")
        bounds = [graph.integers([place]) for place in (0, 1, 1)]
        median = graph.add("Slice", sums, *bounds)
        graph.add("Max", sums, median, graph.floats([[0.0]]), output="score")
        return graph.finish({"leaves": repr(self.leaves), "leaf_rows": repr(self.leaf_rows)})

    def row_by_row(self, decide: Decide, holdout: Experience, learned: Experience) -> RowByRow:
        """Return the gains in pinball loss over the quantiles of all entries."""
        holdout = told(holdout)
        costs = costs_of(holdout)
        answers = decide(self.inputs(holdout))["score"].astype(np.float64)
        gain = np.zeros(len(costs))
        for place, (quantile, base) in enumerate(zip(QUANTILES, bases_of(learned), strict=True)):
            gain += pinball(costs, np.full(len(costs), base), quantile)
            gain -= pinball(costs, answers[:, place], quantile)
        return RowByRow(gain, np.empty(0), holdout.bucket, holdout.decided_ms)

    def evaluate(
        self, decide: Decide, holdout: Experience, learned: Experience
    ) -> Mapping[str, float]:
        """Return the gain in pinball loss over the quantiles of all entries, and the coverage."""
        shown = self.row_by_row(decide, holdout, learned)
        holdout = told(holdout)
        costs = costs_of(holdout)
        answers = decide(self.inputs(holdout))["score"].astype(np.float64)
        metrics = {"holdout_cost_bp": float(costs.mean())}
        for place, (quantile, base) in enumerate(zip(QUANTILES, bases_of(learned), strict=True)):
            name = f"p{round(100 * quantile)}"
            metrics[f"base_{name}_bp"] = base
            metrics[f"holdout_{name}_bp"] = float(answers[:, place].mean())
            metrics[f"holdout_coverage_{name}"] = float((costs <= answers[:, place]).mean())
        return metrics | shown.figures()

    def _tried(self, quantile: float, rows: Floats, costs: Floats, batch: Experience) -> "_Try":
        """Grow all trees on the earlier entries; find how many of them help on the later ones."""
        first = batch.decided_ms[int(len(batch) * (1.0 - TRIED_SHARE))]
        known, tried = batch.resolved_ms <= first, batch.decided_ms >= first
        _check_rows(batch[known])
        base = float(np.quantile(costs[known], quantile))
        data = lightgbm.Dataset(rows[known], costs[known] - base, free_raw_data=False)
        later = lightgbm.Dataset(rows[tried], costs[tried] - base, reference=data)
        losses: Losses = {}
        self._grow(quantile, data, self.rounds, {"known": data, "tried": later}, losses)
        without = float(pinball(costs[tried], np.full(int(tried.sum()), base), quantile).mean())
        by_rounds = [without, *losses["tried"]["quantile"]]
        return _Try(int(np.argmin(by_rounds)), losses["known"]["quantile"])

    def _grow(
        self,
        quantile: float,
        data: lightgbm.Dataset,
        rounds: int,
        watched: Mapping[str, lightgbm.Dataset] | None = None,
        losses: Losses | None = None,
    ) -> Sequence[Dump]:
        """Return the trees; `losses` fills with those of what is watched, by round."""
        settings = {
            **BOOSTING,
            "alpha": quantile,
            "learning_rate": self.step,
            "num_leaves": self.leaves,
            "min_data_in_leaf": self.leaf_rows,
        }
        booster = lightgbm.train(
            settings,
            data,
            rounds,
            valid_sets=list((watched or {}).values()),
            valid_names=list(watched or {}),
            callbacks=[] if losses is None else [lightgbm.record_evaluation(losses)],
        )
        trees: Sequence[Dump] = booster.dump_model()["tree_info"]
        return trees


@dataclass(frozen=True, slots=True)
class _Try:
    """How many rounds helped on entries not learned from, and the losses on those learned from."""

    rounds: int
    known: Sequence[float]


def build(parameters: Mapping[str, float]) -> Learner[Forest]:
    """Return the learner; see `Boosted` for its parameters."""
    return Boosted(
        rounds=int(parameters["rounds"]),
        leaves=int(parameters["leaves"]),
        leaf_rows=int(parameters["leaf_rows"]),
        step=parameters["step"],
    )


def costs_of(batch: Experience) -> Floats:
    """Return what each entry cost, in basis points of the close that was decided on.

    A market that opened in our favour made it cheaper, down to below nothing. UnfitDataError where
    a bar is missing.
    """
    _check_rows(batch)
    costs = np.empty(len(batch))
    entered, decided = entered_at(batch), decided_at(batch)
    for symbol, bars in enumerate(batch.bars):
        mine = batch.symbol == symbol
        side, impact = batch.direction[mine], batch.impact[mine]
        ratio = bars.open[entered[mine]] * (1.0 + side * impact) / bars.close[decided[mine]]
        costs[mine] = BASIS_POINTS * (side * (ratio - 1.0) + batch.fee[mine] * ratio)
    return costs


def bases_of(learned: Experience) -> tuple[float, ...]:
    """Return the quantiles of all costs that were learned from, as precise as an answer."""
    known = costs_of(told(learned))
    return tuple([float(np.float32(np.quantile(known, quantile))) for quantile in QUANTILES])


def pinball(costs: Floats, answers: Floats, quantile: float) -> Floats:
    """Return the loss whose mean is smallest at the quantile."""
    over = costs - answers
    return np.maximum(quantile * over, (quantile - 1.0) * over)


def _rows(batch: Experience) -> Floats:
    """Return the rows as serving has them: single precision, kept in double."""
    return batch.setup.astype(np.float32).astype(np.float64)


def _check_rows(batch: Experience) -> None:
    if len(batch) < ROWS_MIN:
        raise UnfitDataError(f"{len(batch)} trades are too few: {ROWS_MIN} are needed")
