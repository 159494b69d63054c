"""Refuses operators that are not standard, that loop, that branch, or that roll dice."""

import onnx

from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.models.rules.candidate import Candidate, parts_of

DOMAINS = {"", "ai.onnx.ml"}
CONTROL = {"If", "Loop", "Scan", "SequenceMap"}
RANDOM = {
    "Bernoulli",
    "Dropout",
    "Multinomial",
    "RandomNormal",
    "RandomNormalLike",
    "RandomUniform",
    "RandomUniformLike",
}
REFUSED = CONTROL | RANDOM


def check(candidate: Candidate) -> None:
    """Raise `foreign_operator`."""
    model = candidate.proto
    if model.functions or model.training_info:
        raise _foreign("the model brings functions or training of its own")
    domains = {opset.domain for opset in model.opset_import}
    if not domains <= DOMAINS:
        raise _foreign(f"it imports {', '.join(sorted(domains - DOMAINS))}")
    for node in parts_of(model, onnx.NodeProto):
        if node.domain not in DOMAINS:
            raise _foreign(f"{node.domain}.{node.op_type} is of no standard domain")
        if node.op_type in REFUSED:
            raise _foreign(f"{node.op_type} is not allowed: no loops, branches or random numbers")


def _foreign(detail: str) -> ModelRefusedError:
    return ModelRefusedError("foreign_operator", detail[:200])
