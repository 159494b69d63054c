"""What a product of history must show in every step."""

import pytest

from kingmaker.learners import walking


@pytest.mark.parametrize(
    ("metrics", "why"),
    [
        ({walking.LEAST: 0.01}, ""),
        ({walking.LEAST: 0.0}, "gain 0 in one of 2 steps, needs over 0 in each"),
        ({walking.LEAST: -0.02, walking.MEAN: 0.3}, "gain -0.02 in one of 2 steps"),
        ({}, "not measured: walk_forward_gain_least"),
    ],
)
def test_every_step_must_gain(metrics: dict[str, float], why: str) -> None:
    assert walking.why_not(metrics).startswith(why)
    assert bool(walking.why_not(metrics)) is bool(why)
