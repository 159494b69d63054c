"""Bootstrap models that estimate: a coin's chance, the usual cost, a plain sum, plain exits."""

from collections.abc import Mapping

import numpy as np

from kingmaker.contracts.models import COST_QUANTILES, SETUP
from kingmaker.registry.bootstrap.graph import Graph

COST_BP = (5.0, 8.0)  # p50 and p90 a side: the settings' default cost, basis points
EXITS = (1.0, 0.0, 12.0)  # breakeven at 1 R, no trailing, at most 12 bars

type Arrays = Mapping[str, np.ndarray]


def online_learning() -> bytes:
    """Return a logistic regression with no weights: the chance of a win is 0.5, exactly."""
    graph = Graph("online_learning")
    graph.add("Sigmoid", [graph.zeros("features", SETUP, 1)], "score")
    return graph.model()


def online_learning_reference(rows: Arrays) -> Arrays:
    """Return what the graph must answer."""
    return {"score": np.full((len(rows["features"]), 1), 0.5)}


def slippage_latency() -> bytes:
    """Return the usual cost of a side, whatever the setup."""
    return _constant("slippage_latency", "score", COST_BP)


def slippage_latency_reference(rows: Arrays) -> Arrays:
    """Return what the graph must answer."""
    assert len(COST_BP) == COST_QUANTILES, "one figure a quantile"
    return {"score": np.tile(COST_BP, (len(rows["features"]), 1))}


def pm_optimizer() -> bytes:
    """Return the same exit parameters for every setup."""
    return _constant("pm_optimizer", "exit_params", EXITS)


def pm_optimizer_reference(rows: Arrays) -> Arrays:
    """Return what the graph must answer."""
    return {"exit_params": np.tile(EXITS, (len(rows["features"]), 1))}


def model_ensemble() -> bytes:
    """Return the weighted sum of the scores; weights are inputs, so a group may cede all."""
    graph = Graph("model_ensemble")
    column = graph.constant([1], np.int64)
    groups = [
        graph.add("MatMul", [name, graph.add("Unsqueeze", [f"w_{name}", column])])
        for name in ("cloud", "local")
    ]
    graph.add("Add", groups, "score")
    return graph.model()


def model_ensemble_reference(rows: Arrays) -> Arrays:
    """Return what the graph must answer."""
    wide = {name: array.astype(np.float64) for name, array in rows.items()}
    score = wide["cloud"] @ wide["w_cloud"] + wide["local"] @ wide["w_local"]
    return {"score": score[:, None]}


def _constant(component: str, output: str, values: tuple[float, ...]) -> bytes:
    graph = Graph(component)
    zeros = graph.zeros("features", SETUP, len(values))
    graph.add("Add", [zeros, graph.constant(values)], output)
    return graph.model()
