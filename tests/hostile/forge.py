"""Makes bundles on the fly, sound ones and hostile ones: no such file lies in the tree."""

import hashlib
import io
import json
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from kingmaker.contracts.models import BATCH, SETUP, SIGNATURES, Port, schema_of
from kingmaker.kernel.service import Tensor
from kingmaker.runtime.models.bundle import Bundle

COMPONENT = "online_learning"  # the plainest signature: features [B, 56] to score [B, 1]
ROWS = 256

type Arrays = dict[str, np.ndarray]
type Change = Callable[[onnx.ModelProto], object]


def graph(
    nodes: Sequence[onnx.NodeProto],
    constants: Sequence[onnx.TensorProto] = (),
    component: str = COMPONENT,
) -> onnx.ModelProto:
    """Return a model with the component's ports around these nodes; unchecked."""
    signature = SIGNATURES[component]
    body = helper.make_graph(
        nodes,
        "forged",
        [value(port) for port in signature.inputs],
        [value(port) for port in signature.outputs],
        constants,
    )
    return helper.make_model(body, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)


def value(port: Port) -> onnx.ValueInfoProto:
    """Return a port as ONNX declares it."""
    kind = TensorProto.INT64 if port.dtype == "int64" else TensorProto.FLOAT
    return helper.make_tensor_value_info(port.name, kind, port.shape)


def constant(name: str, values: object, dtype: type = np.float32) -> onnx.TensorProto:
    """Return a constant tensor."""
    return numpy_helper.from_array(np.asarray(values, dtype), name)


def node(kind: str, inputs: str, outputs: str, domain: str = "") -> onnx.NodeProto:
    """Return a node; names are parted by blanks."""
    return helper.make_node(kind, inputs.split(), outputs.split(), domain=domain)


def linear(weight: float = 0.0) -> onnx.ModelProto:
    """Return a sound model: score = weight * the sum of the features."""
    weights = constant("w", np.full((SETUP, 1), weight))
    return graph([node("MatMul", "features w", "score")], [weights])


def golden(component: str = COMPONENT, answer: Callable[[Arrays], Arrays] | None = None) -> Arrays:
    """Return golden rows: random ones in, and `answer` of them out (zeros without)."""
    random = np.random.default_rng(0)
    inputs, outputs = SIGNATURES[component].inputs, SIGNATURES[component].outputs
    rows = {port.name: random.normal(size=_shape(port)).astype("f4") for port in inputs}
    zeros = {port.name: np.zeros(_shape(port), port.dtype) for port in outputs}
    answers = answer(rows) if answer else zeros
    return {f"in.{name}": array for name, array in rows.items()} | {
        f"out.{port.name}": answers[port.name].astype(port.dtype) for port in outputs
    }


def pack(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Return arrays as the bytes of an npz file."""
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def manifest(
    model: bytes, component: str = COMPONENT, changes: Mapping[str, object] | None = None
) -> bytes:
    """Return the manifest that belongs to these bytes, but for the changes."""
    values = {
        "format": 1,
        "component": component,
        "sha256": hashlib.sha256(model).hexdigest(),
        "schema": schema_of(component),
        "memory": 0,
    }
    return json.dumps(values | dict(changes or {})).encode()


def bundle(
    model: onnx.ModelProto | bytes,
    component: str = COMPONENT,
    rows: Mapping[str, np.ndarray] | None = None,
) -> Bundle:
    """Return a bundle around a model."""
    content = model if isinstance(model, bytes) else model.SerializeToString()
    return Bundle(content, pack(rows or golden(component)), manifest(content, component))


def digest_of(made: Bundle) -> str:
    """Return the digest of the model's bytes."""
    return hashlib.sha256(made.model).hexdigest()


def row(component: str = COMPONENT, number: float = 0.5) -> dict[str, Tensor]:
    """Return an input of the component, every number the same."""
    return {
        port.name: _filled([int(size) for size in port.shape if size != BATCH], number)
        for port in SIGNATURES[component].inputs
    }


def _filled(shape: Sequence[int], number: float) -> Tensor:
    numbers = (number,) * shape[-1]
    return numbers if len(shape) == 1 else (numbers,) * shape[0]


def _shape(port: Port) -> tuple[int, ...]:
    return tuple(ROWS if size == BATCH else int(size) for size in port.shape)
