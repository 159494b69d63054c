"""One loaded graph: bytes of a row in, bytes of an answer out, a batch of one always."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnxruntime as ort

from kingmaker.contracts.models import FLOAT32, REGIME_MEMORY_MAX, Port
from kingmaker.runtime.models.errors import ModelRefusedError
from kingmaker.runtime.models.layout import Layout, Place
from kingmaker.runtime.models.revisable import INPUT, Revisable

MEMORY_WORDS = ("memory", "bad_alloc", "bad allocation", "alloc")


class GraphFaultError(Exception):
    """The graph raised, was stopped, or answered in another shape."""


class Graph:
    """A session with its buffers bound once: no array is made when it is asked.

    `row` and `answer` are the buffers; see `Layout`. Not for two threads.
    """

    def __init__(self, component: str, model: bytes) -> None:
        """Load exactly these bytes. Raise ModelRefusedError with the reason."""
        self.layout = Layout.of(component)
        self.row = bytearray(self.layout.row.size)
        self.answer = bytearray(self.layout.answer.size)
        self._session = _open(model)
        _require_ports(self._session.get_inputs(), self.layout.inputs)
        _require_ports(self._session.get_outputs(), self.layout.outputs)
        self.memory = _memory_of(self._session)
        self.revisable = Revisable.of(component, self._session)
        own = self.revisable if self.revisable and not self.revisable.rule.inputs else None
        self.revision = bytearray(own.layout.size if own else 0)
        self._arrays: list[np.ndarray] = []
        self._binding = self._bind()
        self._revised = self._bind_revised() if own else None

    def run(self, rows: Sequence[bytes], options: Any = None, revision: bytes = b"") -> None:  # noqa: ANN401 - onnxruntime ships no types
        """Feed the rows through the graph; the last answer stands in `answer`.

        What the graph carries (`<name>_next`) becomes the input of the next row. `revision` stands
        in for the numbers it was exported with. Raise GraphFaultError.
        """
        row, answer, binding = self.row, self.answer, self._binding
        if revision:
            if len(revision) != len(self.revision):
                raise GraphFaultError(f"a revision of {len(revision)} bytes does not fit it")
            self.revision[:] = revision
            binding = self._revised
        carry = False
        for content in rows:
            row[:] = content
            if carry:
                for source, target in self.layout.carried:
                    carried = answer[source.offset : source.offset + source.size]
                    row[target.offset : target.offset + target.size] = carried
            try:
                self._session.run_with_iobinding(binding, options)
            except Exception as error:  # onnxruntime has many kinds; each is the model's fault
                raise GraphFaultError(_first_line(error)) from error
            carry = True

    def _bind(self) -> Any:  # noqa: ANN401 - onnxruntime ships no types
        binding = self._session.io_binding()
        for place in self.layout.inputs:
            array = self._view(self.row, place)
            binding.bind_input(
                place.port.name, "cpu", 0, array.dtype, place.shape, array.ctypes.data
            )
        for place in self.layout.outputs:
            array = self._view(self.answer, place)
            binding.bind_output(
                place.port.name, "cpu", 0, array.dtype, place.shape, array.ctypes.data
            )
        return binding

    def _bind_revised(self) -> Any:  # noqa: ANN401 - onnxruntime ships no types
        """Return the same binding, with a revision in place of what the graph has of its own."""
        binding = self._bind()
        array: np.ndarray = np.frombuffer(self.revision, np.float32)
        self._arrays.append(array)
        binding.bind_input(INPUT, "cpu", 0, array.dtype, array.shape, array.ctypes.data)
        return binding

    def _view(self, buffer: bytearray, place: Place) -> np.ndarray:
        """Return a port's part of a buffer as an array that shares its memory, and keep it."""
        count = place.end - place.first
        array: np.ndarray = np.frombuffer(buffer, place.port.dtype, count, place.offset)
        self._arrays.append(array)
        return array


def options_of_run() -> Any:  # noqa: ANN401 - onnxruntime ships no types
    """Return options whose `terminate` stops a run between two nodes."""
    options = ort.RunOptions()
    options.log_severity_level = 4
    # Says what the default is. Unsaid, onnxruntime 1.31 raises and catches an exception of its own
    # a run: 33 us, eight times what a small graph takes.
    options.add_run_config_entry("gpu_graph_id", "-1")
    return options


def _open(model: bytes) -> Any:  # noqa: ANN401 - onnxruntime ships no types
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 4  # what matters is raised
    try:
        return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except MemoryError as error:
        raise ModelRefusedError("out_of_memory", "not enough memory to load it") from error
    except Exception as error:  # onnxruntime has many kinds; each means: it does not load
        text = _first_line(error)
        memory = any(word in text.lower() for word in MEMORY_WORDS)
        raise ModelRefusedError("out_of_memory" if memory else "not_loadable", text) from error


def _require_ports(found: Sequence[Any], wanted: Sequence[Place]) -> None:
    have = [(port.name, tuple(port.shape), port.type) for port in found]
    want = [(place.port.name, place.port.shape, _type_of(place.port)) for place in wanted]
    if have != want:
        raise ModelRefusedError("signature_mismatch", f"it has {have}, the slot asks for {want}")


def _type_of(port: Port) -> str:
    return "tensor(float)" if port.dtype == FLOAT32 else f"tensor({port.dtype})"


def _memory_of(session: Any) -> int:  # noqa: ANN401 - onnxruntime ships no types
    """Return the rows it wants before the present one: said inside the bytes that are hashed."""
    text = session.get_modelmeta().custom_metadata_map.get("km.memory", "0")
    if not (text.isascii() and text.isdigit() and int(text[:4]) <= REGIME_MEMORY_MAX):
        raise ModelRefusedError("signature_mismatch", f"km.memory is {text!r}, not 0 to 128")
    return int(text)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
