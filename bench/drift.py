"""How often drift is told of a market that never changes, and how soon of one that does."""

from collections.abc import Callable, Iterator
from functools import partial

from bench import drift_worlds as worlds
from bench.figures import Figure, Goal
from bench.stage import Bench
from kingmaker.risk.histograms import FEATURES
from kingmaker.risk.references import NEEDED, WINDOW, scores

SIGMAS = 3.0  # as shipped
AFTER = 20  # windows that are held against the first ones
SHIFT, PATIENCE = 0.5, 2  # standard deviations; windows in which such a shift should be found
APART = 1_000_000  # seeds of rows that moved


def measure(bench: Bench) -> Iterator[Figure]:
    """Hold later windows of every world against its first: told is false, or found."""
    count = bench.size.drifting_worlds
    yield _false("independent features", worlds.independent, count // 4 or 1)
    yield _false("features of random walks", worlds.walking, count, goal=Goal(1.0))
    clustered = partial(worlds.walking, clustered=True)
    yield _false("of walks whose volatility clusters", clustered, count // 2 or 1)
    yield _found(
        "independent features", _moved_independent, count // 4 or 1, goal=Goal(90.0, at_least=True)
    )
    yield _found("features of random walks", _moved_walk, count // 4 or 1)


def _false(
    name: str, world: Callable[[int], worlds.Rows], count: int, *, goal: Goal | None = None
) -> Figure:
    alarms = checks = 0
    for seed in range(count):
        seen = worlds.counted(worlds.windows(world(seed), NEEDED + AFTER))
        known = worlds.reference(seen[:NEEDED])
        for window in seen[NEEDED:]:
            alarms += sum(score > SIGMAS for score in scores(window, known))
            checks += len(FEATURES)
    return Figure(
        f"false alarms in 1,000, {name}",
        1000.0 * alarms / checks,
        goal=goal,
        notes=(
            f"{alarms} of {checks:,} checks in {count} worlds",
            f"{AFTER} windows of {WINDOW} bars in each after {NEEDED}",
        ),
    )


def _found(
    name: str, told: Callable[[int], list[bool]], count: int, *, goal: Goal | None = None
) -> Figure:
    found = [one for seed in range(count) for one in told(seed)]
    return Figure(
        f"moves found in {PATIENCE} windows, {name}",
        100.0 * sum(found) / len(found),
        "%",
        goal=goal,
        notes=(f"{sum(found)} of {len(found):,}, each of {SHIFT} standard deviations",),
    )


def _moved_independent(seed: int) -> list[bool]:
    """Tell of every feature whether its move was found."""
    seen = worlds.windows(worlds.independent(seed), NEEDED)
    after = worlds.windows(worlds.independent(APART + seed, SHIFT), PATIENCE)
    return _told(seen, after)


def _moved_walk(seed: int) -> list[bool]:
    seen = worlds.windows(worlds.walking(seed), NEEDED + PATIENCE)
    by = [SHIFT * one for one in worlds.deviations(seen[:NEEDED])]
    return _told(seen[:NEEDED], worlds.moved(seen[NEEDED:], by))


def _told(seen: worlds.Windows, after: worlds.Windows) -> list[bool]:
    known = worlds.reference(worlds.counted(seen))
    each = [scores(window, known) for window in worlds.counted(after)]
    return [max(of_one) > SIGMAS for of_one in zip(*each, strict=True)]
