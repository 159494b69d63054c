"""Weights of heads: the golden vector, the bounds, the sum."""

import random
import re
from collections.abc import Iterator
from math import fsum, inf, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kingmaker.contracts.head_weights import CEILING, FLOOR
from kingmaker.learners import weights
from kingmaker.learners.weights import EVEN, Rule

RATE = 0.05
GOLDEN_HEADS = (0.8, 0.7, 0.6, 0.9, 0.5, 0.4, -0.3, -0.9, -0.1)
GOLDEN = (0.13, 0.125, 0.12, 0.133333, 0.115, 0.11, 0.088889, 0.088889, 0.088889)
CONFIDENCE = st.one_of(st.just(0.0), st.floats(-1.0, 1.0))
HEADS = st.tuples(*[CONFIDENCE] * 9)
GOLDEN_BITS = [
    "0x1.0a3d70a3d70a4p-3",
    "0x1.0000000000000p-3",
    "0x1.eb851eb851eb8p-4",
    "0x1.1111111111111p-3",
    "0x1.d70a3d70a3d70p-4",
    "0x1.c28f5c28f5c2ap-4",
    *["0x1.6c16c16c16c17p-4"] * 3,
]

type Nine = tuple[float, ...]


def after(held: Nine, heads: Nine, rule: Rule = Rule(), *, won: bool) -> Nine:  # noqa: B008 - frozen
    """Return the weights after one outcome."""
    return weights.moved(held, weights.adjustment(heads, won=won, rate=RATE), rule)


def walk(outcomes: int, seed: int, rate: float, rule: Rule) -> Iterator[tuple[Nine, Nine]]:
    """Yield the weights before and after each of so many random outcomes."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    held: Nine = EVEN
    for _ in range(outcomes):
        heads = tuple([draw.choice((0.0, draw.uniform(-1.0, 1.0))) for _ in range(9)])
        by = weights.adjustment(heads, won=draw.random() < 0.5, rate=rate)
        new = weights.moved(held, by, rule)
        yield held, new
        held = new


@pytest.mark.parametrize(
    ("given_", "why"),
    [
        ((0.5, 0.5), "2 weights"),
        ((0.04, *[0.12] * 8), r"cvar_ppo=0\.04"),
        ((nan, *EVEN[1:]), "cvar_ppo=nan"),
        ((inf, *EVEN[1:]), "cvar_ppo=inf"),
        ((0.30, *[0.10] * 8), "sum to 1.1"),
    ],
)
def test_what_cannot_be_weights_is_refused_by_its_place(given_: Nine, why: str) -> None:
    assert re.search(why, weights.why_not(given_))


def test_even_weights_are_weights() -> None:
    assert weights.why_not(EVEN) == ""


def test_the_golden_vector_of_the_requirement() -> None:
    assert after(EVEN, GOLDEN_HEADS, won=True) == pytest.approx(GOLDEN, abs=5e-7)


def test_the_golden_vector_has_these_very_bits() -> None:
    told = [weight.hex() for weight in after(EVEN, GOLDEN_HEADS, won=True)]
    assert told == GOLDEN_BITS


def test_abstention_moves_nothing() -> None:
    assert after(EVEN, (0.0,) * 9, won=True) == pytest.approx(EVEN, abs=1e-15)


@given(HEADS, st.booleans())
def test_a_head_that_was_right_never_ends_below_one_that_was_wrong(
    heads: Nine,
    won: bool,  # noqa: FBT001 - drawn
) -> None:
    new = after(EVEN, heads, won=won)
    right = [w for w, head in zip(new, heads, strict=True) if head and (head > 0) == won]
    wrong = [w for w, head in zip(new, heads, strict=True) if head and (head > 0) != won]
    if right and wrong:
        assert min(right) >= max(wrong) - 1e-15


def test_bounds_and_sum_hold_over_ten_thousand_random_outcomes() -> None:
    for old, new in walk(10_000, 7, RATE, Rule()):
        check(old, new, 0.20)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), st.floats(0.001, 0.5), st.floats(0.0, 1.0))
def test_bounds_and_sum_hold_at_any_rate(seed: int, rate: float, change_max: float) -> None:
    for old, new in walk(200, seed, rate, Rule(change_max=change_max)):
        check(old, new, change_max)


def check(old: Nine, new: Nine, change_max: float) -> None:
    """Fail where a weight left its bounds, or all of them their sum."""
    for before, weight in zip(old, new, strict=True):
        assert max(FLOOR, (1.0 - change_max) * before) <= weight
        assert weight <= min(CEILING, (1.0 + change_max) * before)
    assert abs(fsum(new) - 1.0) < 1e-12


@given(st.tuples(*[st.floats(-0.5, 0.5)] * 9))
def test_no_point_of_the_box_is_nearer_than_the_projection(change: Nine) -> None:
    low, high = [0.8 / 9] * 9, [1.2 / 9] * 9
    wanted = [weight + by for weight, by in zip(EVEN, change, strict=True)]
    found = weights.project(wanted, low, high)

    def distance(point: Nine) -> float:
        return fsum((y - v) ** 2 for y, v in zip(wanted, point, strict=True))

    nearest = distance(found)
    for gains in range(9):
        for pays in range(9):
            room = min(high[gains] - found[gains], found[pays] - low[pays], 1e-3)
            if gains != pays and room > 0:
                moved = list(found)
                moved[gains] += room
                moved[pays] -= room
                assert distance(tuple(moved)) >= nearest - 1e-12


def test_dividing_by_the_sum_breaks_the_bounds_as_it_always_did() -> None:
    wanted = (1.0, *[0.0] * 8)
    divided = weights.divide(wanted, [FLOOR] * 9, [CEILING] * 9)
    assert divided == pytest.approx((0.428571, *[0.0714286] * 8), abs=5e-7)
    assert weights.why_not(divided)
    assert weights.why_not(weights.project(wanted, [FLOOR] * 9, [CEILING] * 9)) == ""


def test_classic_weights_beyond_their_bound_come_back_to_it() -> None:
    held = (0.428571, *[0.07142857] * 8)
    new = weights.moved(held, (0.0,) * 9, Rule(normalise=weights.DIVIDE))
    assert new[0] < held[0]


@pytest.mark.parametrize("change_max", [0.0, 0.1, 0.2])
def test_classic_weights_keep_the_sum_when_they_are_projected(change_max: float) -> None:
    held = weights.divide((1.0, *[0.0] * 8), [FLOOR] * 9, [CEILING] * 9)
    new = weights.moved(held, (0.0,) * 9, Rule(change_max))
    assert weights.why_not(new) == ""


def test_smoothing_goes_a_share_of_the_way() -> None:
    whole = after(EVEN, GOLDEN_HEADS, won=True)
    part = after(EVEN, GOLDEN_HEADS, Rule(smoothing=0.05), won=True)
    assert part == pytest.approx([e + 0.05 * (w - e) for e, w in zip(EVEN, whole, strict=True)])


def test_the_largest_change_is_absolute() -> None:
    assert weights.largest_change((0.1, 0.3), (0.12, 0.25)) == pytest.approx(0.05)
