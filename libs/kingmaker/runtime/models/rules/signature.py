"""Refuses graphs whose inputs and outputs are not those of the component, name by name."""

from collections.abc import Iterable

import onnx

from kingmaker.contracts.models import SIGNATURES, Port, schema_of
from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.models.rules.candidate import Candidate

KINDS: dict[int, str] = {onnx.TensorProto.FLOAT: "float32", onnx.TensorProto.INT64: "int64"}


def check(candidate: Candidate) -> None:
    """Raise `signature_mismatch` with what was found and what is asked for."""
    component, manifest = candidate.component, candidate.manifest
    model = candidate.proto
    signature = SIGNATURES[component]
    constants = {tensor.name for tensor in model.graph.initializer}
    inputs = [value for value in model.graph.input if value.name not in constants]
    said = {pair.key: pair.value for pair in model.metadata_props}
    for what, found, wanted in (
        ("its manifest's component", manifest.component, component),
        ("its manifest's schema", manifest.schema, schema_of(component)),
        ("its component", said.get("km.component", component), component),
        ("its schema", said.get("km.schema", manifest.schema), manifest.schema),
        ("its memory", said.get("km.memory", "0"), str(manifest.memory)),
        ("inputs", _ports(inputs), list(signature.inputs)),
        ("outputs", _ports(model.graph.output), list(signature.outputs)),
    ):
        if found != wanted:
            raise ModelRefusedError(
                "signature_mismatch",
                f"{what}: {_text(found)}; {component} asks for {_text(wanted)}",
            )


def _ports(values: Iterable[onnx.ValueInfoProto]) -> list[Port]:
    return [_port(value) for value in values]


def _port(value: onnx.ValueInfoProto) -> Port:
    tensor = value.type.tensor_type
    shape = tuple(
        axis.dim_value if axis.HasField("dim_value") else axis.dim_param
        for axis in tensor.shape.dim
    )
    return Port(value.name, shape, KINDS.get(tensor.elem_type, f"type {tensor.elem_type}"))


def _text(found: object) -> str:
    if not isinstance(found, list):
        return str(found)[:100]
    ports = (f"{port.name}{list(port.shape)} {port.dtype}" for port in found)
    return ", ".join(ports)[:200] or "none"
