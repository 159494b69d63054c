"""What happens to an open trial besides being judged."""

import pytest

from kingmaker.promotion.heard import ChallengerDropped, ChallengerFaulted, TrialUnmeasurable
from kingmaker.promotion.said import FaultNoted, TrialClosed, TrialStarted
from tests.services.promotion.story import (
    NINE,
    SLOT,
    START_MS,
    TRIAL,
    begun,
    kinds,
    measured,
    registered,
    tried,
    warmed,
)


def fault(faults: int, trial: str = TRIAL) -> ChallengerFaulted:
    """Return the trader's word of the latest of `faults` in a row."""
    return ChallengerFaulted(trial, "deadline", faults, START_MS)


def test_a_warm_challenger_starts_its_trial_once() -> None:
    story = begun()
    story.hear(registered())
    assert story.hear(warmed()) == [TrialStarted(TRIAL, SLOT, NINE, START_MS)]
    assert story.hear(warmed()) == []


def test_other_bytes_than_the_trials_do_not_start_it() -> None:
    story = begun()
    story.hear(registered())
    assert story.hear(warmed(model="v0-other")) == []
    assert story.hear(warmed(trial="canary-p-0001@d")) == []


def test_a_fault_is_noted_and_three_in_a_row_end_the_trial() -> None:
    story = tried()
    assert story.hear(fault(1)) == [FaultNoted(TRIAL, SLOT, 1, "deadline", START_MS)]
    assert kinds(story.hear(fault(2))) == ["FaultNoted"]
    noted, closed = story.hear(fault(3))
    assert noted == FaultNoted(TRIAL, SLOT, 3, "deadline", START_MS)
    assert closed == TrialClosed(TRIAL, SLOT, "fault", 0, 0.0, START_MS)
    assert not story.state.trials


def test_a_challenger_that_never_came_to_decide_ends_its_trial_at_once() -> None:
    story = begun()
    story.hear(registered())
    assert kinds(story.hear(fault(1))) == ["FaultNoted", "TrialClosed"]


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (ChallengerDropped(TRIAL), "dropped"),
        (TrialUnmeasurable(TRIAL, "no rule"), "unmeasurable"),
    ],
)
def test_a_trial_that_others_cannot_go_on_with_ends(
    message: ChallengerDropped | TrialUnmeasurable, reason: str
) -> None:
    story = tried()
    story.hear(measured(pairs=30, log_evidence=1.5))
    assert story.hear(message) == [TrialClosed(TRIAL, SLOT, reason, 30, 1.5, START_MS)]
    assert story.hear(message) == []


def test_a_fault_of_something_unknown_changes_nothing() -> None:
    assert tried().hear(fault(1, "canary-p-0001@d")) == []
