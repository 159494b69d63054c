"""Refuses graphs that do not answer their own golden rows."""

import io
import zipfile
from collections.abc import Mapping

import numpy as np

from kingmaker.contracts.models import BATCH, FLOAT32, Port
from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.models.graph import Graph
from kingmaker.runtime.models.layout import Place
from kingmaker.runtime.models.rules.answering import ask
from kingmaker.runtime.models.rules.candidate import Candidate

GOLDEN_ROWS = 256
UNPACKED_BYTES_MAX = 64 << 20
TOLERANCE = 1e-5  # of |answer - golden| / max(1, |golden|)

type Arrays = Mapping[str, np.ndarray]


def check(candidate: Candidate) -> None:
    """Raise `parity` or `not_finite`, naming the row and the output."""
    graph = candidate.graph
    assert graph, "it loads"
    golden = _read(candidate.bundle.golden)
    inputs = {place.port.name: _take(golden, "in", place) for place in graph.layout.inputs}
    outputs = {place.port.name: _take(golden, "out", place) for place in graph.layout.outputs}
    for row in range(GOLDEN_ROWS):
        answers = ask(candidate, _row_of(graph, inputs, row))
        for place in graph.layout.outputs:
            name = place.port.name
            _compare(place.port, answers[name], outputs[name][row].ravel(), row)


def _read(content: bytes) -> Arrays:
    """Return the arrays, no more than a bounded number of bytes, and no objects."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(member.file_size for member in archive.infolist())
        if size > UNPACKED_BYTES_MAX:
            raise ModelRefusedError("archive_unsafe", f"the golden rows unpack to {size} bytes")
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (ValueError, OSError, EOFError, zipfile.BadZipFile, NotImplementedError) as error:
        raise ModelRefusedError("parity", f"the golden rows cannot be read: {error}") from error


def _take(golden: Arrays, side: str, place: Place) -> np.ndarray:
    """Return the rows of one port, of its type and shape."""
    port = place.port
    shape = tuple(GOLDEN_ROWS if size == BATCH else int(size) for size in port.shape)
    array = golden.get(f"{side}.{port.name}")
    if array is None or array.dtype != np.dtype(port.dtype) or array.shape != shape:
        found = "missing" if array is None else f"{array.dtype} {array.shape}"
        raise ModelRefusedError(
            "parity", f"golden {side}.{port.name} is {found}, not {port.dtype} {shape}"
        )
    return array


def _row_of(graph: Graph, inputs: Arrays, row: int) -> dict[str, np.ndarray]:
    """Return one row of every input; an input without a batch is the same for all."""
    return {
        place.port.name: inputs[place.port.name][row]
        if BATCH in place.port.shape
        else inputs[place.port.name]
        for place in graph.layout.inputs
    }


def _compare(port: Port, answer: np.ndarray, golden: np.ndarray, row: int) -> None:
    if port.dtype != FLOAT32:
        if (answer != golden).any():
            raise ModelRefusedError("parity", f"row {row}: {port.name} is not the golden one")
        return
    wide = golden.astype(np.float64)
    error = float((np.abs(answer - wide) / np.maximum(1.0, np.abs(wide))).max())
    if not error <= TOLERANCE:
        raise ModelRefusedError(
            "parity", f"row {row}: {port.name} is off by {error:.2g}, {TOLERANCE:g} is the most"
        )
