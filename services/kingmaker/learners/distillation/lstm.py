"""A long short-term memory with a linear last layer: to learn in JAX, to check, to serve in ONNX.

Hochreiter and Schmidhuber 1997, with a forget gate (Gers et al. 2000). Gates stand in the order of
ONNX: input, output, forget, cell.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from kingmaker.learners.contract import Floats
from kingmaker.learners.export import GraphBuilder

GATES = 4
FORGET = 2  # its place


class Weights[Array](NamedTuple):
    """F inputs, H cells, A outputs."""

    inward: Array  # [F, 4H]
    recurrent: Array  # [H, 4H]
    bias: Array  # [4H]
    outward: Array  # [H, A]
    levels: Array  # [A]


def start(key: jax.Array, inputs: int, cells: int, outputs: int) -> Weights[jax.Array]:
    """Return orthogonal weights; the last layer begins undecided, and nothing is forgotten yet."""
    first, second, third = jax.random.split(key, 3)
    plain = jax.nn.initializers.orthogonal()
    bias = jnp.zeros((GATES, cells)).at[FORGET].set(1.0).reshape(-1)
    return Weights(
        plain(first, (inputs, GATES * cells), jnp.float32),
        plain(second, (cells, GATES * cells), jnp.float32),
        bias,
        jax.nn.initializers.orthogonal(0.01)(third, (cells, outputs), jnp.float32),
        jnp.zeros(outputs),
    )


def forward(weights: Weights[jax.Array], rows: jax.Array) -> jax.Array:
    """Return what is said after the last of each sequence: [B, L, F] -> [B, A]."""
    fed = jnp.swapaxes(rows @ weights.inward + weights.bias, 0, 1)
    empty = jnp.zeros((len(rows), len(weights.recurrent)), rows.dtype)

    def step(
        carry: tuple[jax.Array, jax.Array], given: jax.Array
    ) -> tuple[tuple[jax.Array, jax.Array], None]:
        said, cell = carry
        gates = given + said @ weights.recurrent
        into, out, forget, new = jnp.split(gates, GATES, axis=-1)
        cell = jax.nn.sigmoid(forget) * cell + jax.nn.sigmoid(into) * jnp.tanh(new)
        return (jax.nn.sigmoid(out) * jnp.tanh(cell), cell), None

    (said, _), _ = jax.lax.scan(step, (empty, empty), fed)
    return said @ weights.outward + weights.levels


def freeze(weights: Weights[jax.Array]) -> Weights[Floats]:
    """Return the weights as numbers of double precision with the values of single precision."""
    return Weights(*[np.asarray(one, np.float64) for one in weights])


def answer(weights: Weights[Floats], rows: Floats) -> Floats:
    """Return what `forward` returns, in double precision and without JAX."""
    said = np.zeros((len(rows), len(weights.recurrent)))
    cell = np.zeros_like(said)
    for place in range(rows.shape[1]):
        gates = rows[:, place] @ weights.inward + said @ weights.recurrent + weights.bias
        into, out, forget, new = np.split(gates, GATES, axis=1)
        cell = _sigmoid(forget) * cell + _sigmoid(into) * np.tanh(new)
        said = _sigmoid(out) * np.tanh(cell)
    last: Floats = said @ weights.outward + weights.levels
    return last


def export(graph: GraphBuilder, weights: Weights[Floats], rows: str, output: str) -> str:
    """Add the network over standardised sequences [B, L, F]; return the name of [B, A]."""
    cells = len(weights.recurrent)
    said = graph.lstm(
        rows,
        graph.floats(weights.inward.T[None]),
        graph.floats(weights.recurrent.T[None]),
        graph.floats(np.concatenate([weights.bias, np.zeros_like(weights.bias)])[None]),
        cells,
    )
    product = graph.add("MatMul", said, graph.floats(weights.outward))
    return graph.add("Add", product, graph.floats(weights.levels), output=output)


def _sigmoid(values: Floats) -> Floats:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * values)))
