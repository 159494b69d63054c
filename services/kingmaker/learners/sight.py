"""What a training sees of the trades that it learns from, by its parameters.

What is not seen is made constant where it is learned from, and a constant column teaches nothing:
the graph has no weight for it. Rows that judge are whole.
"""

from collections.abc import Mapping
from dataclasses import replace

from kingmaker.contracts.models import FEATURES
from kingmaker.learners.experience import Experience
from kingmaker.learners.indicators import LOOKBACK, hidden


def of(batch: Experience, parameters: Mapping[str, float]) -> Experience:
    """Return what a training with these parameters sees of the trades that it may learn from."""
    share = parameters.get(LOOKBACK, 1.0)
    seen = batch[slice(len(batch) - round(share * len(batch)), None)] if share < 1.0 else batch
    columns = hidden(parameters)
    if not columns:
        return seen
    setup, contexts = seen.setup.copy(), seen.contexts.copy()
    setup[:, [*columns, *[FEATURES + column for column in columns]]] = 0.0
    contexts[:, :, columns] = 0.0
    return replace(seen, setup=setup, contexts=contexts)
