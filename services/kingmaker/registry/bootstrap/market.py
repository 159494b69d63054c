"""Bootstrap models that read the market: a regime filter by hand, a pattern library still empty."""

from collections.abc import Mapping

import numpy as np

from kingmaker.contracts.models import (
    FEATURE_VOLATILITY_RATIO,
    PATTERN_NEIGHBOURS,
    PATTERN_WINDOW,
    REGIMES,
)
from kingmaker.registry.bootstrap.graph import Graph

REGIME_MEMORY = 8  # rows fed through the filter before the present one
# Short over long volatility in a calm, a normal and a crisis market; bars stay in their regime.
RATIO_MEANS = (0.7, 1.0, 1.8)
RATIO_SPREADS = (0.2, 0.25, 0.6)
RATIO_MAX = 5.0  # beyond it a crisis is a crisis
STAY = 0.95
FLAT = 1e-8  # a window that moves less than this has no shape
DECIMALS = 6  # of constants made by a logarithm, whose last bits are the machine's

type Arrays = Mapping[str, np.ndarray]


def regime_detector() -> bytes:
    """Return one step of a Gaussian hidden Markov filter on the volatility ratio."""
    graph = Graph("regime_detector")
    axis = graph.constant([1], np.int64)
    column = graph.constant([FEATURE_VOLATILITY_RATIO], np.int64)
    ratio = graph.add("Gather", ["features", column], axis=1)
    ratio = graph.add("Clip", [ratio, graph.constant(0.0), graph.constant(RATIO_MAX)])
    z = graph.add("Sub", [ratio, graph.constant([RATIO_MEANS])])
    z = graph.add("Div", [z, graph.constant([RATIO_SPREADS])])
    half = graph.add("Mul", [graph.add("Mul", [z, z]), graph.constant(-0.5)])
    emission = graph.add("Sub", [half, graph.constant([_log_norm()])])
    before = graph.add("Unsqueeze", ["log_post", graph.constant([2], np.int64)])
    moves = graph.add("Add", [before, graph.constant([_log_moves()])])
    prior = graph.add("ReduceLogSumExp", [moves, axis], keepdims=0)
    joint = graph.add("Add", [prior, emission])
    total = graph.add("ReduceLogSumExp", [joint, axis], keepdims=1)
    graph.add("Squeeze", [total, axis], "loglik")
    graph.add("Sub", [joint, total], "log_post_next")
    probs = graph.add("Softmax", [joint], "probs", axis=1)
    graph.add("ArgMax", [probs], "state", axis=1, keepdims=0)
    return graph.model({"memory": str(REGIME_MEMORY)})


def regime_detector_reference(rows: Arrays) -> Arrays:
    """Return what the graph must answer."""
    ratio = rows["features"][:, [FEATURE_VOLATILITY_RATIO]].astype(np.float64).clip(0.0, RATIO_MAX)
    z = (ratio - np.asarray(RATIO_MEANS)) / np.asarray(RATIO_SPREADS)
    moves = rows["log_post"].astype(np.float64)[:, :, None] + _log_moves()
    joint = np.logaddexp.reduce(moves, axis=1) - 0.5 * z * z - _log_norm()
    total = np.logaddexp.reduce(joint, axis=1)
    log_post = joint - total[:, None]
    return {
        "log_post_next": log_post,
        "probs": np.exp(log_post),
        "state": joint.argmax(axis=1),
        "loglik": total,
    }


def pattern_recognition() -> bytes:
    """Return the nearest of a library of blank patterns: similarity 0, so score 0."""
    graph = Graph("pattern_recognition")
    axis = graph.constant([1], np.int64)
    centred = graph.add("Sub", ["features", graph.add("ReduceMean", ["features", axis])])
    squares = graph.add("ReduceSum", [graph.add("Mul", [centred, centred]), axis])
    length = graph.add("Max", [graph.add("Sqrt", [squares]), graph.constant(FLAT)])
    shape = graph.add("Div", [centred, length])
    library = graph.zeros(shape, PATTERN_WINDOW, PATTERN_NEIGHBOURS)
    neighbours = graph.constant([PATTERN_NEIGHBOURS], np.int64)
    graph.top(library, neighbours, "similarity", "index")
    returns = graph.add("Gather", [graph.constant(np.zeros(PATTERN_NEIGHBOURS)), "index"])
    weighted = graph.add("Mul", ["similarity", returns])
    graph.add("ReduceSum", [weighted, axis], "score", keepdims=1)
    return graph.model()


def pattern_recognition_reference(rows: Arrays) -> Arrays:
    """Return what the graph must answer."""
    count = len(rows["features"])
    return {
        "score": np.zeros((count, 1)),
        "similarity": np.zeros((count, PATTERN_NEIGHBOURS)),
        "index": np.tile(np.arange(PATTERN_NEIGHBOURS), (count, 1)),
    }


def _log_moves() -> np.ndarray:
    """Return log P(to | from), rows from."""
    leave = (1.0 - STAY) / (REGIMES - 1)
    moves = np.full((REGIMES, REGIMES), leave) + np.eye(REGIMES) * (STAY - leave)
    return np.log(moves).round(DECIMALS)


def _log_norm() -> np.ndarray:
    norm: np.ndarray = np.log(np.asarray(RATIO_SPREADS)) + 0.5 * np.log(2.0 * np.pi)
    return norm.round(DECIMALS)
