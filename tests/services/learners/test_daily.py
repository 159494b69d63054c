"""The daily job: nine outcomes are skipped, ten make one version, a date is learned from once."""

from dataclasses import replace

import pytest

from kingmaker.kernel.frozen import replace as changed
from kingmaker.learners import daily, weights
from kingmaker.learners.heads import DAY_MS, Heads, Seen, WeightsLearned
from kingmaker.learners.heads_policy import DAILY, HeadPolicy
from kingmaker.learners.looking_back import LearningJobCompleted, LearningJobSkipped, Run
from kingmaker.learners.weights import EVEN

MIDNIGHT_MS = 1000 * DAY_MS
ON = HeadPolicy(head_weights=True)
JOB = Run(DAILY, "oak", "1972-09-27", MIDNIGHT_MS, MIDNIGHT_MS + 5)
AGREED = (0.8, 0.4, -0.5, *[0.0] * 6)


def day_of(outcomes: int, net: float = 0.01, first_ms: int = MIDNIGHT_MS - DAY_MS + 1) -> Heads:
    """Return a desk whose last day had so many outcomes, all alike."""
    seen = [
        Seen(AGREED, net, taken=True, decided_ms=0, time_ms=first_ms + at) for at in range(outcomes)
    ]
    days: dict[int, tuple[Seen, ...]] = {}
    for one in seen:
        day = one.time_ms // DAY_MS
        days[day] = (*days.get(day, ()), one)
    return Heads(outcomes=outcomes, days=days)


def test_nine_outcomes_are_skipped_with_the_reason() -> None:
    [skipped] = daily.run(day_of(9), ON, JOB)
    assert skipped == LearningJobSkipped(
        DAILY, "oak", "1972-09-27", "too few outcomes in 24 hours", 9, 10, MIDNIGHT_MS + 5
    )


def test_ten_outcomes_make_one_version_by_their_mean_adjustment() -> None:
    completed, learned = daily.run(day_of(10), ON, JOB)
    assert isinstance(completed, LearningJobCompleted)
    assert isinstance(learned, WeightsLearned)
    assert (completed.outcomes, completed.wins, completed.version) == (10, 10, 1)
    assert (learned.version, learned.cause, learned.rate) == (1, "daily", 0.03)
    once = weights.adjustment(AGREED, won=True, rate=0.03)
    assert learned.weights == pytest.approx(weights.moved(EVEN, once, ON.rule))
    assert completed.weights == learned.weights


def test_a_day_of_many_outcomes_moves_no_further_than_one_of_few() -> None:
    few, many = (daily.run(day_of(count), ON, JOB)[1] for count in (10, 500))
    assert isinstance(few, WeightsLearned)
    assert isinstance(many, WeightsLearned)
    assert many.weights == pytest.approx(few.weights)


def test_what_was_resolved_earlier_or_later_is_another_days() -> None:
    early = day_of(10, first_ms=MIDNIGHT_MS - DAY_MS - 9)  # the tenth is at the very beginning
    late = day_of(10, first_ms=MIDNIGHT_MS - 8)
    assert isinstance(daily.run(early, ON, JOB)[0], LearningJobSkipped)
    [skipped] = daily.run(late, ON, JOB)
    assert isinstance(skipped, LearningJobSkipped)
    assert skipped.outcomes == 9


def test_the_same_date_twice_changes_nothing() -> None:
    held = changed(day_of(10), done={DAILY: JOB.date})
    [skipped] = daily.run(held, ON, replace(JOB, time_ms=JOB.time_ms + 1))
    assert isinstance(skipped, LearningJobSkipped)
    assert skipped.reason == "this date was learned from already"


def test_weights_that_cannot_move_are_no_version() -> None:
    fixed = HeadPolicy(head_weights=True, max_weight_change=0.0)
    [completed] = daily.run(day_of(10), fixed, JOB)
    assert isinstance(completed, LearningJobCompleted)
    assert (completed.version, completed.reason) == (0, "the weights stay the same")
