"""Refuses tensors that lie outside the file: initialisers, sparse ones, attributes, subgraphs."""

import onnx

from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.models.rules.candidate import Candidate, parts_of


def check(candidate: Candidate) -> None:
    """Raise `external_data`; nothing outside the bytes is looked at."""
    for tensor in parts_of(candidate.proto, onnx.TensorProto):
        if tensor.data_location == onnx.TensorProto.EXTERNAL or tensor.external_data:
            where = next(
                (pair.value for pair in tensor.external_data if pair.key == "location"), ""
            )
            raise ModelRefusedError(
                "external_data", f"the tensor {tensor.name!r} lies in {where[:80]!r}: put it inside"
            )
