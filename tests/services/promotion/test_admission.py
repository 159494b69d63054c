"""Who gets a trial, and when."""

from dataclasses import replace

import pytest

from kingmaker.evidence.defaults import PARAMETERS, RULE
from kingmaker.kernel.arithmetic import exp
from kingmaker.promotion.heard import ChallengerDropped
from kingmaker.promotion.said import CandidateQueued, CandidateRefused, TrialOpened
from tests.services.promotion.story import (
    BOOTSTRAP,
    DESK,
    OTHER,
    SLOT,
    START_MS,
    TRAINED,
    TRIAL,
    Story,
    activated,
    begun,
    freeze,
    kinds,
    measured,
    registered,
    thaw,
    tried,
    warmed,
)


def test_a_candidate_gets_a_trial_with_everything_fixed() -> None:
    queued, opened = begun().hear(registered(gain=0.02))
    digest = f"{SLOT} {TRAINED}"
    assert queued == CandidateQueued(SLOT, TRAINED, digest, "trained", "", 0.02)
    assert isinstance(opened, TrialOpened)
    assert (opened.trial, opened.slot, opened.challenger) == (TRIAL, SLOT, TRAINED)
    assert (opened.champion, opened.champion_digest) == (BOOTSTRAP, f"{SLOT} {BOOTSTRAP}")
    assert (opened.challenger_digest, opened.origin) == (digest, "trained")
    assert (opened.k, opened.window_start_ms, opened.crowned_before) == (1, START_MS, 0)
    assert exp(opened.log_threshold) == pytest.approx(220)
    assert (opened.rule, opened.parameters) == (RULE, PARAMETERS)
    assert (opened.max_pairs, opened.mode, opened.notice) == (5_000, "e_lond", "")
    assert (opened.p_max, opened.time_ms) == (0.05, START_MS)


def test_models_of_other_desks_are_none_of_ours() -> None:
    assert begun().hear(registered(slot="online_learning@elsewhere")) == []


def test_nobody_is_admitted_before_the_first_reign_of_the_slot_is_acknowledged() -> None:
    story = begun()
    slot = replace(story.slot, acknowledged=0)
    story.state = replace(story.state, slots={**story.state.slots, SLOT: slot})
    assert kinds(story.hear(registered())) == ["CandidateQueued"]
    assert kinds(story.hear(activated(reign=1))) == ["ReignAcknowledged", "TrialOpened"]


def test_nobody_is_admitted_while_the_slot_or_the_desk_is_frozen() -> None:
    for scope in ("desk", SLOT):
        story = begun()
        story.hear(freeze(scope=scope))
        assert kinds(story.hear(registered())) == ["CandidateQueued"]
        assert kinds(story.hear(thaw(scope=scope))) == ["CommandTaken", "Thawed", "TrialOpened"]


def test_a_candidate_that_comes_before_the_first_champion_waits() -> None:
    assert kinds(Story().hear(registered())) == ["CandidateQueued"]


def test_one_of_an_origin_is_tried_at_a_time_and_the_newest_waiting_supersedes() -> None:
    story = tried()
    assert kinds(story.hear(registered(model="v1.2.0-trained"))) == ["CandidateQueued"]
    [queued] = story.hear(registered(model="v1.3.0-trained"))
    assert isinstance(queued, CandidateQueued)
    assert queued.supersedes == "v1.2.0-trained"
    assert [one.model for one in story.state.waiting] == ["v1.3.0-trained"]
    closed, opened = story.hear(ChallengerDropped(TRIAL))
    assert kinds([closed]) == ["TrialClosed"]
    assert isinstance(opened, TrialOpened)
    assert (opened.challenger, opened.k) == ("v1.3.0-trained", 2)  # another test costs more
    assert exp(opened.log_threshold) == pytest.approx(264)


def test_three_at_most_are_tried_in_a_slot_and_the_best_on_holdout_goes_first() -> None:
    story = begun()
    for origin in ("trained", "cloud", "tuned"):
        story.hear(registered(model=f"v1-{origin}", origin=origin))
    assert len(story.state.trials) == 3
    story.hear(
        registered(model="v1-autogen", origin="autogen", gain=0.01),
        registered(model="v1-distilled", origin="distilled", gain=0.02),
    )
    assert len(story.state.trials) == 3
    _, opened = story.hear(ChallengerDropped("t-0002@d"))
    assert isinstance(opened, TrialOpened)
    assert opened.challenger == "v1-distilled"


def test_slots_have_their_own_limits() -> None:
    story = tried()
    assert kinds(story.hear(registered(slot=OTHER))) == ["CandidateQueued", "TrialOpened"]


@pytest.mark.parametrize(
    ("digest", "whose"),
    [
        (f"{SLOT} {BOOTSTRAP}", "the champion"),
        (f"{SLOT} {TRAINED}", TRIAL),
        ("the same", "v1.2.0-trained"),
    ],
)
def test_the_same_bytes_are_not_tried_twice(digest: str, whose: str) -> None:
    story = tried()
    story.hear(registered(model="v1.2.0-trained", digest="the same"))
    [refused] = story.hear(registered(model="v1.9.0-cloud", origin="cloud", digest=digest))
    assert isinstance(refused, CandidateRefused)
    assert whose in refused.reason


def test_after_a_crown_the_next_waits_until_the_trader_has_followed() -> None:
    story = tried()
    story.hear(registered(model="v1.2.0-trained"))
    assert kinds(story.hear(measured())) == ["ChampionCrowned", "TrialClosed"]
    acknowledged, opened = story.hear(activated(reign=2, lineup="nine'"))
    assert kinds([acknowledged]) == ["ReignAcknowledged"]
    assert isinstance(opened, TrialOpened)
    assert (opened.champion, opened.crowned_before, opened.k) == (TRAINED, 1, 2)


def test_ids_count_on_across_slots() -> None:
    story = begun()
    story.hear(registered(), registered(slot=OTHER), warmed())
    assert list(story.state.trials) == [f"t-0001@{DESK}", f"t-0002@{DESK}"]
