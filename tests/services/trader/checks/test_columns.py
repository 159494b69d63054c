"""Columns hold bars, and cut them."""

from tests.services.trader.checks.test_lookahead import walk


def test_a_cut_has_no_memory_of_what_was_cut_off() -> None:
    bars = walk(10)
    part = bars.between(2, 5)
    assert len(part) == 3
    assert part.close.base is None
    assert part.bar(0) == bars.bar(2)
