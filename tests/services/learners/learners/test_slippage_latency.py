"""Cost quantiles: what is refused, what they cover, and where a constant is all there is."""

from dataclasses import replace

import numpy as np
import pytest

from kingmaker.learners import admission, training
from kingmaker.learners.experience import UnfitDataError
from kingmaker.learners.learners.slippage_latency import build, costs_of, pinball
from kingmaker.learners.policy import Policy
from kingmaker.learners.training import Product
from tests.services.learners.trades import Given, broken
from tests.services.learners.worlds import experience, slipping

PARAMETERS = {"holdout_share": 0.25, "rounds": 60.0, "leaves": 6.0, "leaf_rows": 50.0, "step": 0.1}
FEE_AND_IMPACT = 6.0  # basis points, of the made-up trades
LEARNER = build(PARAMETERS)


def train(world: Given) -> Product:
    return training.train("slippage_latency", world, 7, PARAMETERS, lambda _: None)


def test_few_trades_teach_nothing() -> None:
    with pytest.raises(UnfitDataError, match="too few"):
        train(slipping(99))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_trade_that_is_not_finite_stops_the_training(value: float) -> None:
    world = slipping(600)
    rows = [broken(world.closed[0], value), *world.closed[1:]]  # type: ignore[arg-type] # it is a Trade
    with pytest.raises(UnfitDataError, match="BTC-3600000: a number is not finite"):
        train(Given(rows, world.market))


def test_a_trade_without_its_bars_stops_the_training() -> None:
    world = slipping(600)
    with pytest.raises(UnfitDataError, match=r"BTC: the bar is missing .* entered at"):
        train(Given(world.closed, [*world.market[:1], *world.market[2:]]))
    with pytest.raises(UnfitDataError, match=r"BTC: the bar is missing .* decided on"):
        train(Given(world.closed, world.market[1:]))


def test_trades_of_a_symbol_without_bars_stop_the_training() -> None:
    world = slipping(600)
    with pytest.raises(UnfitDataError, match=r"symbol without bars \(there are none\)"):
        train(Given(world.closed))


def test_records_that_do_not_tell_their_terms_are_left_out() -> None:
    world = slipping(300)
    old = [replace(trade, interval_ms=0) for trade in world.closed[:150]]  # type: ignore[type-var] # a Trade
    batch = experience(Given([*old, *world.closed[150:]], world.market))
    young = experience(Given(world.closed[150:], world.market))
    assert LEARNER.export(LEARNER.fit(batch, None, 1)) == LEARNER.export(
        LEARNER.fit(young, None, 1)
    )


def test_a_cost_is_what_was_paid_against_the_close_that_was_decided_on() -> None:
    world = slipping(200)
    costs = costs_of(experience(world))
    first, bars = world.closed[0], world.market
    paid = bars[1].open * (1.0 + first.direction * first.impact)
    slip = first.direction * (paid / bars[0].close - 1.0)
    assert costs[0] == pytest.approx(1e4 * (slip + first.fee * paid / bars[0].close))
    assert costs.min() == pytest.approx(FEE_AND_IMPACT, abs=0.1)


def test_the_quantiles_cover_what_they_say_where_entries_slip_and_where_they_do_not() -> None:
    product = train(slipping(4000))
    later = experience(slipping(4000, seed=9))
    answers = training.open_session(product.model)(LEARNER.inputs(later))["score"]
    costs, is_high = costs_of(later), later.setup[:, 0] > 0.0
    for place, quantile in enumerate((0.5, 0.9)):
        for part in (is_high, ~is_high):
            share = (costs[part] <= answers[part, place]).mean()
            assert share == pytest.approx(quantile, abs=0.06)
    assert product.metrics["holdout_coverage_p90"] == pytest.approx(0.9, abs=0.03)


def test_the_planted_quantiles_come_out() -> None:
    product = train(slipping(4000))
    later = experience(slipping(2000, seed=9))
    answers = training.open_session(product.model)(LEARNER.inputs(later))["score"]
    mean = np.where(later.setup[:, 0] > 0.0, 9.0, 1.0)
    for place, quantile in enumerate((0.5, 0.9)):
        known = FEE_AND_IMPACT - mean * np.log(1.0 - quantile)
        error = np.abs(answers[:, place] - known) / known
        assert np.median(error) < 0.1


def test_what_can_be_learned_is_a_candidate_and_chance_is_not() -> None:
    assert admission.why_not("slippage_latency", train(slipping(1600)).metrics, Policy()) == ""
    reason = admission.why_not(
        "slippage_latency", train(slipping(1600, skill=0.0)).metrics, Policy()
    )
    assert "gain over the base rate" in reason


def test_entries_that_all_cost_the_same_give_that_cost_and_no_candidate() -> None:
    world = slipping(800)
    level = [replace(bar, open=100.0, high=100.0, low=100.0, close=100.0) for bar in world.market]  # type: ignore[type-var] # a Bar
    rows = [replace(trade, direction=1) for trade in world.closed]  # type: ignore[type-var] # a Trade
    product = train(Given(rows, level))
    assert product.metrics["holdout_gain"] == 0.0
    assert product.metrics["holdout_p50_bp"] == pytest.approx(FEE_AND_IMPACT, abs=0.01)
    assert admission.why_not("slippage_latency", product.metrics, Policy()) != ""


def test_a_column_that_never_varies_changes_nothing() -> None:
    product = train(slipping(800))
    assert product.metrics["holdout_gain"] > 0.0  # regime and two arms never vary in this world


def test_two_trainings_give_the_same_bytes() -> None:
    first, second = train(slipping(800)), train(slipping(800))
    assert first.digest == second.digest
    assert first.manifest == second.manifest


@pytest.mark.parametrize("size", [1, 2, 7, 256])
def test_the_graph_answers_as_the_reference_in_any_batch(size: int) -> None:
    batch = experience(slipping(800))
    state = LEARNER.fit(batch, None, 1)
    decide = training.open_session(LEARNER.export(state))
    rows = np.random.default_rng(3).normal(0.0, 3.0, (256, 56)).astype(np.float32)
    whole = decide({"features": rows})["score"].astype(np.float32)
    expected = LEARNER.reference(state, {"features": rows})["score"].astype(np.float64)
    error = np.abs(whole - expected) / np.maximum(1.0, np.abs(expected))
    assert error.max() <= 1e-5
    assert decide({"features": rows[:size]})["score"].tobytes() == whole[:size].tobytes()


def test_no_answer_is_below_zero_and_the_upper_is_never_below_the_median() -> None:
    state = LEARNER.fit(experience(slipping(800)), None, 1)
    odd = replace(state, base=np.array([-50.0, -90.0], np.float32))
    rows = {"features": np.random.default_rng(3).normal(0.0, 3.0, (64, 56)).astype(np.float32)}
    answers = training.open_session(LEARNER.export(odd))(rows)["score"]
    assert (answers == 0.0).all()
    odd = replace(state, base=np.array([50.0, -90.0], np.float32))
    answers = training.open_session(LEARNER.export(odd))(rows)["score"]
    assert (answers[:, 1] == answers[:, 0]).all()


def test_the_loss_is_smallest_at_the_quantile() -> None:
    costs = np.random.default_rng(1).exponential(1.0, 4000)
    best = min(
        np.linspace(0.0, 5.0, 501), key=lambda at: pinball(costs, np.full(4000, at), 0.9).sum()
    )
    assert best == pytest.approx(np.quantile(costs, 0.9), abs=0.02)
