"""Refuses graphs of versions that were not tried with our runtime, and graphs without end."""

import onnx

from kingmaker.contracts.models import IR_VERSION, ML_OPSET, OPSET
from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.models.rules.candidate import Candidate, parts_of

NODES_MAX = 4096
IR_VERSIONS = range(8, 12)
OPSETS = {"": range(17, 24), "ai.onnx.ml": range(1, 6)}


def check(candidate: Candidate) -> None:
    """Raise `not_loadable` for a version, `too_large` for the number of nodes."""
    model = candidate.proto
    if model.ir_version not in IR_VERSIONS:
        raise ModelRefusedError(
            "not_loadable", f"IR version {model.ir_version}: export with ir_version={IR_VERSION}"
        )
    for opset in model.opset_import:
        if opset.version not in OPSETS[opset.domain]:
            wanted = f"opset {OPSET}, ai.onnx.ml {ML_OPSET}"
            raise ModelRefusedError(
                "not_loadable", f"{opset.domain or 'opset'} {opset.version}: export with {wanted}"
            )
    nodes = sum(1 for _ in parts_of(model, onnx.NodeProto))
    if nodes > NODES_MAX:
        raise ModelRefusedError("too_large", f"{nodes} nodes, {NODES_MAX} are the most")
