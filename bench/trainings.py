"""What a night costs: a whole training of what learns from bars, judging included."""

from collections.abc import Iterator
from functools import partial

from bench.figures import Figure
from bench.rounds import seconds_of
from bench.stage import Bench
from kingmaker.learners import training
from kingmaker.learners.policy import Policy
from tests.services.learners.markets import market, regimes, trades_in
from tests.services.learners.trades import Given

COMPONENTS = ("regime_detector", "pattern_recognition")
EVERY = 6  # bars from trade to trade
STAY = 0.98  # chance to stay in a regime
SEED = 1


def measure(bench: Bench) -> Iterator[Figure]:
    """Train each component once on so many trades in hourly bars of a made-up market."""
    bars = market(regimes(bench.size.trades * EVERY + EVERY, STAY, SEED), SEED)
    given = Given(trades_in(bars, EVERY), bars)
    for component in COMPONENTS:
        yield Figure(
            f"training of {component}, CPU",
            seconds_of(partial(_train, component, given)),
            "s",
            notes=(f"{len(given.closed):,} trades, {len(bars):,} bars, one core",),
        )


def _train(component: str, given: Given) -> None:
    parameters = Policy().parameters(component)
    training.train(component, given, SEED, parameters, lambda _said: None)
