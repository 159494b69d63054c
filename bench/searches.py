"""How often luck is offered as a candidate: from noise, with a search for parameters and without.

A search tries much, and the best of much looks good. What is tried is measured on folds of the
trades that are learned from; only the one product sees the hold-out, so admission should err alike.
"""

from collections.abc import Iterator, Sequence

from bench.figures import Figure
from bench.stage import Bench
from kingmaker.learners import admission, training
from kingmaker.learners.policy import Policy
from kingmaker.learners.search import space
from tests.services.learners.trades import Given, trades

COMPONENT = "online_learning"
TRADES, SEED = 600, 7
LUCKY = 0.95  # of a deflated ratio: what would pass for skill at one in twenty

type Figures = dict[str, float]


def measure(bench: Bench) -> Iterator[Figure]:
    """Train on worlds in which nothing can be learned, each once without and once with a search."""
    worlds, trials = bench.size.searched
    plain = [_figures(seed, 0) for seed in range(1, worlds + 1)]
    tuned = [_figures(seed, trials) for seed in range(1, worlds + 1)]
    yield _admitted("without a search", plain)
    yield _admitted(f"after {trials} trials", tuned)
    lucky = sum(one["search_skill_deflated"] > LUCKY for one in tuned)
    yield Figure(
        f"noise whose deflated skill is above {LUCKY:g}, of {trials} trials",
        100.0 * lucky / worlds,
        "%",
        notes=(f"{lucky} of {worlds} worlds; shown, and no criterion",),
    )


def _figures(seed: int, trials: int) -> Figures:
    parameters = Policy().parameters(COMPONENT) | (space.parameters(trials) if trials else {})
    given = Given(trades(TRADES, skill=0.0, seed=seed))
    product = training.train(COMPONENT, given, SEED, parameters, lambda _said: None)
    return dict(product.metrics)


def _admitted(how: str, found: Sequence[Figures]) -> Figure:
    count = sum(not admission.why_not(COMPONENT, one, Policy()) for one in found)
    gained = sum(_gained(one) for one in found)
    return Figure(
        f"noise that becomes a candidate {how}",
        100.0 * count / len(found),
        "%",
        notes=(
            f"{count} of {len(found)} worlds of {TRADES} trades, {COMPONENT}",
            f"the gain alone passed in {gained}",
        ),
    )


def _gained(figures: Figures) -> bool:
    """Tell whether the first criterion of admission alone would let it through."""
    return figures[admission.GAIN] > Policy().admission_gain_se * figures[admission.GAIN_SE]
