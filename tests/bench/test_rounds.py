"""How many times become one figure."""

import pytest

from bench.rounds import interleave, quantile, slope


def test_every_round_runs_every_action_in_turn() -> None:
    said: list[str] = []
    seconds = interleave(2, {"a": lambda: said.append("a"), "b": lambda: said.append("b")})
    assert said == ["a", "b", "a", "b"]
    assert set(seconds) == {"a", "b"}


def test_a_quantile_is_one_of_the_times() -> None:
    times = [float(number) for number in range(100, 0, -1)]
    assert quantile(times, 0.5) == 50.0
    assert quantile(times, 0.99) == 99.0
    assert quantile([3.0], 0.99) == 3.0


@pytest.mark.parametrize("exponent", [1.0, 2.0])
def test_the_slope_is_the_exponent(exponent: float) -> None:
    points = [(size, 3.0 * size**exponent) for size in (1.0, 2.0, 4.0)]
    assert slope(points) == pytest.approx(exponent)
