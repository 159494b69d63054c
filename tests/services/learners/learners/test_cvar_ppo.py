"""Sizing: what it refuses, how near it comes to the best, and what fear costs it."""

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from kingmaker.learners import admission, training
from kingmaker.learners.experience import Experience, UnfitDataError
from kingmaker.learners.learners.cvar_ppo import WEIGHTS, CvarPpo, Sizer, build
from kingmaker.learners.policy import Policy
from tests.services.learners import bundles
from tests.services.learners.trades import Given, Trade, trades

if TYPE_CHECKING:
    from kingmaker.learners.contract import Floats, Progress

COMPONENT = "cvar_ppo"
COUNT = 3000
LEARNER = CvarPpo(iterations=60, alpha=0.05, tail=0.5, blur=0.5)
PARAMETERS = {"holdout_share": 0.25, "iterations": 40, "alpha": 0.05, "tail": 0.5, "blur": 0.5}


def mean_of(rows: Experience) -> "Floats":
    """Return the expected net of a trade of this world: the first feature and the flag tell it."""
    mean: Floats = 0.004 * rows.setup[:, 0] + 0.002 * (rows.judged[:, 0] > 0)
    return mean


def world(count: int, seed: int, *, skill: float = 1.0) -> list[Trade]:
    """Return trades; those with the flag pay more, and now and then lose far more."""
    random = np.random.default_rng(1000 + seed)  # not the stream that the trades come from
    made = []
    for trade in trades(count, seed=seed):
        flag = random.random() < 0.2
        crash = flag and random.random() < 0.1
        mean = 0.004 * trade.setup[0] + 0.002 * flag + 0.005 * flag - 0.05 * crash
        net = skill * mean + 0.007 * random.standard_normal()
        judged = (2.0 * flag - 1.0, *random.standard_normal(5))
        made.append(replace(trade, signal_net=float(net), judged=judged))
    return made


@cache
def fitted(tail: float) -> Sizer:
    return replace(LEARNER, tail=tail).fit(Experience.of(world(COUNT, 1)), None, 3)


def weights_of(state: Sizer, batch: Experience) -> "Floats":
    weights: Floats = WEIGHTS[LEARNER.reference(state, LEARNER.inputs(batch))["action"].astype(int)]
    return weights


def test_few_trades_teach_nothing() -> None:
    with pytest.raises(UnfitDataError, match="60 trades are too few"):
        LEARNER.fit(Experience.of(trades(60)), None, 0)


def test_records_that_tell_no_judgement_are_not_learned_from() -> None:
    rows = [replace(trade, judged=()) for trade in trades(300)]
    with pytest.raises(UnfitDataError, match=r"0 trades are too few.*\(300 in all\)"):
        LEARNER.fit(Experience.of(rows), None, 0)


def test_trades_that_all_return_the_same_teach_no_size() -> None:
    rows = [replace(trade, signal_net=0.01) for trade in trades(200)]
    with pytest.raises(UnfitDataError, match="no size pays"):
        LEARNER.fit(Experience.of(rows), None, 0)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_trade_that_is_not_finite_stops_the_training(value: float) -> None:
    with pytest.raises(UnfitDataError, match="not finite"):
        bundles.trained(COMPONENT, bundles.broken(Given(trades(300)), value), PARAMETERS)


def test_a_judgement_that_is_missing_still_has_a_size() -> None:
    rows = [replace(trade, judged=()) for trade in trades(5)]
    assert np.isfinite(LEARNER.inputs(Experience.of(rows))["features"].astype(float)).all()


def test_without_a_binding_limit_it_comes_near_the_best() -> None:
    batch = Experience.of(world(4000, 77))
    mean = mean_of(batch)
    earned = (weights_of(fitted(1.0), batch) * mean).mean()
    assert earned >= 0.90 * (WEIGHTS.max() * np.maximum(mean, 0.0)).mean()


def test_the_same_trades_and_seed_give_the_same_bytes() -> None:
    again = LEARNER.fit(Experience.of(world(COUNT, 1)), None, 3)
    assert LEARNER.export(again) == LEARNER.export(fitted(0.5))


def test_the_graph_answers_as_its_reference_in_every_batch() -> None:
    short = PARAMETERS | {"iterations": 10}
    bundles.check_parity_in_batches(bundles.trained(COMPONENT, Given(world(600, 5)), short))


def test_what_can_be_learned_becomes_a_candidate() -> None:
    told: list[str | Progress] = []
    product = training.train(COMPONENT, Given(world(COUNT, 1)), 7, PARAMETERS, told.append)
    assert not admission.why_not(COMPONENT, product.metrics, Policy())
    assert [one["step"] for one in told if not isinstance(one, str)] == [10, 20, 30, 40]


def test_chance_is_seldom_taken_for_skill() -> None:
    """Admission asks for one standard error: one world of chance in six or seven passes it."""
    refused = 0
    for seed in range(2, 6):
        given = Given(world(COUNT, seed, skill=0.0))
        chance = training.train(COMPONENT, given, 7, PARAMETERS, lambda _: None)
        refused += bool(admission.why_not(COMPONENT, chance.metrics, Policy()))
    assert refused >= 3


def test_it_is_built_from_what_is_recorded() -> None:
    told = Policy(cvar_ppo_tail=0.25).parameters(COMPONENT)
    assert build(told) == CvarPpo(iterations=100, alpha=0.05, tail=0.25, blur=0.5)
