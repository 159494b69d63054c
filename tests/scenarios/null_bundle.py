"""A sizing model whose factor is dice: half or one and a half, by a fixed hash of the setup row."""

import numpy as np

from kingmaker.contracts.models import SETUP, SIZING
from kingmaker.registry.bootstrap.graph import Graph
from tests.hostile import forge
from tests.scenarios.challenged import Challenge

COMPONENT = "cvar_ppo"
SEED = 20_26
SWING = 16.0  # how fast the sign changes along the projection: many times within a row's spread
CERTAIN = 4.0  # logits as in the bundle that ships, so that the head's vote is the champion's
SIZES = {
    contracts: [CERTAIN if n == contracts else -CERTAIN for n in range(4)] for contracts in range(4)
}

type Arrays = dict[str, np.ndarray]


def null() -> Challenge:
    """Return a bundle that trades whatever the champion trades, 1 or 3 contracts instead of 2."""
    rows = forge.golden(COMPONENT, reference)
    return Challenge(forge.bundle(_model(), COMPONENT, rows), COMPONENT)


def reference(rows: Arrays) -> Arrays:
    """Return what the graph must answer, without onnxruntime."""
    features = rows["features"].astype(np.float64)
    more = np.sin(features @ _projection() * SWING) >= 0.0
    likely = features[:, SETUP : SETUP + 1] >= 0.5
    logits = np.where(likely, np.where(more, [SIZES[3]], [SIZES[1]]), [SIZES[0]])
    odds = np.exp(logits)
    return {
        "logits": logits,
        "probs": odds / odds.sum(axis=1, keepdims=True),
        "action": logits.argmax(axis=1),
        "value": np.zeros((len(features), 1)),
    }


def _projection() -> np.ndarray:
    """Return fixed weights [SIZING, 1]: of the setup row alone."""
    weights = np.random.default_rng(SEED).normal(size=(SIZING, 1)).astype(np.float32)
    weights[SETUP:] = 0.0
    return weights


def _model() -> bytes:
    graph = Graph(COMPONENT)
    projected = graph.add("MatMul", ["features", graph.constant(_projection())])
    angle = graph.add("Mul", [projected, graph.constant(SWING)])
    swing = graph.add("Sin", [angle])
    more = graph.add("GreaterOrEqual", [swing, graph.constant(0.0)])
    column = graph.constant([SETUP], np.int64)
    p_win = graph.add("Gather", ["features", column], axis=1)
    likely = graph.add("GreaterOrEqual", [p_win, graph.constant(0.5)])
    none, one, three = (graph.constant([SIZES[contracts]]) for contracts in (0, 1, 3))
    sized = graph.add("Where", [more, three, one])
    logits = graph.add("Where", [likely, sized, none], "logits")
    graph.add("Softmax", [logits], "probs", axis=1)
    graph.add("ArgMax", [logits], "action", axis=1, keepdims=0)
    graph.add("Identity", [graph.zeros("features", SIZING, 1)], "value")
    return graph.model()
