"""Settings under watch: what takes a change back, and what does not."""

from dataclasses import replace

from kingmaker.promotion.domain import Change, Watch
from kingmaker.promotion.heard import CanaryMeasured, CanaryUnmeasurable, ParameterChanged
from kingmaker.promotion.said import (
    CanaryEnded,
    CanaryWarned,
    CommandRefused,
    ParametersRolledBack,
    ParametersWatched,
)
from tests.services.promotion.story import (
    BOOTSTRAP,
    DESK,
    MINUTE_MS,
    SLOT,
    START_MS,
    Story,
    begun,
    freeze,
    kinds,
    refusal_of,
    rollback,
)
from tests.services.promotion.test_canary import ALARM, REFERENCE, WORSE, watched

PARAMETERS, CANARY = f"parameters@{DESK}", "canary-parameters-c0001"
CHANGED = ParameterChanged(
    change=f"c-0001@{DESK}",
    slot=PARAMETERS,
    number=1,
    old={"exits.max_holding": "12"},
    new={"exits.max_holding": "1"},
    actor="ada",
    time_ms=START_MS,
    canary=CANARY,
)
BAD = watched(ALARM, WORSE, slot=PARAMETERS, reign=1, canary=CANARY)


def changed(**policy: str) -> Story:
    """Return a desk whose settings were changed while it trades."""
    story = begun(**policy)
    story.hear(CHANGED)
    return story


def test_a_change_is_watched_with_what_it_changed_and_by_whom() -> None:
    story = begun()
    [said] = story.hear(CHANGED)
    assert isinstance(said, ParametersWatched)
    assert (said.old, said.new, said.actor) == (CHANGED.old, CHANGED.new, "ada")
    assert story.state.change == Change(CHANGED.change, 1, CHANGED.old, START_MS, Watch(CANARY))


def test_a_change_of_another_desk_is_not_ours() -> None:
    assert begun().hear(replace(CHANGED, slot="parameters@other")) == []


def test_alarm_and_15_percent_take_a_change_back_and_no_crown() -> None:
    story = changed()
    warned, back = story.hear(BAD)
    assert isinstance(warned, CanaryWarned)
    assert isinstance(back, ParametersRolledBack)
    assert (back.trigger, back.values, back.canary) == ("canary", CHANGED.old, CANARY)
    assert [one.gate for one in back.findings if not one.passed] == ["edetector", "win_rate"]
    assert story.state.change is None
    assert story.slot.champion.model == BOOTSTRAP
    assert story.hear(BAD) == []


def test_a_freeze_does_not_stop_it() -> None:
    story = changed()
    story.hear(freeze())
    assert "ParametersRolledBack" in kinds(story.hear(BAD))


def test_a_warning_alone_changes_nothing() -> None:
    story = changed()
    worse = replace(BAD, statistic=1.0)
    assert kinds(story.hear(worse)) == ["CanaryWarned"]
    assert story.hear(worse) == []
    assert kinds(story.hear(replace(worse, champion=REFERENCE))) == ["CanaryWarned"]


def test_what_was_measured_of_an_earlier_change_is_not_judged() -> None:
    story = changed()
    second = replace(CHANGED, change=f"c-0002@{DESK}", number=2, canary="canary-parameters-c0002")
    story.hear(second)
    assert story.hear(BAD) == []
    assert begun().hear(BAD) == [], "nor of one that is not known yet"


def test_a_hard_limit_holds_for_settings_too() -> None:
    story = changed(canary__hard_loss="0.3")
    losing = replace(REFERENCE, sum=-0.3, taken=0)
    [back] = story.hear(replace(BAD, statistic=1.0, champion=losing))
    assert isinstance(back, ParametersRolledBack)
    assert back.trigger == "hard_limit"


def test_the_watch_of_a_change_ends_as_that_of_a_reign_does() -> None:
    late = replace(BAD, time_ms=START_MS + 61 * MINUTE_MS)
    [ended] = changed(canary__minutes="60").hear(late)
    assert isinstance(ended, CanaryEnded)
    assert (ended.slot, ended.reason) == (PARAMETERS, "minutes")
    story = changed()
    [ended] = story.hear(CanaryUnmeasurable(CANARY, PARAMETERS, 1, "no rule"))
    assert isinstance(ended, CanaryEnded)
    assert story.hear(BAD) == []
    assert begun().hear(CanaryUnmeasurable(CANARY, PARAMETERS, 1, "no rule")) == []


def test_a_person_takes_a_change_back_without_freezing_anything() -> None:
    story = changed()
    taken, back = story.hear(rollback(slot=PARAMETERS))
    assert isinstance(back, ParametersRolledBack)
    assert (back.trigger, back.actor, back.findings) == ("person", "ada", ())
    assert kinds([taken]) == ["CommandTaken"]
    assert not story.state.frozen
    [refused] = story.hear(rollback("c2", slot=PARAMETERS))
    assert isinstance(refused, CommandRefused)


def test_only_the_change_that_a_person_means_is_taken_back() -> None:
    story = changed()
    second = replace(CHANGED, change=f"c-0002@{DESK}", number=2, canary="canary-parameters-c0002")
    story.hear(second)
    meant = rollback(slot=PARAMETERS, expected_champion=CHANGED.change)
    assert f"the last change is {second.change}" in refusal_of(story.hear(meant))
    further = rollback(slot=PARAMETERS, to_version=CHANGED.change)
    assert "no further" in refusal_of(story.hear(further))
    meant = rollback(slot=PARAMETERS, expected_champion=second.change)
    assert "ParametersRolledBack" in kinds(story.hear(meant))


def test_reigns_and_settings_are_watched_side_by_side() -> None:
    story = changed()
    other = CanaryMeasured("x", SLOT, 1, 50, ALARM, 200.0, WORSE, REFERENCE, START_MS)
    assert story.hear(other) == [], "the first reign is not watched"
    assert "ParametersRolledBack" in kinds(story.hear(BAD))
