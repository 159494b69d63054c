"""Writes ONNX graphs of a component's signature, a node a line, the same bytes every time."""

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from kingmaker.contracts.models import (
    FLOAT32,
    IR_VERSION,
    ML_OPSET,
    OPSET,
    SIGNATURES,
    Port,
    schema_of,
)


class Graph:
    """A graph in the making: call `add` in order of execution, then `model`."""

    def __init__(self, component: str) -> None:
        """Begin a graph with the component's inputs and outputs."""
        self._component = component
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def add(self, kind: str, inputs: Sequence[str], output: str = "", **attributes: int) -> str:
        """Add one node and return the name of its output."""
        name = output or f"v{len(self._nodes)}"
        node = helper.make_node(kind, inputs, [name])
        node.attribute.extend(helper.make_attribute(*pair) for pair in sorted(attributes.items()))
        self._nodes.append(node)
        return name

    def constant(self, values: object, dtype: type = np.float32) -> str:
        """Add a constant tensor and return its name."""
        name = f"c{len(self._constants)}"
        array: np.ndarray = np.asarray(values, dtype=dtype)
        self._constants.append(numpy_helper.from_array(array, name))
        return name

    def top(self, scores: str, count: str, values: str, indices: str) -> None:
        """Add the node that finds the `count` largest scores of each row and where they stand."""
        self._nodes.append(helper.make_node("TopK", [scores, count], [values, indices], axis=1))

    def zeros(self, rows: str, width: int, columns: int) -> str:
        """Return rows [B, width] mapped to zeros [B, columns]: a linear layer untrained."""
        return self.add("MatMul", [rows, self.constant(np.zeros((width, columns)))])

    def model(self, properties: Mapping[str, str] | None = None) -> bytes:
        """Return the graph as bytes; `properties` join its metadata as `km.<key>`."""
        signature = SIGNATURES[self._component]
        graph = helper.make_graph(
            self._nodes,
            self._component,
            [_value(port) for port in signature.inputs],
            [_value(port) for port in signature.outputs],
            self._constants,
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", ML_OPSET)]
        model = helper.make_model(
            graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="kingmaker"
        )
        known = {"component": self._component, "schema": schema_of(self._component)}
        for key, value in sorted((known | dict(properties or {})).items()):
            model.metadata_props.add(key=f"km.{key}", value=value)
        onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString(deterministic=True))


def _value(port: Port) -> onnx.ValueInfoProto:
    kind = TensorProto.FLOAT if port.dtype == FLOAT32 else TensorProto.INT64
    return helper.make_tensor_value_info(port.name, kind, port.shape)
