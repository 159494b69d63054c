"""One LSTM three times: JAX, numpy and ONNX agree."""

import jax
import jax.numpy as jnp
import numpy as np

from kingmaker.contracts.models import BATCH, Port, Signature
from kingmaker.learners.distillation import lstm
from kingmaker.learners.distillation.lstm import Weights
from kingmaker.learners.export import GraphBuilder
from kingmaker.learners.rl import one_processor
from kingmaker.learners.training import open_session

LENGTH, INPUTS, CELLS, OUTPUTS = 24, 7, 16, 3


def weights() -> Weights[jax.Array]:
    """Return weights that are no longer those of a beginning: the last layer says something."""
    one_processor.start()
    begun = lstm.start(jax.random.key(3), INPUTS, CELLS, OUTPUTS)
    return begun._replace(outward=100.0 * begun.outward, levels=jnp.array([0.1, -0.2, 0.3]))


def rows(count: int = 256) -> np.ndarray:
    return np.random.default_rng(1).standard_normal((count, LENGTH, INPUTS))


def test_numpy_answers_what_jax_answers() -> None:
    expected = np.asarray(lstm.forward(weights(), jnp.asarray(rows(), jnp.float32)), np.float64)
    found = lstm.answer(lstm.freeze(weights()), rows())
    assert np.abs(expected).max() > 0.1
    assert np.abs(found - expected).max() < 1e-5


def test_the_graph_answers_what_numpy_answers_in_every_batch() -> None:
    ports = ((Port("rows", (BATCH, LENGTH, INPUTS)),), (Port("values", (BATCH, OUTPUTS)),))
    graph = GraphBuilder("a test's", Signature(*ports))
    lstm.export(graph, lstm.freeze(weights()), "rows", "values")
    decide = open_session(graph.finish({}))
    given = rows().astype(np.float32)
    expected = lstm.answer(lstm.freeze(weights()), given.astype(np.float64))
    alone = np.concatenate([decide({"rows": given[n : n + 1]})["values"] for n in range(256)])
    for size in (1, 2, 7, 256):
        found = decide({"rows": given[:size]})["values"].astype(np.float64)
        assert np.abs(found - expected[:size]).max() < 1e-5, size
        assert np.abs(found - alone[:size]).max() < 1e-6, size


def test_what_came_first_is_remembered() -> None:
    given = rows(2)
    given[1] = given[0]
    given[1, 0] += 1.0
    said = lstm.answer(lstm.freeze(weights()), given)
    assert np.abs(said[0] - said[1]).max() > 0.0
