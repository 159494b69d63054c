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


def test_days_without_a_difference_are_not_counted_as_evidence() -> None:
    """Given a fair game of six trades in a hundred days that nearly always wins, and loses big."""
    random = np.random.default_rng(5)
    for _ in range(100):
        days = np.zeros(100)
        days[random.choice(100, 6, replace=False)] = np.where(random.random(6) < 0.8, 1.0, -4.0)
        found = _of_days(days)
        assert found.verdict("it") == "too few days to tell (6 of 20)"


@pytest.mark.parametrize(
    ("days", "low", "high"), [(20, 0.86, 0.92), (40, 0.89, 0.94), (80, 0.91, 0.96)]
)
def test_the_interval_holds_the_truth_as_often_as_its_text_says(
    days: int, low: float, high: float
) -> None:
    """Not 95 in 100: percentiles of few days are too short."""
    random = np.random.default_rng(8)
    worlds = [paired(random.standard_normal(days), DAYS[:days]) for _ in range(600)]
    held = np.mean([one.verdict("it").startswith("not") for one in worlds])
    assert low < held < high


def _of_days(differences: np.ndarray) -> Paired:
    return paired(differences, DAYS)
