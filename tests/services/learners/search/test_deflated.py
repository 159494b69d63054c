"""The deflated Sharpe ratio, against the worked example of its authors."""

from math import sqrt

import pytest

from kingmaker.learners.search import deflated


def test_the_example_of_bailey_and_lopez_de_prado() -> None:
    """A ratio of 2.5 a year from 1,250 days, the best of 100 trials; skew -3, kurtosis 10."""
    benchmark = deflated.expected_best(0.5 / 250, 100)
    assert benchmark == pytest.approx(0.1132, abs=1e-4)
    chance = deflated.chance_of_skill(2.5 / sqrt(250), benchmark, 1250, -3.0, 10.0)
    assert chance == pytest.approx(0.9004, abs=1e-4)


def test_one_trial_was_not_chosen() -> None:
    with pytest.raises(ValueError, match="1 trials"):
        deflated.deflated(0.1, [0.1], 100)
