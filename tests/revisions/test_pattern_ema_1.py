"""`pattern_ema@1`: which average an outcome moves, by how much, and how much is remembered."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingmaker.revisions import Declaration, Numbers, UnusableDeclarationError
from kingmaker.revisions.rules import discover, rule_of
from kingmaker.revisions.rules.pattern_ema_1 import (
    FIELDS,
    PATTERNS_MAX,
    SLOTS,
    packed,
    slot_of,
    voices_of,
)
from tests.revisions.declarations import library

RULE = discover()["pattern_ema@1"]


def taught(declaration: Declaration, lessons: list[tuple[int, float]]) -> Numbers:
    memory = RULE.begin(declaration)
    for place, label in lessons:
        memory = RULE.step(declaration, memory, (float(place),), label)
    return memory


@given(st.lists(st.integers(0, 10), min_size=1, max_size=100))
def test_voices_are_packed_without_loss(voices: list[int]) -> None:
    declaration = library(*voices)
    rule_of(declaration, "pattern_recognition")
    assert [voices_of(declaration, place) for place in range(len(voices))] == voices


@given(
    st.integers(1, 10),
    st.floats(-5.0, 5.0),
    st.lists(st.floats(-5.0, 5.0), min_size=1, max_size=30),
)
def test_an_average_moves_as_it_does_in_the_library(
    voices: int, average: float, outcomes: list[float]
) -> None:
    expected, seen = average, voices
    for outcome in outcomes:
        seen += 1
        expected += max(1.0 / seen, 0.1) * (outcome - expected)
    declaration = library(3, voices, 7)
    _, left, added, count = slot_of(taught(declaration, [(1, one) for one in outcomes]), 1.0)
    assert left * average + added == pytest.approx(expected, abs=1e-9)
    assert count == len(outcomes)


def test_an_outcome_moves_its_own_pattern_and_no_other() -> None:
    memory = taught(library(), [(3, 2.0), (17, -1.0), (3, 1.0)])
    assert memory[::FIELDS] == (17.0, 3.0), "the latest moved last"
    assert slot_of(memory, 5.0) == (5.0, 1.0, 0.0, 0.0)


def test_a_vector_names_who_moved_and_fills_the_rest_with_nobody() -> None:
    declaration = library()
    vector = RULE.vector(declaration, taught(declaration, [(3, 2.0)]))
    assert len(vector) == RULE.vector_size
    places, left, added, outcomes = (vector[at * SLOTS : (at + 1) * SLOTS] for at in range(FIELDS))
    assert (places[0], left[0], added[0], outcomes[0]) == (3.0, 0.5, 1.0, 1.0)
    assert set(zip(places[1:], left[1:], added[1:], outcomes[1:], strict=True)) == {
        (40.0, 1.0, 0.0, 0.0)
    }


def test_of_more_patterns_than_are_remembered_the_longest_unmoved_are_as_exported() -> None:
    declaration = library(*[1] * PATTERNS_MAX)
    random = Random(1)  # noqa: S311 - a made-up order
    order = random.sample(range(PATTERNS_MAX), 2 * SLOTS)
    memory = taught(declaration, [(place, 1.0) for place in order])
    assert memory[::FIELDS] == tuple(float(place) for place in order[SLOTS:])
    assert len(memory) == SLOTS * FIELDS
    assert slot_of(memory, float(order[0])) == (float(order[0]), 1.0, 0.0, 0.0)


def test_ten_thousand_patterns_are_declared_in_some_fourteen_hundred_numbers() -> None:
    declaration = library(*[10] * PATTERNS_MAX)
    rule_of(declaration, "pattern_recognition")
    assert len(declaration.numbers) == 1429
    assert RULE.begin(declaration) == ()


@pytest.mark.parametrize("place", [-1.0, 40.0, 0.5])
def test_a_place_of_no_pattern_teaches_nothing(place: float) -> None:
    with pytest.raises(ValueError, match="there is no pattern"):
        RULE.step(library(), (), (place,), 1.0)


@pytest.mark.parametrize(
    ("declaration", "why"),
    [
        (replace(library(), parameters={}), "patterns, rate, alike must be"),
        (replace(library(), numbers=(0.0,)), "1 numbers, not 6 for 40 patterns"),
        (replace(library(), numbers=(0.5, *[0.0] * 5)), "seven times four bits"),
        (replace(library(), numbers=(2.0**28, *[0.0] * 5)), "seven times four bits"),
        (library(rate=1.5), "the rate is above 1"),
        (library(*[1] * (PATTERNS_MAX + 1)), "not a whole number up to 10000"),
    ],
)
def test_a_declaration_that_no_library_can_begin_with_is_refused(
    declaration: Declaration, why: str
) -> None:
    with pytest.raises(UnusableDeclarationError, match=why):
        rule_of(declaration, "pattern_recognition")


def test_packing_nothing_declares_nothing() -> None:
    assert packed([]) == ()
