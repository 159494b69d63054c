"""Latencies counted: what a quantile of them says, and by how much it may be too long."""

from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from kingmaker.evidence import latencies
from kingmaker.evidence.latencies import Counts

MICROSECONDS = st.integers(1, 2**32)
NONE: Counts = {}


def counted(*found: int) -> Counts:
    """Return the counts of these."""
    return reduce(latencies.add, found, NONE)


@given(MICROSECONDS)
def test_a_latency_is_counted_as_at_most_a_sixteenth_longer_and_never_shorter(us: int) -> None:
    at_most = latencies.rounded_up(us)
    assert us <= at_most <= us + us // 16 + 1
    assert latencies.rounded_up(at_most) == at_most


def test_a_few_microseconds_are_counted_as_they_are() -> None:
    assert [latencies.rounded_up(us) for us in (1, 31, 32, 33, 1_030)] == [1, 31, 32, 34, 1_088]


@given(st.lists(MICROSECONDS, max_size=50))
def test_the_order_of_answers_does_not_matter_and_none_is_lost(found: list[int]) -> None:
    assert counted(*found) == counted(*reversed(found))
    assert sum(counted(*found).values()) == len(found)


def test_one_slow_answer_of_a_hundred_is_forgiven_and_two_are_not() -> None:
    fast = [20] * 98
    assert latencies.quantile_us(counted(*fast, 20, 4096), 99) == 20
    assert latencies.quantile_us(counted(*fast, 4096, 4096), 99) == 4096


def test_of_few_answers_the_slowest_counts_and_of_none_nought() -> None:
    assert latencies.quantile_us(counted(16, 4096, 24), 99) == 4096
    assert latencies.quantile_us(counted(), 99) == 0
