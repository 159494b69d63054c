"""One network three times: JAX, numpy and the scale of its rows agree."""

import jax
import jax.numpy as jnp
import numpy as np

from kingmaker.learners.rl import network, one_processor
from kingmaker.learners.rl.network import Scale


def test_numpy_answers_what_jax_answers() -> None:
    one_processor.start()
    layers = network.start(jax.random.key(2), [5, 7, 3], 1.0)
    rows = np.random.default_rng(1).standard_normal((9, 5))
    expected = np.asarray(network.forward(layers, jnp.asarray(rows, jnp.float32)), np.float64)
    assert np.abs(network.answer(network.freeze(layers), rows) - expected).max() < 1e-5


def test_a_constant_column_says_nothing_and_an_outlier_is_bounded() -> None:
    rows = np.column_stack([np.full(50, 3.0), np.arange(50.0)])
    scaled = Scale.of(rows).apply(np.array([[4.0, 1e9]]))
    assert scaled.tolist() == [[0.0, network.LIMIT]]


def test_chances_add_up_to_one() -> None:
    assert network.softmax(np.array([[1000.0, 0.0], [0.0, 0.0]])).tolist() == [
        [1.0, 0.0],
        [0.5, 0.5],
    ]
