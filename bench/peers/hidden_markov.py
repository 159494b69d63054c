"""Our Baum-Welch and hmmlearn's on the same rows, from as many starts."""

import time
import warnings
from collections.abc import Iterator

import numpy as np
from hmmlearn.hmm import GaussianHMM

from bench.figures import Figure, Goal
from kingmaker.learners import hidden_markov
from kingmaker.learners.hidden_markov import Chain, Flags, Floats

ROWS, WIDTH, STATES, STARTS, WORLDS = 20_000, 4, 3, 4, 3


def measure() -> Iterator[Figure]:
    """Yield likelihood against the truth's, and time against the peer's."""
    short, theirs_short, ratios, seconds = [], [], [], []
    for world in range(WORLDS):
        truth, rows, begins = _world(world)
        true = hidden_markov.look(truth, rows, begins).log_likelihood
        began = time.process_time()
        found = hidden_markov.fit(rows, begins, STATES, seed=world, starts=STARTS)
        ours = time.process_time() - began
        reached = hidden_markov.look(found, rows, begins).log_likelihood
        began = time.process_time()
        peer = max(_peer(rows, world * STARTS + start) for start in range(STARTS))
        theirs = time.process_time() - began
        short.append((true - reached) / abs(true))
        theirs_short.append((true - peer) / abs(true))
        ratios.append(ours / theirs)
        seconds.append((ours, theirs))
    yield Figure(
        "HMM: log-likelihood short of the truth's, worst",
        max(short),
        goal=Goal(0.001),
        notes=(f"hmmlearn, the best of {STARTS}: {max(theirs_short):.2g}; below 0 fits better",),
    )
    yield Figure(
        "HMM: CPU time against hmmlearn's, median",
        float(np.median(ratios)),
        goal=Goal(1.0),
        notes=tuple(f"{ours:.2f} s : {theirs:.2f} s" for ours, theirs in seconds),
    )


def _peer(rows: Floats, seed: int) -> float:
    """Return what one fit of hmmlearn reaches; it stops at the same gain as ours."""
    tolerance = hidden_markov.SETTLED * len(rows)
    model = GaussianHMM(
        STATES, "full", n_iter=hidden_markov.STEPS_MAX, tol=tolerance, random_state=seed
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(model.fit(rows).score(rows))


def _world(seed: int) -> tuple[Chain, Floats, Flags]:
    """Return a chain whose states overlap, and rows that it emitted."""
    random = np.random.default_rng(seed)
    moves = np.full((STATES, STATES), 0.01) + 0.97 * np.eye(STATES)
    means = random.normal(0.0, 0.5, (STATES, WIDTH))
    means[:, 0] = (-1.2, 0.0, 1.5)
    lower = np.tril(random.normal(0.0, 0.3, (STATES, WIDTH, WIDTH)), -1)
    lower += random.uniform(0.5, 1.2, (STATES, WIDTH, 1)) * np.eye(WIDTH)
    states, drawn = np.zeros(ROWS, np.int64), random.random(ROWS)
    for row in range(1, ROWS):
        states[row] = np.searchsorted(moves[states[row - 1]].cumsum(), drawn[row])
    noise = np.einsum("tde,te->td", lower[states], random.standard_normal((ROWS, WIDTH)))
    chain = Chain(np.full(STATES, 1 / STATES), moves, means, lower @ lower.transpose(0, 2, 1))
    return chain, means[states] + noise, np.arange(ROWS) == 0
