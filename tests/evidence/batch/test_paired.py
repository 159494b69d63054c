"""Paired differences: who was better on the same days, and when nothing may be said."""

import numpy as np
import pytest

from kingmaker.evidence.batch.paired import DAYS_MIN, Paired, paired

DAYS = np.arange(100)
NOISE = np.random.default_rng(3).standard_normal(100)


@pytest.mark.parametrize(
    ("differences", "verdict"),
    [
        (NOISE + 2.0, "better than it"),
        (NOISE - 2.0, "worse than it"),
        (NOISE - NOISE.mean(), "not distinguishable from it"),
        (0.0 * NOISE, "the same as it"),
        (NOISE[: DAYS_MIN - 1] + 9.0, "too few days to tell (19 of 20)"),
        (NOISE[:0], "too few days to tell (0 of 20)"),
    ],
)
def test_the_interval_says_what_may_be_claimed(differences: np.ndarray, verdict: str) -> None:
    assert paired(differences, DAYS[: len(differences)]).verdict("it") == verdict


def test_rows_of_one_day_are_one_piece_of_evidence() -> None:
    """A hundred copies of one row are no more than the row: the interval stays as wide."""
    once = paired(NOISE, DAYS)
    often = paired(np.repeat(NOISE, 100), np.repeat(DAYS, 100))
    assert (often.rows, often.days) == (10_000, 100)
    assert (often.low, often.high) == pytest.approx((once.low, once.high))


def test_days_that_cling_together_make_it_wider() -> None:
    """Weeks of one sign each tell less than days that change: the blocks keep them whole."""
    signs = np.where(NOISE > 0, 1.0, -1.0)
    clung = np.repeat(signs[:20], 5)
    widths = [one.high - one.low for one in map(_of_days, (signs, clung)) if one.high and one.low]
    assert widths[1] > 1.5 * widths[0]


def test_nineteen_intervals_in_twenty_hold_the_truth() -> None:
    random = np.random.default_rng(8)
    found = [_of_days(random.standard_normal(100)) for _ in range(100)]
    assert sum(one.verdict("it").startswith("not") for one in found) >= 88


def _of_days(differences: np.ndarray) -> Paired:
    return paired(differences, DAYS)
