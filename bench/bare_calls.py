"""The same graphs on bare onnxruntime: what nobody can do without, and nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnxruntime as ort

from bench.rounds import processor_seconds
from kingmaker.contracts.models import BATCH, SIGNATURES
from kingmaker.kernel.service import Question
from kingmaker.runtime.models.bundle import Manifest
from kingmaker.runtime.models.graph import options_of_run
from kingmaker.runtime.models.store import ArtifactStore

type Feeds = dict[str, np.ndarray]


class BareCalls:
    """A session a model, and `session.run` on arrays that are ready."""

    def __init__(self, store: ArtifactStore) -> None:
        """Load nothing yet."""
        self._store = store
        self._sessions: dict[str, tuple[Any, str, int]] = {}
        self._options = options_of_run()

    def seconds(self, questions: Sequence[Question]) -> float:
        """Return how long the calls for these questions take, one after the other."""
        prepared = [self._prepare(question) for question in questions]
        began = processor_seconds()
        for session, steps, carried in prepared:
            outputs: Sequence[np.ndarray] = ()
            for feeds in steps:
                if outputs and carried:
                    feeds[carried[0]] = outputs[carried[1]]
                outputs = session.run(None, feeds, self._options)
        return processor_seconds() - began

    def _prepare(self, question: Question) -> tuple[Any, list[Feeds], tuple[str, int] | None]:
        """Return the session, the arrays of every row, and what is carried from row to row."""
        session, component, memory = self._session(question.model)
        rows = question.memory[-memory:] if memory else ()
        steps = [_arrays(component, {**question.inputs, **row}) for row in (*rows, question.inputs)]
        names = [port.name for port in session.get_outputs()]
        carried = [
            (name, names.index(f"{name}_next")) for name in steps[0] if f"{name}_next" in names
        ]
        return session, steps, carried[0] if carried else None

    def _session(self, digest: str) -> tuple[Any, str, int]:
        if digest not in self._sessions:
            bundle = self._store.read(digest)
            options = ort.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            session = ort.InferenceSession(
                bundle.model, options, providers=["CPUExecutionProvider"]
            )
            memory = int(session.get_modelmeta().custom_metadata_map.get("km.memory", "0"))
            component = Manifest.read(bundle.manifest).component
            self._sessions[digest] = (session, component, memory)
        return self._sessions[digest]


def _arrays(component: str, inputs: Mapping[str, Any]) -> Feeds:
    return {
        port.name: np.array(inputs[port.name], dtype=port.dtype).reshape(
            [1 if size == BATCH else int(size) for size in port.shape]
        )
        for port in SIGNATURES[component].inputs
    }
