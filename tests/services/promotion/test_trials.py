"""What happens to an open trial besides being judged."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import get_args

import pytest

from kingmaker.promotion.domain import Event
from kingmaker.promotion.heard import ChallengerDropped, ChallengerFaulted, TrialUnmeasurable
from kingmaker.promotion.said import FaultNoted, TrialClosed, TrialStarted
from kingmaker.promotion.trials import Reason
from tests.services.promotion.story import (
    BETTER,
    NINE,
    OTHER,
    SLOT,
    START_MS,
    TRIAL,
    Story,
    activated,
    begun,
    direct,
    kinds,
    measured,
    registered,
    replace_trial,
    rollback,
    tried,
    veto,
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


WAYS: Mapping[str, Callable[[Story], list[Event]]] = {
    "crowned": lambda story: story.hear(measured()),
    "other_crowned": lambda story: story.hear(
        registered(model="v2-cloud", origin="cloud"),
        warmed("t-0002@d", model="v2-cloud"),
        measured(trial="t-0002@d"),
    ),
    "champion_changed": lambda story: _crowned_before(story).hear(rollback()),
    "veto": lambda story: story.hear(veto()),
    "replaced": lambda story: story.hear(registered(model="v2-trained"), replace_trial()),
    "fault": lambda story: story.hear(fault(1), fault(2), fault(3)),
    "max_pairs": lambda story: story.hear(measured(pairs=5_000, log_evidence=1.0)),
    "unmeasurable": lambda story: story.hear(TrialUnmeasurable(TRIAL, "no rule")),
    "dropped": lambda story: story.hear(ChallengerDropped(TRIAL)),
}


def _crowned_before(story: Story) -> Story:
    """Let somebody reign after the first, and challenge that one."""
    story.hear(measured(), activated(reign=2), registered(model="v3-cloud", origin="cloud"))
    story.hear(warmed("t-0002@d", model="v3-cloud"))
    return story


def test_every_reason_to_end_a_trial_has_its_way() -> None:
    assert set(WAYS) == set(get_args(Reason.__value__))


@pytest.mark.parametrize("reason", sorted(WAYS))
def test_a_trial_ends_for_every_reason_once_and_its_evidence_is_judged_no_more(
    reason: str,
) -> None:
    story = tried()
    said = WAYS[reason](story)
    closed = [event for event in said if isinstance(event, TrialClosed) and event.reason == reason]
    assert len(closed) == 1
    (ended,) = closed
    assert ended.trial not in story.state.trials
    assert ended.slot == SLOT
    assert story.hear(measured(trial=ended.trial)) == []
    assert story.hear(ChallengerDropped(ended.trial)) == []


def test_the_change_of_another_component_ends_no_trial() -> None:
    story = tried()
    story.hear(registered(OTHER, "v9"), warmed("t-0002@d", OTHER, "v9"))
    story.hear(direct(slot=OTHER, model="v9"), activated(OTHER, 2, "other nine"))
    assert list(story.state.trials) == [TRIAL]
    kept = story.state.trials[TRIAL]
    assert kept.k == 1
    assert kept.alpha == pytest.approx(1 / 220)


def test_max_pairs_counts_over_segments() -> None:
    story = tried(trial__max_pairs="500")
    few = replace(BETTER, pairs=60)
    story.hear(registered(OTHER), warmed("t-0002@d", OTHER))
    story.hear(direct(slot=OTHER), activated(OTHER, 2, "other nine"))
    last = measured(pairs=500, lineup="other nine", segment=2, challenger=few, log_evidence=1.0)
    said = story.hear(last)
    assert kinds(said) == ["ChallengerHeld", "TrialClosed"]
