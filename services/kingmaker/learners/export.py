"""Writes ONNX graphs of a component's signature, a node a line, the same bytes every time.

The registry has such a builder of its own for what ships with the product: services share nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any

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
    Signature,
    schema_of_signature,
)
from kingmaker.revisions.declaration import INPUT


class GraphBuilder:
    """A graph in the making: call `add` in order of execution, then `finish`."""

    def __init__(self, component: str, signature: Signature | None = None) -> None:
        """Begin a graph with the component's inputs and outputs, or with others: of no component's.

        What has a signature of its own is never served.
        """
        self._component = component
        self._signature = signature or SIGNATURES[component]
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._revised: list[onnx.ValueInfoProto] = []

    def add(self, kind: str, *inputs: str, output: str = "", **attributes: int) -> str:
        """Add one node and return the name of its output."""
        name = output or f"step_{len(self._nodes)}"
        given: dict[str, Any] = dict(attributes)
        self._nodes.append(helper.make_node(kind, list(inputs), [name], **given))
        return name

    def first_largest(self, scores: str, output: str) -> None:
        """Add the node that says where in each row the largest score stands; first of equals."""
        self._nodes.append(helper.make_node("ArgMax", [scores], [output], axis=1, keepdims=0))

    def trees(self, rows: str, attributes: Mapping[str, Any]) -> str:
        """Add a TreeEnsembleRegressor and return the name of its sums [B, targets]."""
        name = f"step_{len(self._nodes)}"
        kind, domain = "TreeEnsembleRegressor", "ai.onnx.ml"
        self._nodes.append(helper.make_node(kind, [rows], [name], domain=domain, **attributes))
        return name

    def highest(self, scores: str, count: int) -> tuple[str, str]:
        """Add the node that finds the largest of each row, and return the names: values, places."""
        names = [f"step_{len(self._nodes)}_{what}" for what in ("values", "places")]
        inputs = [scores, self.integers([count])]
        self._nodes.append(helper.make_node("TopK", inputs, names))
        return names[0], names[1]

    def lstm(self, rows: str, inward: str, recurrent: str, bias: str, cells: int) -> str:
        """Add an LSTM over [B, L, F]; return the name of its last word, [B, cells]."""
        turned, name = f"step_{len(self._nodes)}", f"step_{len(self._nodes) + 1}"
        inputs = [turned, inward, recurrent, bias]
        self._nodes += [
            helper.make_node("Transpose", [rows], [turned], perm=[1, 0, 2]),
            helper.make_node("LSTM", inputs, ["", name], hidden_size=cells),
        ]
        return self.add("Squeeze", name, self.integers([0]))

    def floats(self, values: object) -> str:
        """Add a constant float32 tensor and return its name."""
        return self._constant(np.asarray(values, np.float32))

    def doubles(self, values: object, name: str = "") -> str:
        """Add a constant float64 tensor and return its name: one by which others find it."""
        return self._constant(np.asarray(values, np.float64), name)

    def widened(self, name: str) -> str:
        """Go on in double precision from here, and return the name of the numbers."""
        return self.add("Cast", name, to=TensorProto.DOUBLE)

    def whole(self, name: str) -> str:
        """Return the name of these numbers as integers: as places in another tensor."""
        return self.add("Cast", name, to=TensorProto.INT64)

    def narrowed(self, name: str, output: str) -> str:
        """Give numbers of double precision as an output."""
        return self.add("Cast", name, output=output, to=TensorProto.FLOAT)

    def revision(self, values: object) -> str:
        """Add the numbers that a revision stands in for, with those of the export; return its name.

        It is an initialiser that may be given another value, so the signature stays what it was.
        """
        array = np.asarray(values, np.float32)
        self._constants.append(numpy_helper.from_array(array, INPUT))
        self._revised.append(helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, array.shape))
        return INPUT

    def part(self, vector: str, first: int, shape: Sequence[int]) -> str:
        """Add the nodes that take a tensor of this shape out of a vector, from `first` on."""
        end = first + int(np.prod(shape, dtype=np.int64))
        piece = self.add("Slice", vector, self.integers([first]), self.integers([end]))
        return self.add("Reshape", piece, self.integers(shape))

    def integers(self, values: Sequence[int]) -> str:
        """Add a constant int64 tensor and return its name."""
        return self._constant(np.asarray(values, np.int64))

    def finish(self, properties: Mapping[str, str]) -> bytes:
        """Return the checked graph as bytes; `properties` join its metadata as `km.<key>`."""
        signature = self._signature
        graph = helper.make_graph(
            self._nodes,
            self._component,
            [*[_value(port) for port in signature.inputs], *self._revised],
            [_value(port) for port in signature.outputs],
            self._constants,
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", ML_OPSET)]
        model = helper.make_model(
            graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="kingmaker"
        )
        known = {"component": self._component, "schema": schema_of_signature(signature)}
        for key, value in sorted((known | dict(properties)).items()):
            model.metadata_props.add(key=f"km.{key}", value=value)
        onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString(deterministic=True))

    def _constant(self, array: np.ndarray, name: str = "") -> str:
        name = name or f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(array, name))
        return name


def _value(port: Port) -> onnx.ValueInfoProto:
    kind = TensorProto.FLOAT if port.dtype == FLOAT32 else TensorProto.INT64
    return helper.make_tensor_value_info(port.name, kind, port.shape)
