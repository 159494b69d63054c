"""A library that is looked up: what it says is what its graph answers by, lessons and all."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from kingmaker.contracts.models import PATTERN_WINDOW
from kingmaker.learners.learners import pattern_recognition
from kingmaker.learners.learners.pattern_recognition import PatternRecognition
from kingmaker.runtime.patterns import Library, windows
from tests.hostile import forge

PLAIN = PatternRecognition(winners_only=False)
LEARNER = replace(PLAIN, revisable=True)
COUNT = 40
WINDOW = tuple(float(one) for one in range(100, 100 + PATTERN_WINDOW))


def kept(count: int = COUNT) -> pattern_recognition.Library:
    """Return a library whose first pattern rises without a break, and foretells a rise."""
    random = np.random.default_rng(1)
    walks = random.standard_normal((count, PATTERN_WINDOW)).cumsum(axis=1)
    walks[0] = np.arange(PATTERN_WINDOW)
    shapes = pattern_recognition.shapes_of(walks).astype(np.float32)
    returns = np.concatenate([[2.0], random.standard_normal(count - 1).round(6)])
    voices = random.integers(1, 14, count)
    voices[0] = 4
    return pattern_recognition.Library(shapes, returns, voices, belief=1.0)


def read(model: bytes, *lessons: tuple[tuple[float, ...], float]) -> Library:
    library = Library.read(model, lessons)
    assert library
    return library


def test_a_model_without_a_library_holds_none() -> None:
    nodes = [forge.node("Identity", "features", "score")]
    model = forge.graph(nodes, component="pattern_recognition")
    assert Library.read(model.SerializeToString(), []) is None


@pytest.mark.parametrize("learner", [PLAIN, LEARNER])
def test_it_tells_size_and_every_pattern(learner: PatternRecognition) -> None:
    state = kept()
    library = read(learner.export(state))
    assert (len(library), library.keeps, library.moved) == (COUNT, "all", 0)
    for place in range(COUNT):
        pattern = library.pattern(place)
        assert pattern["weight"] == pattern["forward_return"] == state.returns[place]
        assert pattern["windows"] == min(10, state.seen[place])


def test_what_is_most_like_a_window_comes_first_and_foretells() -> None:
    found = read(LEARNER.export(kept())).like(WINDOW, 3)
    assert found["matches"][0]["pattern"] == 0
    assert found["matches"][0]["similarity"] == pytest.approx(1.0)
    assert len(found["matches"]) == 3
    expected = LEARNER.reference(kept(), {"features": np.asarray([WINDOW])})
    assert found["score"] == pytest.approx(expected["score"][0, 0], abs=1e-5)


def test_outcomes_move_a_weight_and_with_it_the_score() -> None:
    model = LEARNER.export(kept())
    before, after = read(model), read(model, ((0.0,), -5.0), ((0.0,), -5.0), ((7.0,), 1.0))
    pattern = after.pattern(0)
    expected = ((2.0 * 4 - 5.0) / 5 * 5 - 5.0) / 6
    assert pattern["weight"] == pytest.approx(expected)
    assert (pattern["forward_return"], pattern["windows"], pattern["outcomes"]) == (2.0, 6, 2)
    assert after.moved == 2
    assert after.like(WINDOW, 1)["score"] < before.like(WINDOW, 1)["score"]
    assert after.pattern(1) == before.pattern(1)


def test_blank_patterns_of_a_small_library_are_no_matches() -> None:
    library = read(LEARNER.export(kept(3)))
    assert len(library) == 3
    assert len(library.like(WINDOW, 16)["matches"]) == 3


@pytest.mark.parametrize(("closes", "count"), [(WINDOW[1:], 3), (WINDOW, 0), (WINDOW, 17)])
def test_what_is_no_window_is_refused(closes: tuple[float, ...], count: int) -> None:
    with pytest.raises(ValueError, match="give 32 closes, and a count to 16"):
        read(LEARNER.export(kept())).like(closes, count)


def test_the_latest_window_of_each_symbol_is_found_and_a_short_one_is_none() -> None:
    bars = [
        SimpleNamespace(symbol=symbol, open_ms=number * 60, interval_ms=60, close=float(number))
        for number in range(40)
        for symbol in (("ASH", "ELM") if number < 20 else ("ASH",))
    ]
    assert windows(bars) == {"ASH": (2400, tuple(float(one) for one in range(8, 40)))}
