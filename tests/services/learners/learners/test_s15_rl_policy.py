"""S15: what it refuses, and that it finds a market that goes on, and none that does not."""

from functools import cache

import numpy as np
import pytest

from kingmaker.learners import admission, training
from kingmaker.learners.bars import by_symbol
from kingmaker.learners.contract import Arrays, Comparable
from kingmaker.learners.experience import Experience, UnfitDataError, split
from kingmaker.learners.learners import s15_rl_policy
from kingmaker.learners.learners.s15_rl_policy import S15RlPolicy, build
from kingmaker.learners.policy import Policy
from kingmaker.learners.training import Product
from kingmaker.trader.strategies.s15_learned_policy import STRATEGY
from tests.services.learners import bundles
from tests.services.learners.trades import HOUR_MS, Bar, Given, trades
from tests.services.learners.worlds import decisions

COMPONENT = "s15_rl_policy"
BARS, EVERY = 3000, 8
PARAMETERS = {
    "holdout_share": 0.25,
    "steps": 1000,
    "discount": 0.9,
    "holding": 12,
    "bars_max": 20_000,
    "blur": 0.3,
}


def market(persistence: float, seed: int = 4) -> list[Bar]:
    """Return bars whose drift lasts with this persistence."""
    random = np.random.default_rng(seed)
    price, drift, bars = 100.0, 0.0, []
    for number in range(BARS):
        drift = persistence * drift + 0.002 * random.standard_normal()
        moves = drift * (persistence > 0) + 0.003 * random.standard_normal(4)
        path = price * np.exp(np.cumsum(moves / 2.0))
        high, low = max(price, *path), min(price, *path)
        opened, price = price, float(path[-1])
        open_ms = number * HOUR_MS
        bars.append(Bar("BTC", open_ms, price, open=opened, high=high, low=low, volume=1.0))
    return bars


@cache
def trained(persistence: float) -> Product:
    bars = market(persistence)
    given = Given(decisions(bars, EVERY), bars)
    return training.train(COMPONENT, given, 7, PARAMETERS, lambda _: None)


def test_without_bars_nothing_is_learned() -> None:
    with pytest.raises(UnfitDataError, match="0 bars are too few: 500 are needed"):
        training.train(COMPONENT, Given(trades(300)), 7, PARAMETERS, lambda _: None)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_trade_that_is_not_finite_stops_the_training(value: float) -> None:
    with pytest.raises(UnfitDataError, match="not finite"):
        bundles.trained(COMPONENT, bundles.broken(Given(trades(300)), value), PARAMETERS)


def test_its_stop_and_target_are_those_of_the_strategy() -> None:
    assert STRATEGY.stop_atr == s15_rl_policy.STOP_ATR
    assert STRATEGY.target_atr == s15_rl_policy.TARGET_ATR


def test_a_market_that_goes_on_makes_a_candidate() -> None:
    product = trained(0.9)
    assert not admission.why_not(COMPONENT, product.metrics, Policy())
    assert product.metrics["holdout_net_with"] > 0.0


def test_chance_makes_none() -> None:
    assert admission.why_not(COMPONENT, trained(0.0).metrics, Policy())


def test_who_always_buys_where_prices_rise_gains_nothing_over_the_best_constant_action() -> None:
    """Its trades pay, and show no skill: the best constant action earns the same."""
    steady = [Bar("BTC", 0, 100.0)]
    for number in range(1, BARS):
        before = steady[-1].close
        low, close = before * (0.999 if number % 2 else 0.997), before * 1.002
        steady.append(Bar("BTC", number * HOUR_MS, close, open=before, high=close * 1.001, low=low))
    batch = Experience.of(decisions(steady, EVERY), by_symbol(steady))
    learned, holdout = split(batch, PARAMETERS["holdout_share"])
    learner = build(PARAMETERS)
    assert isinstance(learner, Comparable)

    def buys(inputs: Arrays) -> Arrays:
        return {"action": np.ones(len(inputs["features"]))}

    shown = learner.row_by_row(buys, holdout, learned)
    assert shown.net.mean() > 0.0
    assert not shown.gain.any()


def test_the_same_bars_and_seed_give_the_same_bytes() -> None:
    first = trained(0.9)
    trained.cache_clear()
    assert trained(0.9).model == first.model


def test_the_graph_answers_as_its_reference_in_every_batch() -> None:
    bundles.check_parity_in_batches(trained(0.9))


def test_it_is_built_from_what_is_recorded() -> None:
    told = Policy(s15_rl_policy_holding=6).parameters(COMPONENT)
    assert build(told) == S15RlPolicy(3000, 0.9, 6, 20_000, 0.5)
