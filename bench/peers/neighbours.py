"""The graph of a full pattern library and a brute-force search in numpy, one window at a time."""

import time
from collections.abc import Iterator

import numpy as np

from bench.figures import Figure, Goal
from kingmaker.contracts.models import PATTERN_NEIGHBOURS, PATTERN_WINDOW
from kingmaker.learners import training
from kingmaker.learners.contract import Floats
from kingmaker.learners.learners.pattern_recognition import (
    PATTERNS_MAX,
    Library,
    PatternRecognition,
    shapes_of,
)

QUERIES = 400


def measure() -> Iterator[Figure]:
    """Yield recall and latency."""
    random = np.random.default_rng(1)
    library = Library(
        shapes_of(_walks(random, PATTERNS_MAX)).astype(np.float32),
        random.standard_normal(PATTERNS_MAX),
        np.ones(PATTERNS_MAX, np.int64),
        belief=1.0,
    )
    decide = training.open_session(PatternRecognition(winners_only=False).export(library))
    wide = library.shapes.astype(np.float64)
    found, ours, theirs = 0, [], []
    for window in _walks(random, QUERIES).astype(np.float32):
        began = time.perf_counter()
        answer = decide({"features": window[None]})
        between = time.perf_counter()
        similarity = wide @ shapes_of(window[None].astype(np.float64))[0]
        best = np.argpartition(similarity, -PATTERN_NEIGHBOURS)[-PATTERN_NEIGHBOURS:]
        ended = time.perf_counter()
        ours.append(between - began)
        theirs.append(ended - between)
        found += len(np.intersect1d(best, answer["index"][0]))
    yield Figure(
        "patterns: recall of the 16 nearest of 10,000",
        found / (QUERIES * PATTERN_NEIGHBOURS),
        goal=Goal(1.0, at_least=True),
    )
    yield Figure(
        "patterns: latency against brute force, p50",
        float(np.median(ours) / np.median(theirs)),
        goal=Goal(2.5),
        notes=(f"{1e6 * np.median(ours):.0f} us : {1e6 * np.median(theirs):.0f} us, in turns",),
    )


def _walks(random: np.random.Generator, count: int) -> Floats:
    """Return windows of random walks."""
    moves = 0.01 * random.standard_normal((count, PATTERN_WINDOW))
    walks: Floats = 100.0 * np.exp(moves.cumsum(axis=1))
    return walks
