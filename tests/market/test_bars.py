"""How far a bar went."""

from kingmaker.market.bars import true_range


def test_a_bar_that_opens_beyond_the_last_close_went_the_way_between_too() -> None:
    assert true_range(high=12.0, low=11.0, before=9.0) == 3.0
    assert true_range(high=12.0, low=11.0, before=14.0) == 3.0


def test_a_bar_around_the_last_close_went_from_low_to_high() -> None:
    assert true_range(high=12.0, low=11.0, before=11.5) == 1.0
