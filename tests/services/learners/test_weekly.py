"""The weekly job: noise deploys nothing, a head of skill is found, bounds hold."""

from collections.abc import Callable, Sequence

import pytest

from kingmaker.kernel.frozen import replace as changed
from kingmaker.learners import looking_back, weekly, weights
from kingmaker.learners.heads import DAY_MS, Heads, Seen, WeightsLearned
from kingmaker.learners.heads_policy import IN_SAMPLE, PURGED, WEEKLY, HeadPolicy
from kingmaker.learners.looking_back import LearningJobCompleted, LearningJobSkipped, Run
from kingmaker.learners.weights import EVEN, Weights
from tests.services.learners.outcomes import MIDNIGHT_MS, SKILLED, world

ON = HeadPolicy(head_weights=True)
JOB = Run(WEEKLY, "oak", "1972-09-27", MIDNIGHT_MS, MIDNIGHT_MS + 5)
WORLDS = 100


def deployed(worlds: Sequence[Heads], policy: HeadPolicy = ON) -> int:
    """Return in how many worlds the job deploys other weights."""
    return sum(len(weekly.run(one, policy, JOB)) == 2 for one in worlds)


def test_forty_nine_outcomes_in_four_weeks_are_too_few() -> None:
    [skipped] = weekly.run(world(1, 49, 28), ON, JOB)
    assert isinstance(skipped, LearningJobSkipped)
    assert (skipped.outcomes, skipped.needed) == (49, 50)
    assert skipped.reason == "too few outcomes in 28 days"


@pytest.mark.parametrize(("days", "from_days"), [(7, 7), (20, 18)])
def test_the_window_grows_while_outcomes_are_too_few(days: int, from_days: int) -> None:
    [completed, *_] = weekly.run(world(2, 60, days), ON, JOB)
    assert isinstance(completed, LearningJobCompleted)
    assert (MIDNIGHT_MS - completed.from_ms) / DAY_MS == pytest.approx(from_days, abs=2)


def test_the_classic_window_does_not_grow() -> None:
    classic = HeadPolicy(head_weights=True, weekly_lookback_days=7)
    [skipped] = weekly.run(world(2, 60, 20), classic, JOB)
    assert isinstance(skipped, LearningJobSkipped)


@pytest.mark.parametrize(("outcomes", "days"), [(60, 7), (200, 14)])
def test_noise_is_deployed_in_five_of_a_hundred_worlds_at_most(outcomes: int, days: int) -> None:
    assert deployed([world(seed, outcomes, days) for seed in range(WORLDS)]) <= 5


def test_noise_that_is_judged_by_itself_is_deployed_often() -> None:
    classic = HeadPolicy(head_weights=True, weekly_validation=IN_SAMPLE)
    assert deployed([world(seed, 200, 14) for seed in range(WORLDS)], classic) > 30


type Judge = Callable[[Sequence[Seen], Weights, HeadPolicy], weekly.Verdict]


@pytest.mark.parametrize(
    ("validation", "judge", "other"),
    [
        (PURGED, weekly.validated, weekly.in_sample),
        (IN_SAMPLE, weekly.in_sample, weekly.validated),
    ],
)
def test_weights_are_judged_by_the_rule_that_is_set(
    validation: str, judge: Judge, other: Judge
) -> None:
    policy = HeadPolicy(head_weights=True, weekly_validation=validation)
    held = world(2, 200, 7)
    seen = looking_back.between(held, MIDNIGHT_MS - 7 * DAY_MS, MIDNIGHT_MS)
    [completed, *_] = weekly.run(held, policy, JOB)
    assert isinstance(completed, LearningJobCompleted)
    assert completed.figures["gain"] == judge(seen, held.weights, policy).gain
    assert completed.figures["gain"] != other(seen, held.weights, policy).gain


def test_a_head_of_skill_gains_weight_and_is_deployed() -> None:
    worlds = [world(seed, 800, 7, skill=0.8) for seed in range(10)]
    assert deployed(worlds) >= 8
    for one in worlds:
        [completed, *learned] = weekly.run(one, ON, JOB)
        assert isinstance(completed, LearningJobCompleted)
        assert completed.weights[SKILLED] == max(completed.weights)
        assert completed.weights[SKILLED] > EVEN[SKILLED]
        assert weights.why_not(completed.weights) == ""
        for event in learned:
            assert isinstance(event, WeightsLearned)
            assert (event.cause, event.weights) == ("weekly", completed.weights)


def test_what_is_not_deployed_says_why() -> None:
    [completed] = weekly.run(world(0, 60, 7), ON, JOB)
    assert isinstance(completed, LearningJobCompleted)
    assert completed.version == 0
    assert completed.reason.startswith("gain ")
    assert set(completed.figures) >= {"net_present", "net_other", "gain", "gain_error"}


def test_no_block_is_judged_by_trades_that_were_open_beside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = [one for day in sorted(world(3, 100, 7).days.items()) for one in day[1]]
    seen.sort(key=lambda one: one.decided_ms)
    learned_from: list[Sequence[Seen]] = []

    def noting(rows: Sequence[Seen], held: Weights, _policy: HeadPolicy) -> Weights:
        learned_from.append(rows)
        return held

    monkeypatch.setattr(weekly, "fitted", noting)
    weekly.validated(seen, EVEN, ON)
    assert len(learned_from) == weekly.FOLDS
    for fold, rows in enumerate(learned_from):
        block = seen[20 * fold : 20 * fold + 20]
        last_ms = max(one.time_ms for one in block)
        for one in rows:
            assert one.time_ms < block[0].decided_ms or one.decided_ms > last_ms


def test_the_same_date_twice_changes_nothing() -> None:
    held = changed(world(2, 60, 7), done={WEEKLY: JOB.date})
    [skipped] = weekly.run(held, ON, JOB)
    assert isinstance(skipped, LearningJobSkipped)


def test_every_signal_is_held_to_the_bar_that_was_in_force_when_it_was_decided() -> None:
    """A rollback of the bar, or a later setting, changes nothing of the weeks before it."""
    heads = (0.7, 0.3, -0.4, *[0.0] * 6)  # 1.0 of 1.4: a consensus of .714
    seen = [
        Seen(heads, 0.01, taken=True, decided_ms=at, time_ms=at + 1, confluence_min=bar)
        for at, bar in enumerate((0.70, 0.72, 0.0, 1.0))
    ]
    verdict = weekly.in_sample(seen, EVEN, HeadPolicy(max_weight_change=0.0))
    assert verdict.present.accepted == (True, False, True, False)
    assert verdict.other.accepted == verdict.present.accepted
