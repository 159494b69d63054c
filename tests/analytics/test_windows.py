"""What is kept for windows depends on which events came: not on their order, nor how often."""

import random

from hypothesis import given
from hypothesis import strategies as st

from kingmaker.analytics.measures import measured
from kingmaker.analytics.windows import Windows
from tests.analytics import days
from tests.analytics.days import HOUR_MS, fold

EVENTS = tuple(days.lane())
DAY_MS = 24 * HOUR_MS


@given(st.randoms(use_true_random=False), st.integers(1, 40), st.integers(0, 30))
def test_any_order_and_any_repeats_give_the_same_numbers(
    shuffled: random.Random, hours: int, repeats: int
) -> None:
    fed = [*EVENTS, *(shuffled.choice(EVENTS) for _ in range(repeats))]
    shuffled.shuffle(fed)
    window_ms = hours * HOUR_MS
    straight, mixed = fold(EVENTS, window_ms), fold(fed, window_ms)
    assert measured("one", mixed, window_ms) == measured("one", straight, window_ms)


@given(st.sets(st.integers(0, len(EVENTS) - 1)))
def test_what_was_folded_before_may_be_folded_again_from_the_beginning(known: set[int]) -> None:
    windows = fold([EVENTS[at] for at in sorted(known)], 2 * DAY_MS)
    for one in EVENTS:
        windows.take(one.seq, one.kind, one.value, one.time_ms)
    assert measured("one", windows, DAY_MS) == measured("one", fold(EVENTS, 2 * DAY_MS), DAY_MS)


def test_it_tells_whether_anything_changed() -> None:
    windows, first = Windows(DAY_MS), EVENTS[0]
    assert windows.take(first.seq, first.kind, first.value, first.time_ms)
    assert not windows.take(first.seq, first.kind, first.value, first.time_ms)
    assert not windows.take(99, "kingmaker.trader.v1.PositionOpened", b"", 0)


def test_memory_is_the_opportunities_of_the_longest_window() -> None:
    windows = Windows(DAY_MS)
    most = 0
    for hour in range(2_000):
        for one in (
            days.decided(2 * hour, hour, "first"),
            days.resolved(2 * hour + 1, hour, "first", champion=0.0),
        ):
            windows.take(one.seq, one.kind, one.value, one.time_ms)
        most = max(most, len(windows.decided), len(windows.resolved))
    assert 24 <= most <= 24 * 9 / 8 + 1


def test_what_is_too_old_is_not_even_decoded() -> None:
    windows = fold(EVENTS, HOUR_MS)
    assert not windows.take(77, "kingmaker.trader.v1.OpportunityDecided", b"\xff", days.BEGIN_MS)
