"""Refuses graphs that declare how they learn, and answer otherwise by what they declare."""

import numpy as np

from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.models.graph import Graph, GraphFaultError
from kingmaker.runtime.models.layout import BadInputError
from kingmaker.runtime.models.rules.candidate import Candidate

ROWS = 16


def check(candidate: Candidate) -> None:
    """Raise `parity`: the declared numbers, handed in, must give the very bits of the export.

    Else revision 1 would be one of a model that nobody examined.
    """
    graph = candidate.graph
    assert graph, "it loads"
    if graph.revisable is None or graph.revisable.rule.inputs:
        return  # the numbers are nobody's, or the signature's own
    random = np.random.default_rng(int(candidate.digest[:16], 16))
    try:
        first = graph.revisable.pack(graph.revisable.first())
        for _ in range(ROWS):
            row = random.normal(0.0, 1.0, graph.layout.inputs[-1].end).astype("<f4").tobytes()
            if _answer(graph, row, b"") != _answer(graph, row, first):
                raise ModelRefusedError(
                    "parity", "by the numbers it declares it answers otherwise than by its own"
                )
    except (BadInputError, GraphFaultError, ArithmeticError, ValueError) as error:
        raise ModelRefusedError("parity", f"the numbers it declares: {error}") from error


def _answer(graph: Graph, row: bytes, revision: bytes) -> bytes:
    graph.run([row], None, revision)
    return bytes(graph.answer)
