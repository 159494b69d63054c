"""Refuses graphs that answer finite rows with something that is not a finite number."""

import numpy as np

from kingmaker.runtime.models.rules.answering import ask
from kingmaker.runtime.models.rules.candidate import Candidate

ROWS = 256
SPREADS = (1.0, 3.0, 10.0)  # standard deviations of the rows asked


def check(candidate: Candidate) -> None:
    """Raise `not_finite`. The rows follow from the digest: the same for every check of a model."""
    graph = candidate.graph
    assert graph, "it loads"
    random = np.random.default_rng(int(candidate.digest[:16], 16))
    for row in range(ROWS):
        spread = SPREADS[row % len(SPREADS)]
        inputs = {
            place.port.name: random.normal(0.0, spread, place.shape).squeeze(axis=0)
            if len(place.shape) > 1
            else random.uniform(0.0, 1.0, place.shape)
            for place in graph.layout.inputs
        }
        ask(candidate, inputs)
