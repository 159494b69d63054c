"""A loss curve in a terminal: the highest loss above, the lowest below, whatever the points."""

import pytest

from kingmaker.runtime.cli.curve import HEIGHT, WIDTH, drawn


def test_no_point_is_no_curve() -> None:
    assert drawn([]) == []


@pytest.mark.parametrize("count", [1, 2, 29, 59, 60, 61, 5000])
def test_any_number_of_points_fits(count: int) -> None:
    lines = drawn([(float(step), 1.0 / step) for step in range(1, count + 1)])
    assert len(lines) == HEIGHT + 2
    assert max(map(len, lines)) <= WIDTH + 12


def test_a_falling_loss_begins_at_the_top_and_ends_at_the_bottom() -> None:
    lines = drawn([(float(step), float(100 - step)) for step in range(60)])
    assert lines[0].startswith("100 │█")
    assert lines[HEIGHT - 1].startswith(" 41 │")
    assert lines[HEIGHT - 1].endswith("▁")
    assert lines[-1].split() == ["step", "0", "59"]


def test_a_loss_that_does_not_move_is_half_full() -> None:
    lines = drawn([(float(step), 0.5) for step in range(60)])
    filled = [line.count("█") for line in lines[:HEIGHT]]
    assert filled == [0] * (HEIGHT // 2) + [60] * (HEIGHT // 2)
