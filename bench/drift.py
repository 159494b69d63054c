"""How often drift is told of a market that never changes, features depending on each other."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from math import exp

from bench.figures import Figure, Goal
from bench.stage import Bench
from kingmaker.market import features
from kingmaker.market.columns import Columns
from kingmaker.risk.histograms import Counts, counts_of
from kingmaker.risk.references import LOG_KL, NEEDED, WINDOW, Reference, scores, usual

HOUR_MS = 3_600_000
SIGMAS = 3.0  # as shipped
STEPS, STEP = 8, 0.001  # of a random walk, in a bar
AFTER = 20  # windows that are held against the first ones


@dataclass(frozen=True, slots=True)
class Walked:
    """A bar of a random walk."""

    open_ms: int
    open: float
    high: float
    low: float
    close: float
    volume: float


def measure(bench: Bench) -> Iterator[Figure]:
    """Hold the later windows of every walk against its first; whatever is told is false."""
    alarms = checks = 0
    for seed in range(bench.size.drifting_worlds):
        first, later = _windows(seed)
        total, each = usual(first, LOG_KL)
        means = tuple([one.mean for one in each])
        sigmas = tuple([one.sigma for one in each])
        known = Reference(1, "", 0, NEEDED, LOG_KL, total, means, sigmas)
        for window in later:
            told = scores(window, known)
            alarms += sum(score > SIGMAS for score in told)
            checks += len(told)
    yield Figure(
        "false alarms of drift in 1,000 checks",
        1000.0 * alarms / checks,
        goal=Goal(1.0),
        notes=(
            f"{alarms} of {checks:,}, {bench.size.drifting_worlds} random walks",
            f"{AFTER} windows of {WINDOW} bars after {NEEDED}",
        ),
    )


def _windows(seed: int) -> tuple[list[Counts], list[Counts]]:
    """Return the counts of a walk's first windows, and of those after."""
    bars, columns = _walk(seed), Columns(HOUR_MS)
    for place in range(features.BARS):
        columns.add(next(bars), place)
    found = []
    for _ in range(NEEDED + AFTER):
        rows = []
        for place in range(WINDOW):
            columns.add(next(bars), place)
            columns.keep(features.BARS)
            rows.append(columns.features(features.BARS))
        found.append(counts_of([row for row in rows if row is not None]))
    return found[:NEEDED], found[NEEDED:]


def _walk(seed: int) -> Iterator[Walked]:
    draw = random.Random(seed)  # noqa: S311 - simulation, not secrets
    open_ms, price = 0, 100.0
    while True:
        path = [price]
        for _ in range(STEPS):
            path.append(path[-1] * exp(draw.gauss(0.0, STEP)))
        volume = exp(draw.gauss(0.0, 0.5))
        yield Walked(open_ms, price, max(path), min(path), path[-1], volume)
        open_ms, price = open_ms + HOUR_MS, path[-1]
