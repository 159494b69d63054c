"""Who gets a trial, and when."""

from dataclasses import replace

import pytest

from kingmaker.evidence.defaults import PARAMETERS, RULE
from kingmaker.kernel.arithmetic import exp
from kingmaker.kernel.service import Tick
from kingmaker.promotion.domain import Event
from kingmaker.promotion.heard import (
    ChallengerDropped,
    ChampionLost,
    PositionClosed,
    PositionOpened,
)
from kingmaker.promotion.said import (
    CandidateQueued,
    CandidateRefused,
    CandidateWaits,
    TrialOpened,
)
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


def why(event: Event) -> tuple[str, int, int]:
    """Return the reason of a wait, its count and its target."""
    assert isinstance(event, CandidateWaits)
    return event.reason, event.count, event.target


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
    queued, waits = story.hear(registered())
    assert kinds([queued]) == ["CandidateQueued"]
    assert why(waits) == ("reign_in_flight", 1, 0)
    assert kinds(story.hear(activated(reign=1))) == ["ReignAcknowledged", "TrialOpened"]


def test_nobody_is_admitted_while_the_slot_or_the_desk_is_frozen() -> None:
    for scope in ("desk", SLOT):
        story = begun()
        story.hear(freeze(scope=scope))
        _, waits = story.hear(registered())
        assert why(waits) == ("frozen", 1, 0)
        assert isinstance(waits, CandidateWaits)
        assert waits.until == f"a thaw of {scope}"
        assert kinds(story.hear(thaw(scope=scope))) == ["CommandTaken", "Thawed", "TrialOpened"]


def test_a_candidate_that_comes_before_the_first_champion_waits() -> None:
    queued, waits = Story().hear(registered())
    assert kinds([queued]) == ["CandidateQueued"]
    assert why(waits) == ("no_champion", 0, 1)


def test_the_nine_that_wait_for_the_first_coronation_wait_for_no_trial() -> None:
    assert "CandidateWaits" not in kinds(begun().said)


def test_one_of_an_origin_is_tried_at_a_time_and_the_newest_waiting_supersedes() -> None:
    story = tried()
    queued, waits = story.hear(registered(model="v1.2.0-trained"))
    assert isinstance(waits, CandidateWaits)
    assert why(waits) == ("trials_of_origin", 1, 1)
    assert waits.until == f"{TRIAL} ends: promotion.max_trials_per_origin"
    queued, waits = story.hear(registered(model="v1.3.0-trained"))
    assert why(waits) == ("trials_of_origin", 1, 1)
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
    waits = [event for event in story.said if isinstance(event, CandidateWaits)]
    assert [why(event) for event in waits] == [("trials_of_slot", 3, 3)] * 2
    assert "t-0001@d or t-0002@d or t-0003@d ends" in waits[0].until
    _, opened, changed = story.hear(ChallengerDropped("t-0002@d"))
    assert isinstance(changed, CandidateWaits)
    assert (changed.model, "t-0004@d" in changed.until) == ("v1-autogen", True)
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
    assert kinds(story.hear(measured())) == ["ChampionCrowned", "TrialClosed", "CandidateWaits"]
    acknowledged, opened = story.hear(activated(reign=2, lineup="nine'"))
    assert kinds([acknowledged]) == ["ReignAcknowledged"]
    assert isinstance(opened, TrialOpened)
    assert (opened.champion, opened.crowned_before, opened.k) == (TRAINED, 1, 2)


def test_a_trial_opens_when_the_desk_has_closed_enough_trades() -> None:
    story = begun(trial__start_after_trades="2")
    story.hear(PositionOpened("a", START_MS))
    _, waits = story.hear(registered())
    assert why(waits) == ("closed_trades", 0, 2)
    exposed, waits = story.hear(PositionClosed("a", START_MS))
    assert kinds([exposed]) == ["ExposureChanged"]
    assert why(waits) == ("closed_trades", 1, 2)
    assert kinds(story.hear(PositionOpened("b", START_MS))) == ["ExposureChanged"]
    assert kinds(story.hear(PositionClosed("b", START_MS))) == ["ExposureChanged", "TrialOpened"]


def test_a_wait_is_said_when_it_changes_and_not_before() -> None:
    story = tried()
    story.hear(registered(model="v1.2.0-trained"))
    assert story.hear(Tick(START_MS + 1)) == []
    assert kinds(story.hear(freeze())) == ["CommandTaken", "Frozen", "CandidateWaits"]


def test_who_runs_is_not_replaced_by_a_better_one_that_waits() -> None:
    story = tried()
    story.hear(registered(model="v1.2.0-trained", gain=9.0))
    assert list(story.state.trials) == [TRIAL]


def test_the_newest_of_an_origin_supersedes_even_a_better_one() -> None:
    story = tried()
    story.hear(registered(model="v1.2.0-trained", gain=9.0))
    story.hear(registered(model="v1.3.0-trained", gain=0.1))
    assert [one.model for one in story.state.waiting] == ["v1.3.0-trained"]


@pytest.mark.parametrize("gain", [float("nan"), float("inf"), float("-inf")])
def test_a_hold_out_figure_that_is_none_ranks_as_none(gain: float) -> None:
    story = begun()
    story.hear(freeze(), registered(model="v1-odd", origin="cloud", gain=gain))
    story.hear(registered(model="v1-good", gain=0.01))
    opened = [event for event in story.hear(thaw()) if isinstance(event, TrialOpened)]
    assert [event.challenger for event in opened] == ["v1-good", "v1-odd"]


def test_a_model_that_was_removed_returns_by_a_new_registration_at_a_new_price() -> None:
    """E begins at 1: shadow measures a trial by its id, and this is another."""
    story = tried()
    story.hear(measured(), activated(reign=2), ChampionLost(SLOT, 2, "broken"), activated(reign=3))
    assert story.slot.champion.model == BOOTSTRAP
    bytes_removed = f"{SLOT} {TRAINED}"
    said = story.hear(registered(model="v1.2.0-trained", digest=bytes_removed))
    [opened] = [event for event in said if isinstance(event, TrialOpened)]
    assert (opened.challenger_digest, opened.k, opened.trial) == (bytes_removed, 2, "t-0002@d")


def test_ids_count_on_across_slots() -> None:
    story = begun()
    story.hear(registered(), registered(slot=OTHER), warmed())
    assert list(story.state.trials) == [f"t-0001@{DESK}", f"t-0002@{DESK}"]
