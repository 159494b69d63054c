"""Runs over past bars as jobs: three tries, given up, ended and retried by people."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from kingmaker.governance.orders import RefusedError
from kingmaker.kernel.service import Tick
from kingmaker.learners import decider, historical
from kingmaker.learners.domain import Event, JobAbandoned
from kingmaker.learners.history import (
    HistoricalRunCancelled,
    HistoricalRunFailed,
    HistoricalRunStarted,
    HistoryBroke,
)
from kingmaker.learners.people import CancelTraining, RetryTraining
from tests.services.learners.past_story import FRIDAY, HOUR, MINUTE, Story, learned


def test_a_run_that_broke_is_tried_again_as_it_was_after_ten_seconds_and_after_forty() -> None:
    story = Story()
    started = story.begin(FRIDAY)
    for attempt, backoff_ms in ((1, 10_000), (2, 40_000)):
        due_ms = story.run.due_ms
        [failed] = story.hear(HistoryBroke(started.run, "killed"))
        assert isinstance(failed, HistoricalRunFailed)
        assert (failed.run, failed.desk, failed.reason) == ("hist-0001", "oak", "killed")
        assert (failed.attempt, failed.time_ms) == (attempt, due_ms)
        assert backoff_ms <= failed.retry_at_ms - due_ms < backoff_ms * 6 // 5
        assert not historical.effects(story.state)
        assert not story.hear(Tick(failed.retry_at_ms - 1))
        assert not story.hear(HistoryBroke(started.run, "late")), "nobody works at it"
        again = story.begin(failed.retry_at_ms)
        expected = replace(started, attempt=attempt + 1, time_ms=failed.retry_at_ms)
        assert again == replace(expected, due_ms=failed.retry_at_ms + 10 * MINUTE)
    story.end(again)
    assert story.begin(FRIDAY + HOUR).run == "hist-0002"


def broken(story: Story) -> Sequence[Event]:
    """Return what the last of three failures makes them say."""
    started = story.begin(FRIDAY)
    for _ in range(2):
        [failed] = story.hear(HistoryBroke(started.run, "killed"))
        assert isinstance(failed, HistoricalRunFailed)
        story.hear(Tick(failed.retry_at_ms))
    return story.hear(HistoryBroke(started.run, "killed"))


def test_the_third_failure_gives_the_job_up_and_the_next_fire_time_begins_another() -> None:
    story = Story()
    failed, abandoned = broken(story)
    assert isinstance(failed, HistoricalRunFailed)
    assert (failed.attempt, failed.retry_at_ms) == (3, 0)
    assert abandoned == JobAbandoned("hist-0001", "history@oak", "killed", failed.time_ms)
    assert not historical.effects(story.state)
    assert story.begin(FRIDAY + HOUR).run == "hist-0002"


def test_while_a_run_waits_no_other_of_its_desk_begins() -> None:
    story = Story()
    started = story.begin(FRIDAY)
    story.hear(HistoryBroke(started.run, "killed"))
    again = story.begin(FRIDAY + 5 * HOUR)
    assert (again.run, again.attempt, again.fire_time_ms) == (
        *("hist-0001", 2),
        started.fire_time_ms,
    )


def test_a_person_ends_a_run_and_tries_it_again_with_the_same_bars_and_seeds() -> None:
    story = Story()
    started = story.begin(FRIDAY)
    cancelled = story.order(CancelTraining("c-1", started.run, "opal", "wrong bars", 0, 1))
    assert cancelled == HistoricalRunCancelled(
        "hist-0001", "oak", 1, "opal", "wrong bars", "c-1", story.now_ms
    )
    assert not historical.effects(story.state)
    assert not story.hear(learned(started)), "nobody waits for it"
    again = story.order(RetryTraining("c-2", started.run, "opal", "right bars", 0, 1))
    when = replace(started, time_ms=story.now_ms, due_ms=story.now_ms)
    assert again == replace(when, actor="opal", command_id="c-2")
    story.end(started)
    assert story.begin(FRIDAY + HOUR).run == "hist-0002", "it was the same run"


def test_one_that_waits_for_its_next_attempt_can_be_ended_too() -> None:
    story = Story()
    started = story.begin(FRIDAY)
    story.hear(HistoryBroke(started.run, "killed"))
    story.order(CancelTraining("c-1", started.run, "opal", "enough", 0, 1))
    assert not story.hear(Tick(FRIDAY + 15 * MINUTE))


def test_what_was_given_up_can_be_tried_again_until_another_begins() -> None:
    story = Story()
    broken(story)
    asked = RetryTraining("c-1", "hist-0001", "opal", "the disk has room", 0, 1)
    again = story.order(asked)
    assert isinstance(again, HistoricalRunStarted)
    assert (again.run, again.attempt) == ("hist-0001", 1)
    broken_again = story.hear(HistoryBroke(again.run, "killed"))
    assert [type(event) for event in broken_again] == [HistoricalRunFailed]
    story.order(CancelTraining("c-2", "hist-0001", "opal", "enough", 0, 1))
    story.begin(FRIDAY + HOUR)
    with pytest.raises(RefusedError, match="may be retried: none"):
        story.order(asked)


def test_what_is_not_under_way_cannot_be_ended() -> None:
    story = Story()
    unknown = CancelTraining("c-1", "hist-0009", "opal", "a typing error", 0, 1)
    with pytest.raises(RefusedError, match="'hist-0009' is not under way: no run over past bars"):
        story.order(unknown)
    story.begin(FRIDAY)
    with pytest.raises(RefusedError, match="not under way: under way: hist-0001"):
        story.order(unknown)


def test_a_run_of_an_earlier_release_had_no_number_of_its_attempt_and_has_three() -> None:
    story = Story()
    started = story.begin(FRIDAY)
    story.state = decider.evolve(story.state, replace(started, attempt=0))
    [failed] = story.hear(HistoryBroke(started.run, "killed"))
    assert isinstance(failed, HistoricalRunFailed)
    assert (failed.attempt, story.begin(failed.retry_at_ms).attempt) == (1, 2)
