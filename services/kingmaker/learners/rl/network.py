"""A small network, three times the same: in JAX to learn, in numpy to check, in ONNX to serve."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np

from kingmaker.learners.contract import Floats
from kingmaker.learners.export import GraphBuilder

CONSTANT = 1e-5  # of its size: a column that varies less is noise in single precision
LIMIT = 10.0  # deviations: farther out a row looks like this, so that no outlier rules

type Layers = Sequence[tuple[jax.Array, jax.Array]]  # weights [in, out] and biases [out]
type Numbers = Sequence[tuple[Floats, Floats]]  # the same, as they are exported


@dataclass(frozen=True, slots=True)
class Scale:
    """Standardisation of the columns of a row; a constant column becomes zero."""

    mean: Floats  # [F]
    inverse: Floats  # [F]: 1 / deviation

    @classmethod
    def of(cls, rows: Floats) -> "Scale":
        """Return the scale of rows [N, F], in single precision: what the graph computes with."""
        mean, deviation = rows.mean(axis=0), rows.std(axis=0)
        least = CONSTANT * np.maximum(1.0, np.abs(mean))
        inverse = np.where(deviation < least, 0.0, 1.0 / np.maximum(deviation, least))
        return cls(_single(mean), _single(inverse))

    def apply(self, rows: Floats) -> Floats:
        """Return the rows in deviations from the mean, [N, F]."""
        return np.clip((rows - self.mean) * self.inverse, -LIMIT, LIMIT)

    def export(self, graph: GraphBuilder, name: str) -> str:
        """Add the standardisation of an input; return the name of the standardised rows."""
        centred = graph.add("Sub", name, graph.floats(self.mean))
        scaled = graph.add("Mul", centred, graph.floats(self.inverse))
        return graph.add("Clip", scaled, graph.floats(-LIMIT), graph.floats(LIMIT))


def start(key: jax.Array, widths: Sequence[int], last_gain: float) -> Layers:
    """Return orthogonal weights and zero biases; a small `last_gain` begins undecided."""
    gains = [float(np.sqrt(2.0))] * (len(widths) - 2) + [last_gain]
    keys = jax.random.split(key, len(gains))
    shapes = pairwise(widths)
    return [
        (jax.nn.initializers.orthogonal(gain)(own, shape, jnp.float32), jnp.zeros(shape[1]))
        for gain, own, shape in zip(gains, keys, shapes, strict=True)
    ]


def forward(layers: Layers, rows: jax.Array) -> jax.Array:
    """Return the last layer's numbers; tanh between layers. Rows [..., in] -> [..., out]."""
    *inner, (weights, biases) = layers
    for inner_weights, inner_biases in inner:
        rows = jnp.tanh(rows @ inner_weights + inner_biases)
    return rows @ weights + biases


def freeze(layers: Layers) -> Numbers:
    """Return the weights as numbers of double precision with the values of single precision."""
    return [(np.asarray(w, np.float64), np.asarray(b, np.float64)) for w, b in layers]


def answer(numbers: Numbers, rows: Floats) -> Floats:
    """Return what `forward` returns, in double precision and without JAX."""
    *inner, (weights, biases) = numbers
    for inner_weights, inner_biases in inner:
        rows = np.tanh(rows @ inner_weights + inner_biases)
    last: Floats = rows @ weights + biases
    return last


def export(graph: GraphBuilder, numbers: Numbers, rows: str, output: str = "") -> str:
    """Add the network; return the name of its last layer."""
    *inner, (weights, biases) = numbers
    for inner_weights, inner_biases in inner:
        product = graph.add("MatMul", rows, graph.floats(inner_weights))
        rows = graph.add("Tanh", graph.add("Add", product, graph.floats(inner_biases)))
    product = graph.add("MatMul", rows, graph.floats(weights))
    return graph.add("Add", product, graph.floats(biases), output=output)


def softmax(logits: Floats) -> Floats:
    """Return the probabilities of each row of logits."""
    likely = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(likely / likely.sum(axis=1, keepdims=True))


def _single(values: Floats) -> Floats:
    return values.astype(np.float32).astype(np.float64)
