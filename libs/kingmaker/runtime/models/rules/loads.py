"""Refuses graphs that onnxruntime does not load within the process's memory."""

from kingmaker.runtime.models.graph import Graph
from kingmaker.runtime.models.rules.candidate import Candidate


def check(candidate: Candidate) -> None:
    """Raise `not_loadable`, `out_of_memory` or `signature_mismatch`; keep the graph."""
    candidate.graph = Graph(candidate.component, candidate.bundle.model)
