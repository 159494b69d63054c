"""Cost quantiles: the exported graph against LightGBM's own prediction, and its loss."""

from collections.abc import Iterator

import lightgbm
import numpy as np

from bench.figures import Figure, Goal
from bench.stage import Bench
from kingmaker.contracts.models import SETUP
from kingmaker.learners import training
from kingmaker.learners.export import GraphBuilder
from kingmaker.learners.learners.slippage_latency import BOOSTING, QUANTILES, pinball
from kingmaker.learners.trees import Forest

ROWS = 8_000
ROUNDS = 150


def measure(bench: Bench) -> Iterator[Figure]:
    """Boost both quantiles of a known world; ask graph and LightGBM the same rows."""
    rows, costs = _world(max(1_000, min(ROWS, bench.size.pairs)), 1)
    later, known = _world(len(rows), 2)
    boosters = [_boosted(rows, costs, quantile) for quantile in QUANTILES]
    forest = Forest.of((0.0, 0.0), [one.dump_model()["tree_info"] for one in boosters])
    graph = GraphBuilder("slippage_latency")
    sums = forest.export(graph, "features")
    graph.add("Identity", sums, output="score")
    decide = training.open_session(graph.finish({}))
    asked = {"rows that nobody saw": later, "rows on every threshold": _edges(forest, later)}
    for what, given in asked.items():
        answers = decide({"features": given})["score"].astype(np.float64)
        own = np.column_stack([one.predict(given.astype(np.float64)) for one in boosters])
        yield Figure(
            f"graph against LightGBM, {what}",
            float((np.abs(answers - own) / np.maximum(1.0, np.abs(own))).max()),
            goal=Goal(1e-5),
            notes=(f"{len(given):,} rows, {len(forest.roots)} trees; the largest scaled error",),
        )
    answers = decide({"features": later})["score"].astype(np.float64)
    for place, quantile in enumerate(QUANTILES):
        loss = float(pinball(known, answers[:, place], quantile).mean())
        own_loss = float(
            pinball(known, np.asarray(boosters[place].predict(later)), quantile).mean()
        )
        best = float(pinball(known, _truth(later, quantile), quantile).mean())
        yield Figure(
            f"  loss at {quantile:g}: the graph's : LightGBM's",
            loss / own_loss,
            goal=Goal(1.0 + 1e-5),
            notes=(f"{loss / best:.3f} of the loss of the true quantile",),
        )


def _boosted(rows: np.ndarray, costs: np.ndarray, quantile: float) -> lightgbm.Booster:
    settings = {**BOOSTING, "alpha": quantile, "num_leaves": 6, "min_data_in_leaf": 50}
    return lightgbm.train(settings, lightgbm.Dataset(rows.astype(np.float64), costs), ROUNDS)


def _world(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return rows, and exponential costs whose mean follows the first input in a step."""
    random = np.random.default_rng(seed)
    rows = random.standard_normal((count, SETUP)).astype(np.float32)
    return rows, random.exponential(_mean(rows))


def _mean(rows: np.ndarray) -> np.ndarray:
    return np.where(rows[:, 0] > 0.0, 9.0, 1.0)


def _truth(rows: np.ndarray, quantile: float) -> np.ndarray:
    return np.asarray(-_mean(rows) * np.log(1.0 - quantile))


def _edges(forest: Forest, rows: np.ndarray) -> np.ndarray:
    """Return rows that lie exactly on a threshold, and one step beyond it."""
    splits = np.flatnonzero(forest.feature >= 0)
    found = rows[np.arange(2 * len(splits)) % len(rows)].copy()
    at = forest.threshold[splits]
    places = np.arange(len(splits))
    found[places, forest.feature[splits]] = at
    found[len(splits) + places, forest.feature[splits]] = np.nextafter(at, np.float32(np.inf))
    return found
