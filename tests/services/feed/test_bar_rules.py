"""What a bar must be; the decider's tests hold the whole table of bad rows."""

from kingmaker.feed.bar_rules import fault_in, fault_in_order


def test_a_bar_without_any_movement_is_a_bar() -> None:
    assert fault_in((5.0, 5.0, 5.0, 5.0), 0.0) == ""


def test_a_bar_may_follow_after_a_gap() -> None:
    assert fault_in_order(1_000, 4_000, 1_000) == ""
    assert fault_in_order(1_000, 4_001, 1_000).startswith("off the grid")
