"""When a job that failed is tried again."""

import pytest

from kingmaker.learners.backoff import attempt_id, retry_at_ms

DUE = 1_000_000


@pytest.mark.parametrize(("attempt", "seconds"), [(0, 10), (1, 10), (2, 40), (3, 40), (9, 40)])
def test_it_waits_ten_seconds_and_then_forty_and_up_to_a_fifth_more(
    attempt: int, seconds: int
) -> None:
    waits = [retry_at_ms(DUE, f"tr-{number:04d}", attempt) - DUE for number in range(200)]
    assert seconds * 1_000 <= min(waits) <= max(waits) < seconds * 1_200
    assert len(set(waits)) > 100, "jobs that broke together come back together"


def test_the_same_attempt_waits_the_same() -> None:
    assert retry_at_ms(DUE, "hist-0001", 2) == retry_at_ms(DUE, "hist-0001", 2)
    assert attempt_id("hist-0001", 2) == "hist-0001/2"
