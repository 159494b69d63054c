"""Asks a candidate's graph one row, the way the serving process does."""

from collections.abc import Mapping

import numpy as np

from kingmaker.kernel.service import Fault
from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.models.graph import GraphFaultError
from kingmaker.runtime.models.layout import BadInputError
from kingmaker.runtime.models.rules.candidate import Candidate


def ask(candidate: Candidate, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the answer's arrays, flat. Raise `not_finite`, `not_loadable`, `out_of_memory`."""
    graph = candidate.graph
    assert graph, "it loads"
    try:
        row = graph.layout.pack({name: _tensor(array) for name, array in inputs.items()})
        graph.run((row,), candidate.options)
    except BadInputError as error:
        raise ModelRefusedError("parity", f"the golden rows are no input: {error}") from error
    except GraphFaultError as error:
        if candidate.options is not None and candidate.options.terminate:
            raise ModelRefusedError("too_slow", "it was stopped at its deadline") from error
        reason = "out_of_memory" if "alloc" in str(error).lower() else "not_loadable"
        raise ModelRefusedError(reason, f"it loads and does not run: {error}") from error
    answer = graph.layout.unpack(graph.answer)
    if isinstance(answer, Fault):
        raise ModelRefusedError("not_finite", answer.reason)
    return {name: np.asarray(values) for name, values in answer.outputs.items()}


def _tensor(array: np.ndarray) -> tuple[float, ...] | tuple[tuple[float, ...], ...]:
    values = array.tolist()
    return tuple(tuple(row) if isinstance(row, list) else row for row in values)
