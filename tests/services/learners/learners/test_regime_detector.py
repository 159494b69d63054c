"""The regime detector: what it refuses, what it finds, and that it remembers only what lasts."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from kingmaker.contracts.models import REGIMES
from kingmaker.learners import admission, hidden_markov, training
from kingmaker.learners.bars import by_symbol
from kingmaker.learners.contract import Arrays, Decide, Floats
from kingmaker.learners.experience import Experience, UnfitDataError
from kingmaker.learners.hidden_markov import Chain
from kingmaker.learners.learners.regime_detector import RegimeDetector, Regimes, observe
from kingmaker.learners.policy import Policy
from kingmaker.learners.training import UnfaithfulGraphError
from kingmaker.market import features
from tests.services.learners import bundles
from tests.services.learners.markets import market, regimes, trades_in
from tests.services.learners.trades import Bar, Given

COMPONENT = "regime_detector"
LEARNER = RegimeDetector(starts=3)
PARAMETERS = {"starts": 3.0}
LASTING, FLEETING = 0.98, 0.0  # chances to stay in a regime; 0 is a market without regimes


def given(stay: float, seed: int, count: int = 3000) -> Given:
    """Return bars of a market whose regimes last so long, and trades in it."""
    bars = market(regimes(count, stay, seed), seed)
    return Given(trades_in(bars, 12), bars)


def experience(sources: Given) -> Experience:
    return Experience.of(sources.trades(), by_symbol(sources.bars()))


@pytest.fixture(scope="module")
def learned() -> tuple[Experience, Regimes]:
    batch = experience(given(LASTING, 1))
    return batch, LEARNER.fit(batch, None, 7)


def test_ten_bars_of_history_teach_nothing() -> None:
    sources = given(LASTING, 1)
    batch = Experience.of(sources.trades(), by_symbol(sources.bars()[:10]))
    with pytest.raises(UnfitDataError, match="0 bars with features are too few"):
        LEARNER.fit(batch, None, 0)


def test_trades_without_bars_teach_nothing() -> None:
    batch = Experience.of(given(LASTING, 1, 500).trades())
    with pytest.raises(UnfitDataError, match="too few"):
        LEARNER.fit(batch, None, 0)


def test_bars_whose_range_never_changes_have_no_regimes() -> None:
    bars = [Bar("BTC", n * 3_600_000, 1.5, open=1.5, high=2.0, low=1.0) for n in range(500)]
    batch = Experience.of(given(LASTING, 1, 500).trades(), by_symbol(bars))
    with pytest.raises(UnfitDataError, match="never changes"):
        LEARNER.fit(batch, None, 0)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_trade_that_is_not_finite_stops_the_training(value: float) -> None:
    with pytest.raises(UnfitDataError, match="not finite"):
        bundles.trained(COMPONENT, bundles.broken(given(LASTING, 1, 500), value), PARAMETERS)


def test_regimes_that_last_become_a_candidate() -> None:
    product = bundles.trained(COMPONENT, given(LASTING, 1), PARAMETERS)
    assert admission.why_not(COMPONENT, product.metrics, Policy()) == ""
    assert product.metrics["holdout_gain"] > 0.1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_market_without_regimes_gives_no_candidate(seed: int) -> None:
    product = bundles.trained(COMPONENT, given(FLEETING, seed), PARAMETERS)
    assert "gain over the base rate" in admission.why_not(COMPONENT, product.metrics, Policy())


def test_the_planted_regimes_are_told_apart_as_well_as_by_who_looks_ahead() -> None:
    states = regimes(4000, LASTING, 3)
    bars = market(states, 3)
    state = LEARNER.fit(Experience.of(trades_in(bars, 12), by_symbol(bars)), None, 7)
    [here] = by_symbol(bars)
    places = np.arange(features.BARS, len(here))
    rows = (observe(here.features(places)) - state.mean) / state.scale
    beliefs = hidden_markov.look(state.chain, rows, places == features.BARS)
    right = [
        (chances.argmax(axis=1) == states[places]).mean()
        for chances in (beliefs.filtered, beliefs.smoothed)
    ]
    assert right[0] >= 0.95 * right[1]
    assert right[0] > 0.9


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_what_is_learned_tells_regimes_apart_as_who_knows_the_chain_does(seed: int) -> None:
    """Tolerance: 2 % fewer bars right than the filter of the true chain, on other bars."""
    found = learned_of(seed)
    states = regimes(4000, LASTING, 100 + seed)
    [here] = by_symbol(market(states, 100 + seed))
    places = np.arange(features.BARS, len(here))
    seen, true = observe(here.features(places)), states[places]
    begins = places == features.BARS
    beliefs = (
        hidden_markov.look(found.chain, (seen - found.mean) / found.scale, begins),
        hidden_markov.look(true_chain(seen, true), seen, begins),
    )
    ours, known = [(one.filtered.argmax(axis=1) == true).mean() for one in beliefs]
    assert known > 0.9
    assert ours >= 0.98 * known


def learned_of(seed: int) -> Regimes:
    """Return what is learned of a market with this seed."""
    bars = market(regimes(4000, LASTING, seed), seed)
    return LEARNER.fit(Experience.of(trades_in(bars, 12), by_symbol(bars)), None, 7)


def true_chain(seen: Floats, true: NDArray[np.int64]) -> Chain:
    """Return the chain by which the market was made, its emissions read where states are known."""
    moves = np.full((REGIMES, REGIMES), (1.0 - LASTING) / (REGIMES - 1))
    np.fill_diagonal(moves, LASTING)
    means = np.array([seen[true == state].mean(axis=0) for state in range(REGIMES)])
    spreads = np.array([[[seen[true == state].var()]] for state in range(REGIMES)])
    return Chain(np.full(REGIMES, 1.0 / REGIMES), moves, means, spreads)


def test_the_loss_falls_with_every_step(learned: tuple[Experience, Regimes]) -> None:
    batch, state = learned
    losses: list[float] = []
    again = LEARNER.fit(batch, None, 7, lambda told: losses.append(told["loss"]))
    assert len(losses) > 1
    assert (np.diff(losses) < 1e-6).all()
    assert LEARNER.export(again) == LEARNER.export(state), "that somebody listens changes no bit"


def test_regimes_stand_in_order_of_how_wild_they_are(learned: tuple[Experience, Regimes]) -> None:
    _, state = learned
    assert (np.diff(state.chain.means[:, 0]) > 0).all()


def test_the_graph_is_the_filter_and_tells_how_much_it_wants_to_be_fed() -> None:
    product = bundles.trained(COMPONENT, given(LASTING, 1), PARAMETERS)
    assert product.manifest["memory"] == 8
    bundles.check_parity_in_batches(product)


def test_two_runs_give_the_same_bytes() -> None:
    one, other = (bundles.trained(COMPONENT, given(LASTING, 2), PARAMETERS) for _ in range(2))
    assert one.digest == other.digest
    assert one.manifest == other.manifest


def test_a_later_bar_changes_no_answer_about_an_earlier_one(
    learned: tuple[Experience, Regimes],
) -> None:
    batch, state = learned
    decide = training.open_session(LEARNER.export(state))
    rows = np.asarray(LEARNER.inputs(batch)["features"][:60], np.float32)
    other = np.where(np.arange(60)[:, None] < 40, rows, rows + np.float32(1.0))
    before, after = filtered(decide, rows), filtered(decide, other)
    assert np.array_equal(before[:40], after[:40])
    assert not np.array_equal(before[40:], after[40:])


def test_learning_what_came_since_is_nearly_a_fit_of_all() -> None:
    sources = given(LASTING, 4, 6000)
    whole = experience(sources)
    part = whole.until(int(whole.decided_ms[len(whole) // 2]))
    later = LEARNER.update(LEARNER.fit(part, None, 7), whole)
    assert np.allclose(log_ranges(later), log_ranges(LEARNER.fit(whole, None, 7)), atol=0.05)
    assert LEARNER.update(later, whole) is later, "nothing came since"


def log_ranges(state: Regimes) -> Floats:
    """Return the mean log range of each regime."""
    return state.chain.means[:, 0] * state.scale + state.mean


def filtered(decide: Decide, rows: NDArray[np.float32]) -> Floats:
    """Return the filter's chances, one row after the other."""
    answer: Arrays = {"log_post_next": np.full((1, REGIMES), np.log(1.0 / REGIMES), np.float32)}
    chances = []
    for row in rows:
        answer = decide({"features": row[None], "log_post": answer["log_post_next"]})
        chances.append(answer["probs"][0].astype(np.float64))
    return np.array(chances)


def test_a_graph_of_another_chain_is_caught_by_parity(learned: tuple[Experience, Regimes]) -> None:
    batch, state = learned
    inputs = LEARNER.inputs(batch)
    golden = {f"in.{name}": rows for name, rows in inputs.items()}
    golden |= {f"out.{name}": rows for name, rows in LEARNER.reference(state, inputs).items()}
    training.check_parity(training.open_session(LEARNER.export(state)), golden)
    other = training.open_session(LEARNER.export(replace(state, mean=state.mean + 0.01)))
    with pytest.raises(UnfaithfulGraphError):
        training.check_parity(other, golden)
