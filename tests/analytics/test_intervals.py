"""Intervals against published values, and against what must hold for any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingmaker.analytics import intervals
from kingmaker.analytics.intervals import NOTHING, Estimate


@pytest.mark.parametrize("n", [0, -3])
def test_of_nothing_nothing_is_said(n: int) -> None:
    assert intervals.rate(0, n) == NOTHING
    assert intervals.mean([]) == NOTHING
    assert intervals.difference(NOTHING, intervals.rate(3, 9)) == NOTHING
    assert not NOTHING.is_above_zero
    assert not NOTHING.is_below_zero


def test_wilson_as_published() -> None:
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I: 81 of 263, 15 of 148, 0 of 20.
    for successes, n, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
    ):
        found = intervals.rate(successes, n)
        assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_the_difference_of_two_rates_as_published() -> None:
    # Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10: 56/70 - 48/80.
    found = intervals.difference(intervals.rate(56, 70), intervals.rate(48, 80))
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert found.is_above_zero


@given(st.integers(1, 10_000), st.data())
def test_a_rate_lies_within_its_interval_and_that_within_0_and_1(
    n: int, data: st.DataObject
) -> None:
    successes = data.draw(st.integers(0, n))
    found = intervals.rate(successes, n)
    assert found.low is not None
    assert found.high is not None
    assert found.value is not None
    assert 0.0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1.0


def test_the_mean_of_few_has_no_interval() -> None:
    assert intervals.mean([1.0, 3.0]) == Estimate(2.0, 2, None, None)


def test_the_mean_of_many_has_one_by_hand() -> None:
    found = intervals.mean([0.0, 2.0] * 50)
    half = 1.959964 * (100 / 99) ** 0.5 / 10
    assert (found.value, found.low, found.high) == pytest.approx((1.0, 1.0 - half, 1.0 + half))
