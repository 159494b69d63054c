"""Exits: what is refused, what is found where it is known, and that chance finds nothing."""

from dataclasses import replace

import numpy as np
import pytest

from kingmaker.contracts.models import SETUP
from kingmaker.learners import admission, exit_grid, training
from kingmaker.learners.experience import UnfitDataError
from kingmaker.learners.learners.pm_optimizer import FIRST_ARM, build, grid_of
from kingmaker.learners.paths import Paths
from kingmaker.learners.policy import Policy
from kingmaker.learners.training import Product
from tests.services.learners.trades import Given, broken
from tests.services.learners.worlds import HELD, experience, falling_back, random_walk, two_ways

PARAMETERS = {"holdout_share": 0.25, "draws": 200.0, "quantile": 0.1}
LEARNER = build(PARAMETERS)


def train(world: Given) -> Product:
    return training.train("pm_optimizer", world, 7, PARAMETERS, lambda _: None)


def test_few_trades_teach_nothing() -> None:
    with pytest.raises(UnfitDataError, match="too few"):
        train(random_walk(99))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_trade_that_is_not_finite_stops_the_training(value: float) -> None:
    world = random_walk(600)
    rows = [broken(world.closed[0], value), *world.closed[1:]]  # type: ignore[arg-type] # it is a Trade
    with pytest.raises(UnfitDataError, match="BTC-3600000: a number is not finite"):
        train(Given(rows, world.market))


def test_a_trade_without_its_bars_stops_the_training() -> None:
    world = random_walk(600)
    with pytest.raises(UnfitDataError, match=r"BTC: the bar is missing .* entered at"):
        train(Given(world.closed, [*world.market[:1], *world.market[2:]]))


def test_a_hole_in_the_bars_of_a_trade_ends_it_there() -> None:
    world = falling_back(600)
    product = train(Given(world.closed, [*world.market[:4], *world.market[5:]]))
    assert np.isfinite(list(product.metrics.values())).all()


def test_what_is_learned_comes_near_the_best_there_is() -> None:
    """The goal: nine tenths of what the best point of the grid gains on 4,000 other trades."""
    product = train(falling_back(1200))
    other = experience(falling_back(4000, seed=5))
    net = exit_grid.outcomes(other, Paths.of(other, HELD), grid_of(HELD)).net.mean(axis=0)
    usual = net[grid_of(HELD).points.index((1.0, 0.0, HELD))]
    known = grid_of(HELD).points[int(net.argmax())]
    gained = product.metrics["holdout_net_learned"] - product.metrics["holdout_net_usual"]
    assert known[1] == 0.5
    assert product.metrics["trail_r"] == 0.5
    assert gained >= 0.9 * (net.max() - usual)


def test_what_can_be_learned_is_a_candidate() -> None:
    product = train(falling_back(1200))
    assert product.metrics["holdout_gain"] > 2 * product.metrics["holdout_gain_se"]
    assert admission.why_not("pm_optimizer", product.metrics, Policy()) == ""


def test_on_a_random_walk_a_candidate_is_the_exception() -> None:
    """One standard error lets some 16 in 100 pass that gain nothing; most keep the usual exits."""
    products = [train(random_walk(500, seed=seed)) for seed in range(20)]
    reasons = [admission.why_not("pm_optimizer", p.metrics, Policy()) for p in products]
    assert sum(not reason for reason in reasons) <= 5
    assert "gain over the base rate" in reasons[1]


def test_a_strategy_has_exits_of_its_own_only_where_they_are_better() -> None:
    state = LEARNER.fit(experience(two_ways(1600)), None, 1)
    falling, dipping = state.table[:2], state.table[2:4]
    assert (falling[:, 1] == 0.5).all()  # follows half a risk behind
    assert (dipping[:, 1] != 0.5).all()  # that would leave in the dip, and miss the target
    state = LEARNER.fit(experience(falling_back(1600)), None, 1)
    assert (state.table == state.table[0]).all()


def test_columns_that_never_vary_change_nothing() -> None:
    world = falling_back(600)
    level = [replace(trade, setup=(0.0,) * SETUP) for trade in world.closed]  # type: ignore[type-var] # a Trade
    first, second = train(world), train(Given(level, world.market))
    assert first.metrics["trail_r"] == 0.5
    assert second.metrics == first.metrics


def test_two_trainings_give_the_same_bytes() -> None:
    first, second = train(falling_back(600)), train(falling_back(600))
    assert first.digest == second.digest
    assert first.manifest == second.manifest


@pytest.mark.parametrize("size", [1, 2, 7, 256])
def test_the_graph_answers_as_the_reference_in_any_batch(size: int) -> None:
    state = replace(
        LEARNER.fit(experience(falling_back(600)), None, 1),
        table=np.random.default_rng(2).uniform(0.0, 1.5, (5, 3)) * [1.0, 1.0, 8.0],
    )
    decide = training.open_session(LEARNER.export(state))
    rows = np.random.default_rng(3).normal(0.0, 3.0, (256, SETUP)).astype(np.float32)
    rows[:128, FIRST_ARM : FIRST_ARM + 5] = np.eye(5)[np.arange(128) % 5]
    whole = decide({"features": rows})["exit_params"].astype(np.float32)
    expected = LEARNER.reference(state, {"features": rows})["exit_params"].astype(np.float64)
    assert (np.abs(whole - expected) / np.maximum(1.0, np.abs(expected))).max() <= 1e-5
    assert decide({"features": rows[:size]})["exit_params"].tobytes() == whole[:size].tobytes()


def test_no_row_leaves_the_bounds_of_the_table() -> None:
    state = LEARNER.fit(experience(falling_back(600)), None, 1)
    rows = np.random.default_rng(3).normal(0.0, 1e3, (256, SETUP)).astype(np.float32)
    answers = training.open_session(LEARNER.export(state))({"features": rows})["exit_params"]
    low, high = state.bounds
    assert (answers >= low.astype(np.float32)).all()
    assert (answers <= high.astype(np.float32)).all()
