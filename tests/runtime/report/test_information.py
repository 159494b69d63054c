"""Sharpe ratios for information agree with figures computed by hand."""

from math import sqrt

import pytest

from kingmaker.runtime.report.information import (
    Returns,
    best_of,
    deflated_sharpe,
    moments,
    probabilistic_sharpe,
)


def test_moments_are_those_of_the_textbook() -> None:
    found = moments([1.0, 2.0, 3.0, 4.0])
    assert found is not None
    assert (found.n, found.mean) == (4, 2.5)
    assert found.deviation == pytest.approx(sqrt(5 / 3))
    assert found.skewness == pytest.approx(0.0)
    assert found.kurtosis == pytest.approx(1.64)


def test_nothing_is_said_of_too_little_or_of_a_constant() -> None:
    assert moments([0.1, 0.2]) is None
    assert moments([0.1] * 9) is None


def test_the_published_example_comes_out() -> None:
    """Bailey and Lopez de Prado 2014: annual SR 2.5, 1,250 days, 100 trials of variance 1/2."""
    daily = 2.5 / sqrt(250)
    side = Returns(1250, daily, 1.0, -3.0, 10.0)
    best = 0.1132  # their SR0
    assert probabilistic_sharpe(side, best) == pytest.approx(0.9004, abs=5e-4)


def test_more_tests_deflate_more() -> None:
    side = Returns(500, 0.1, 1.0, 0.0, 3.0)
    assert best_of(1, 500) == 0.0
    assert deflated_sharpe(side, 1) > deflated_sharpe(side, 10) > deflated_sharpe(side, 100)
    assert best_of(100, 500) == pytest.approx(2.53 / sqrt(499), rel=2e-3)


def test_a_spread_that_is_none_says_nothing() -> None:
    assert probabilistic_sharpe(Returns(9, 3.0, 1.0, 9.0, 1.0), 0.0) == 0.5
