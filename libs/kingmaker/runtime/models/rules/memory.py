"""Refuses graphs that ask for more memory than a model may, as far as their shapes tell."""

from math import prod

import onnx

from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.models.rules.candidate import Candidate

ELEMENTS_MAX = 1 << 24  # of one tensor, a batch counted as one


def check(candidate: Candidate) -> None:
    """Raise `out_of_memory`; what shapes do not tell is stopped by the process's own limit."""
    inferred = onnx.shape_inference.infer_shapes(candidate.proto, data_prop=True)
    for value in inferred.graph.value_info:
        shape = [axis.dim_value for axis in value.type.tensor_type.shape.dim if axis.dim_value]
        if prod(shape) > ELEMENTS_MAX:
            raise ModelRefusedError(
                "out_of_memory", f"{value.name!r} has {shape} numbers, {ELEMENTS_MAX} are the most"
            )
