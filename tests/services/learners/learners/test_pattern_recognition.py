"""Pattern recognition: what it refuses, what it finds, and what it keeps."""

from dataclasses import replace

import numpy as np
import pytest

from kingmaker.contracts.models import PATTERN_NEIGHBOURS, PATTERN_WINDOW
from kingmaker.learners import admission, training
from kingmaker.learners.bars import by_symbol
from kingmaker.learners.experience import Experience, UnfitDataError
from kingmaker.learners.learners import pattern_recognition
from kingmaker.learners.learners.pattern_recognition import (
    Library,
    PatternRecognition,
    nearest,
    shapes_of,
)
from kingmaker.learners.policy import Policy
from tests.services.learners import bundles
from tests.services.learners.markets import SHAPE, shape_world
from tests.services.learners.trades import Bar, Given

COMPONENT = "pattern_recognition"
LEARNER = PatternRecognition(winners_only=False)
PARAMETERS = {"keep": 0.0}
DRAWN = (100.0 * (1.0 + 0.01 * SHAPE))[None, :].astype(np.float32)


def experience(sources: Given) -> Experience:
    return Experience.of(sources.trades(), by_symbol(sources.bars()))


@pytest.fixture(scope="module")
def planted() -> Experience:
    return experience(shape_world(500, 0.2, 1))


@pytest.fixture(scope="module")
def library(planted: Experience) -> Library:
    return LEARNER.fit(planted, None, 0)


def test_ten_bars_of_history_teach_nothing() -> None:
    sources = shape_world(200, 0.2, 1)
    batch = Experience.of(sources.trades(), by_symbol(sources.bars()[:10]))
    with pytest.raises(UnfitDataError, match="0 trades with 32 bars before them are too few"):
        LEARNER.fit(batch, None, 0)


def test_prices_that_never_move_have_no_shape() -> None:
    sources = shape_world(200, 0.2, 1)
    still = [Bar("BTC", bar.open_ms, 1.5) for bar in sources.market]
    batch = Experience.of(sources.trades(), by_symbol(still))
    with pytest.raises(UnfitDataError, match="too few"):
        LEARNER.fit(batch, None, 0)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_trade_that_is_not_finite_stops_the_training(value: float) -> None:
    with pytest.raises(UnfitDataError, match="not finite"):
        bundles.trained(COMPONENT, bundles.broken(shape_world(100, 0.2, 1), value), PARAMETERS)


def test_a_planted_shape_is_found_and_foretold(library: Library) -> None:
    answer = LEARNER.reference(library, {"features": DRAWN})
    assert (np.asarray(answer["similarity"], np.float64) > 0.95).all()
    assert answer["score"][0, 0] == pytest.approx(1.0, abs=0.25)


def test_the_mirror_of_a_shape_foretells_nothing_of_the_kind(library: Library) -> None:
    answer = LEARNER.reference(library, {"features": 200.0 - DRAWN})
    assert abs(answer["score"][0, 0]) < 0.5


def test_a_shape_that_tells_becomes_a_candidate() -> None:
    product = bundles.trained(COMPONENT, shape_world(600, 0.2, 1), PARAMETERS)
    assert admission.why_not(COMPONENT, product.metrics, Policy()) == ""
    assert product.metrics["holdout_net_kept"] > product.metrics["holdout_net_all"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_chance_gives_no_candidate(seed: int) -> None:
    product = bundles.trained(COMPONENT, shape_world(600, 0.0, seed), PARAMETERS)
    assert "gain over the base rate" in admission.why_not(COMPONENT, product.metrics, Policy())


def test_the_graph_finds_the_very_neighbours_of_a_brute_force_search() -> None:
    batch = experience(shape_world(600, 0.3, 2))
    state = LEARNER.fit(batch, None, 0)
    inputs = LEARNER.inputs(batch)
    answers = training.open_session(LEARNER.export(state))(inputs)
    closes = np.asarray(inputs["features"], np.float64)
    scores = (closes - closes.mean(axis=1, keepdims=True)) / closes.std(axis=1, keepdims=True)
    patterns = state.shapes.astype(np.float64) * np.sqrt(PATTERN_WINDOW)
    for row, score in enumerate(scores):
        away = ((score - patterns) ** 2).sum(axis=1)  # 2 W (1 - correlation), as of Mueen
        best = np.argsort(away)[:PATTERN_NEIGHBOURS]
        assert set(answers["index"][row].tolist()) == set(best.tolist())
        alike = 1.0 - away[best] / (2.0 * PATTERN_WINDOW)
        assert np.allclose(np.asarray(answers["similarity"][row], np.float64), alike, atol=1e-6)


def test_the_graph_answers_as_its_reference_in_every_batch() -> None:
    product = bundles.trained(COMPONENT, shape_world(300, 0.2, 3), PARAMETERS)
    bundles.check_parity_in_batches(product)
    assert np.array_equal(product.golden["out.index"][:, 0], product.golden["out.index"].T[0])


def test_few_patterns_are_filled_up_with_blank_ones(library: Library) -> None:
    few = replace(
        library, shapes=library.shapes[:3], returns=library.returns[:3], seen=library.seen[:3]
    )
    decide = training.open_session(LEARNER.export(few))
    flat = np.ones((1, PATTERN_WINDOW), np.float32)
    rows = np.concatenate([DRAWN, flat])
    answers, expected = decide({"features": rows}), LEARNER.reference(few, {"features": rows})
    assert np.array_equal(answers["index"], expected["index"])
    assert answers["score"][1, 0] == 0.0, "a flat line looks like nothing"


def test_two_runs_give_the_same_bytes() -> None:
    one, other = (
        bundles.trained(COMPONENT, shape_world(300, 0.2, 4), PARAMETERS) for _ in range(2)
    )
    assert one.digest == other.digest
    assert one.manifest == other.manifest


def test_windows_that_are_nearly_the_same_are_one_pattern(planted: Experience) -> None:
    before = LEARNER.update(Library.empty(), planted)
    again = LEARNER.update(before, planted)
    assert len(again.returns) == len(before.returns) < len(planted)
    assert again.seen.sum() == 2 * before.seen.sum()


def test_one_more_outcome_moves_what_a_pattern_foretells(planted: Experience) -> None:
    before = LEARNER.update(Library.empty(), planted)
    rose = int(np.flatnonzero(planted.net == planted.direction * planted.risk)[0])
    lost = replace(planted, net=-planted.direction * planted.risk)[rose : rose + 1]
    after = LEARNER.update(before, lost)
    moved = np.flatnonzero(after.returns != before.returns)
    assert len(moved) == 1
    assert after.returns[moved[0]] < before.returns[moved[0]]


def test_two_updates_are_one_update_of_all_trades(planted: Experience) -> None:
    once = LEARNER.update(Library.empty(), planted)
    twice = LEARNER.update(LEARNER.update(Library.empty(), planted[:256]), planted[256:])
    assert np.array_equal(once.shapes, twice.shapes)
    assert np.array_equal(once.returns, twice.returns)


def test_when_the_library_is_full_those_leave_that_foretell_least(
    planted: Experience, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = LEARNER.update(Library.empty(), planted)
    monkeypatch.setattr(pattern_recognition, "PATTERNS_MAX", 100)
    full = LEARNER.update(whole, planted[:1])
    assert len(full.returns) == 100
    assert np.abs(full.returns).min() >= np.sort(np.abs(whole.returns))[-101]


def test_keeping_winners_only_forgets_every_loss(planted: Experience) -> None:
    classic = PatternRecognition(winners_only=True).update(Library.empty(), planted)
    assert classic.seen.sum() == int((planted.net > 0).sum())


def test_a_trade_after_the_end_of_the_learned_part_changes_nothing(planted: Experience) -> None:
    part = planted.until(int(planted.decided_ms[300]))
    later = replace(planted, net=np.where(np.arange(len(planted)) > 310, 0.5, planted.net))
    one, other = (
        LEARNER.fit(one.until(int(planted.decided_ms[300])), None, 0) for one in (planted, later)
    )
    assert LEARNER.export(one) == LEARNER.export(other)
    assert len(part) < len(planted)


def test_of_equals_the_first_is_nearest() -> None:
    rows = np.zeros((2, 40))
    rows[1, 20] = 1.0
    assert nearest(rows)[0].tolist() == list(range(PATTERN_NEIGHBOURS))
    assert nearest(rows)[1].tolist() == [20, *range(PATTERN_NEIGHBOURS - 1)]


def test_a_shape_is_the_same_at_any_price_and_of_any_size() -> None:
    closes = DRAWN.astype(np.float64)
    small, large = shapes_of(closes), shapes_of(5.0 + 1e4 * closes)
    assert np.allclose(small, large, atol=1e-9)
    assert small @ small.T == pytest.approx(1.0)
