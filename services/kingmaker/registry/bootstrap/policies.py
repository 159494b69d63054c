"""Bootstrap models that choose: the full size, the first arm that fired, to stay out."""

from collections.abc import Mapping

import numpy as np

from kingmaker.contracts.models import CONTEXT, FEATURES, SETUP, SIZES, SIZING, STRATEGIES
from kingmaker.registry.bootstrap.graph import Graph

CERTAIN = 4.0  # logit of the choice; the others have its negative
FULL_SIZE = (-CERTAIN, -CERTAIN, CERTAIN, -CERTAIN)  # 2 contracts
NO_SIZE = (CERTAIN, -CERTAIN, -CERTAIN, -CERTAIN)
STAY_OUT = (CERTAIN, -CERTAIN, -CERTAIN)
EXPLORATION = 0.1  # ucb = mu + EXPLORATION * sigma
UNFIRED = -1e9  # below every score: an arm that did not fire is not picked

type Arrays = Mapping[str, np.ndarray]


def cvar_ppo() -> bytes:
    """Return full size where a win is at least as likely as not, else none."""
    graph = Graph("cvar_ppo")
    p_win = _columns(graph, "features", SETUP, SETUP + 1, axis=1)
    likely = graph.add("GreaterOrEqual", [p_win, graph.constant([[0.5]])])
    sizes = [graph.constant([FULL_SIZE]), graph.constant([NO_SIZE])]
    _choose(graph, graph.add("Where", [likely, *sizes], "logits"))
    graph.add("Identity", [graph.zeros("features", SIZING, 1)], "value")
    return graph.model()


def cvar_ppo_reference(rows: Arrays) -> Arrays:
    """Return what the graph must answer."""
    likely = rows["features"][:, SETUP : SETUP + 1] >= np.float32(0.5)
    logits = np.where(likely, [FULL_SIZE], [NO_SIZE])
    assert logits.shape[1] == SIZES, "a logit a size"
    return _chosen(logits)


def s15_rl_policy() -> bytes:
    """Return a policy that stays out, whatever the features."""
    graph = Graph("s15_rl_policy")
    zeros = graph.zeros("features", FEATURES, len(STAY_OUT))
    _choose(graph, graph.add("Add", [zeros, graph.constant(STAY_OUT)], "logits"))
    graph.add("Identity", [graph.zeros("features", FEATURES, 1)], "value")
    return graph.model()


def s15_rl_policy_reference(rows: Arrays) -> Arrays:
    """Return what the graph must answer."""
    return _chosen(np.tile(STAY_OUT, (len(rows["features"]), 1)))


def neural_ucb() -> bytes:
    """Return a bandit that has seen nothing: all arms alike, the first that fired is picked."""
    graph = Graph("neural_ucb")
    last = graph.constant([2], np.int64)
    mu = graph.add("Squeeze", [graph.zeros("contexts", CONTEXT, 1), last], "mu")
    sigma = graph.add("Add", [mu, graph.constant(1.0)], "sigma")
    bonus = graph.add("Mul", [sigma, graph.constant(EXPLORATION)])
    ucb = graph.add("Add", [mu, bonus], "ucb")
    column = _columns(graph, "contexts", CONTEXT - 1, CONTEXT, axis=2)
    fired = graph.add("Greater", [graph.add("Squeeze", [column, last]), graph.constant(0.5)])
    scores = graph.add("Where", [fired, ucb, graph.constant(UNFIRED)])
    graph.add("ArgMax", [scores], "action", axis=1, keepdims=0)
    return graph.model({"exploration": str(EXPLORATION)})


def neural_ucb_reference(rows: Arrays) -> Arrays:
    """Return what the graph must answer."""
    fired = rows["contexts"][:, :, -1] > np.float32(0.5)
    mu = np.zeros((len(fired), len(STRATEGIES)))
    ucb = mu + EXPLORATION
    action = np.where(fired, ucb, UNFIRED).argmax(axis=1)
    return {"mu": mu, "sigma": mu + 1.0, "ucb": ucb, "action": action}


def _columns(graph: Graph, rows: str, first: int, end: int, axis: int) -> str:
    """Return the columns [first, end) of the axis."""
    bounds = [graph.constant([place], np.int64) for place in (first, end, axis)]
    return graph.add("Slice", [rows, *bounds])


def _choose(graph: Graph, logits: str) -> None:
    """Let probabilities and action agree with the logits."""
    graph.add("Softmax", [logits], "probs", axis=1)
    graph.add("ArgMax", [logits], "action", axis=1, keepdims=0)


def _chosen(logits: np.ndarray) -> Arrays:
    likely = np.exp(logits - logits.max(axis=1, keepdims=True))
    return {
        "logits": logits,
        "probs": likely / likely.sum(axis=1, keepdims=True),
        "action": logits.argmax(axis=1),
        "value": np.zeros((len(logits), 1)),
    }
