"""Exact limits of shares, limits of medians, and what refutes a bar."""

import numpy as np
import pytest

from bench.figures import Goal
from bench.gates.counts import Count, at_most
from bench.gates.measured import mean, median, share


def test_limits_of_a_share_are_those_of_clopper_and_pearson() -> None:
    nothing = Count(0, 10)
    assert nothing.lower(0.975) == pytest.approx(0.0, abs=1e-12)
    assert nothing.upper(0.975) == pytest.approx(1.0 - 0.025 ** (1 / 10))
    some = Count(5, 100)
    assert some.lower(0.975) == pytest.approx(0.01643, abs=1e-5)  # tables
    assert some.upper(0.975) == pytest.approx(0.11283, abs=1e-5)
    assert Count(10, 10).upper(0.975) == 1.0


def test_a_chance_of_at_most_is_a_sum_of_the_binomial() -> None:
    assert at_most(1, 3, 0.5) == pytest.approx(0.5)
    assert at_most(3, 3, 0.5) == pytest.approx(1.0)
    assert at_most(0, 3, 1.0) == 0.0
    assert at_most(0, 3, 0.0) == 1.0


def test_a_bar_is_refuted_only_beyond_chance() -> None:
    goal = Goal(0.035)
    assert not share(5, 100).refutes(goal)  # 5 %, and a hundred paths say little
    assert share(200, 1000).refutes(goal)
    assert share(5, 100).refutes(Goal(0.5, at_least=True))


def test_a_median_counts_those_who_never_came_as_late() -> None:
    times = np.array([0, 0, 10, 20, 30], np.int32)
    found = median(times)
    assert found.value == 30.0
    assert median(np.array([0, 0, 0, 5], np.int32)).value == np.inf
    assert found.low <= found.value <= found.high


def test_limits_of_a_median_hold_it_and_shrink() -> None:
    few, many = (median(np.arange(1, n + 1, dtype=np.int32)) for n in (100, 10_000))
    assert few.low < 50.0 < few.high
    assert (many.high - many.low) / 10_000 < (few.high - few.low) / 100
    assert many.refutes(Goal(4_500.0))
    assert not many.refutes(Goal(4_990.0))


def test_a_mean_has_the_error_of_its_values() -> None:
    found = mean(np.array([1.0, 2.0, 3.0, 4.0]))
    assert found.value == 2.5
    assert found.error == pytest.approx(np.std([1, 2, 3, 4], ddof=1) / 2.0)
