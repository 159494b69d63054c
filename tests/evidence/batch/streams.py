"""Streams of pairs as no bench would choose them: constant, silent, tiny, huge, heavy-tailed."""

import numpy as np
from hypothesis import strategies as st

from kingmaker.evidence.batch.arithmetic import Floats

STREAMS, PAIRS = 6, 90
KINDS = ("normal", "heavy", "constant", "silent", "sparse", "tiny", "huge", "wild", "alike", "late")


def side(kind: str, pairs: int, chance: np.random.Generator) -> Floats:
    """Return one side of one stream."""
    normal = chance.standard_normal(pairs)
    match kind:
        case "constant":
            return np.full(pairs, 0.25)
        case "silent":
            return np.zeros(pairs)
        case "sparse":
            return np.where(chance.random(pairs) < 0.1, normal, 0.0)
        case "heavy":
            return chance.standard_cauchy(pairs)
        case "tiny":
            return normal * 5e-324 * 2.0 ** chance.integers(0, 60, pairs)
        case "huge":
            return normal * 1e307
        case "wild":
            return normal * 10.0 ** chance.integers(-300, 300, pairs)
        case "late":
            return np.where(np.arange(pairs) < chance.integers(5, 40), 0.0, normal)
        case _:
            return normal * 0.01 + 0.003


@st.composite
def tables(draw: st.DrawFn) -> Floats:
    """Draw an array of shape (pairs, 2, streams), every stream of kinds of its own."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    kinds = draw(st.lists(st.tuples(*[st.sampled_from(KINDS)] * 2), min_size=1, max_size=STREAMS))
    pairs = draw(st.integers(1, PAIRS))
    table = np.empty((pairs, 2, len(kinds)))
    for stream, (champion, challenger) in enumerate(kinds):
        table[:, 0, stream] = side(champion, pairs, chance)
        same = champion == challenger == "alike"
        table[:, 1, stream] = table[:, 0, stream] if same else side(challenger, pairs, chance)
    return table
