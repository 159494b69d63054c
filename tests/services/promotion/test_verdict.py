"""Judging: every gate on current numbers, the coronation in the same step."""

from dataclasses import replace

import pytest

from kingmaker.kernel.service import Tick
from kingmaker.promotion import gates
from kingmaker.promotion.gates import Role
from kingmaker.promotion.heard import PositionClosed, PositionOpened
from kingmaker.promotion.policy import Policy
from kingmaker.promotion.said import (
    ChallengerHeld,
    ChallengerReady,
    ChampionCrowned,
    Finding,
    TrialClosed,
)
from tests.services.promotion.story import (
    BETTER,
    BOOTSTRAP,
    CHAMPION,
    NINE,
    OTHER,
    SLOT,
    START_MS,
    TRAINED,
    TRIAL,
    Story,
    activated,
    approve,
    begun,
    direct,
    freeze,
    kinds,
    measured,
    registered,
    rollback,
    settings,
    thaw,
    tried,
    warmed,
)

SECOND = "t-0002@d"


def asked_by_default() -> list[str]:
    """Return the gates that are asked unless people chose otherwise."""
    return [gate.name for gate in gates.discover() if gate.role(Policy()) is Role.HOLDS]


def two_of_one_slot() -> Story:
    """Return a desk with two warmed challengers of one slot."""
    story = tried()
    story.hear(registered(model="v2-cloud", origin="cloud"))
    story.hear(warmed(SECOND, model="v2-cloud"))
    return story


def test_evidence_of_a_lineup_that_came_back_does_not_count_if_it_was_measured_before() -> None:
    """Shadow's lane is late: the evidence was measured before a crown that was taken back since."""
    story = tried()
    story.hear(registered(OTHER), warmed(SECOND, OTHER), direct(slot=OTHER))
    story.hear(activated(OTHER, 2, lineup="another"))
    story.hear(rollback(slot=OTHER), thaw(scope=OTHER), activated(OTHER, 3, model=BOOTSTRAP))
    assert story.state.lineup == NINE
    assert kinds(story.hear(measured(segment=1))) == []
    assert kinds(story.hear(measured(segment=2))) == []
    assert "ChampionCrowned" in kinds(story.hear(measured(segment=3)))


def test_a_challenger_that_passes_every_gate_is_crowned_beside_its_verdict() -> None:
    story = tried()
    applied = settings(promotion__min_trades="60")
    story.hear(applied)
    crowned, closed = story.hear(measured())
    assert isinstance(crowned, ChampionCrowned)
    assert (crowned.promotion, crowned.slot) == ("p-0010@d", SLOT)
    assert (crowned.model, crowned.digest) == (TRAINED, f"{SLOT} {TRAINED}")
    assert (crowned.expected, crowned.reign, crowned.how) == (BOOTSTRAP, 2, "promoted")
    assert crowned.expected_digest == f"{SLOT} {BOOTSTRAP}"
    assert (crowned.trial, crowned.k) == (TRIAL, 1)
    assert crowned.alpha == pytest.approx(1 / 220)
    assert (crowned.pairs, crowned.pairs_hash) == (400, "hash of 400")
    assert (crowned.log_evidence, crowned.log_evidence_of_segment) == (6.0, 6.0)
    assert (crowned.policy_hash, crowned.lineup) == (applied.hash, "nine")
    assert [finding.gate for finding in crowned.findings] == asked_by_default()
    assert all(finding.passed for finding in crowned.findings)
    assert (
        Finding("enough_pairs", 400.0, 60.0, 400, passed=True, advisory=False) in crowned.findings
    )
    assert closed == TrialClosed(TRIAL, SLOT, "crowned", 400, 6.0, START_MS)


def test_what_holds_a_challenger_is_said_when_it_changes() -> None:
    story = tried()
    [held] = story.hear(measured(pairs=30, log_evidence=1.0, challenger=CHAMPION))
    assert isinstance(held, ChallengerHeld)
    assert held.held_by == ("evidence", "sharpe_improvement")
    assert not held.standing
    assert [finding.gate for finding in held.findings] == asked_by_default()
    assert story.hear(measured(pairs=31, log_evidence=1.1, challenger=CHAMPION)) == []
    [held] = story.hear(measured(pairs=32, log_evidence=1.2))
    assert isinstance(held, ChallengerHeld)
    assert held.held_by == ("evidence",)


def test_a_verdict_that_says_nothing_new_is_recorded_now_and_then() -> None:
    story = tried()
    for pairs in range(1, 101):
        story.hear(measured(pairs=pairs, log_evidence=1.0))
    held = [event for event in story.said if isinstance(event, ChallengerHeld)]
    assert [event.pairs for event in held] == [1, 26, 51, 76]


@pytest.mark.parametrize("other", [{"lineup": "before"}, {"trial": "t-0099@d"}])
def test_evidence_of_another_lineup_or_a_closed_trial_is_not_judged(other: dict[str, str]) -> None:
    assert tried().hear(measured(**other)) == []  # type: ignore[arg-type] # named fields


def test_an_edge_that_has_faded_is_not_crowned() -> None:
    story = tried()
    said = story.hear(measured(log_evidence=4.0, log_evidence_max=9.0))
    assert kinds(said) == ["ChallengerHeld"]


def test_evidence_that_faded_while_the_desk_held_it_back_is_not_crowned() -> None:
    story = tried()
    story.hear(freeze(), measured(pairs=400), measured(pairs=405, log_evidence=4.0))
    assert "ChampionCrowned" not in kinds(story.hear(thaw()))


def test_while_only_the_desk_holds_it_back_every_pair_renews_the_evidence() -> None:
    story = tried()
    story.hear(freeze(), measured(pairs=400))
    [held] = story.hear(measured(pairs=401, log_evidence=6.1))
    assert isinstance(held, ChallengerHeld)
    assert held.standing
    crowned = story.hear(thaw())[2]
    assert isinstance(crowned, ChampionCrowned)
    assert (crowned.pairs, crowned.log_evidence) == (401, 6.1)


def test_of_two_ready_together_the_larger_evidence_for_its_share_is_crowned() -> None:
    story = two_of_one_slot()
    story.hear(freeze(), measured(log_evidence=6.0), measured(trial=SECOND, log_evidence=6.1))
    crowned, *closed = story.hear(thaw())[2:]
    assert isinstance(crowned, ChampionCrowned)
    assert crowned.trial == TRIAL  # 6.0 - ln 220 > 6.1 - ln 264
    reasons = {event.trial: event.reason for event in closed if isinstance(event, TrialClosed)}
    assert reasons == {TRIAL: "crowned", SECOND: "other_crowned"}
    other = two_of_one_slot()
    other.hear(freeze(), measured(log_evidence=6.0), measured(trial=SECOND, log_evidence=6.3))
    crowned = other.hear(thaw())[2]
    assert isinstance(crowned, ChampionCrowned)
    assert crowned.trial == SECOND


def test_of_two_that_pass_at_the_same_pair_the_one_heard_first_is_crowned() -> None:
    """Nothing holds them: the first verdict is a crown, and it ends the other's trial (0012)."""
    story = two_of_one_slot()
    said = story.hear(measured(log_evidence=6.0), measured(trial=SECOND, log_evidence=9.0))
    assert kinds(said) == ["ChampionCrowned", "TrialClosed", "TrialClosed"]
    crowned = said[0]
    assert isinstance(crowned, ChampionCrowned)
    assert crowned.trial == TRIAL


def test_two_alike_are_told_apart_by_the_lower_id() -> None:
    story = begun(promotion__budget__mode="per_test")
    story.hear(registered(), registered(model="v2-cloud", origin="cloud"))
    story.hear(warmed(), warmed(SECOND, model="v2-cloud"), freeze())
    story.hear(measured(trial=SECOND), measured())
    crowned = story.hear(thaw())[2]
    assert isinstance(crowned, ChampionCrowned)
    assert crowned.trial == TRIAL
    assert "of 200 challengers" in crowned.notice


def test_trials_of_other_slots_go_on_but_nobody_is_crowned_before_the_trader_followed() -> None:
    story = tried()
    story.hear(registered(slot=OTHER), warmed(SECOND, slot=OTHER), measured())
    assert list(story.state.trials) == [SECOND]
    [held] = story.hear(measured(trial=SECOND))
    assert isinstance(held, ChallengerHeld)
    assert held.held_by == ("reign_settled",)
    assert kinds(story.hear(activated(lineup="nine'"))) == ["ReignAcknowledged"]
    assert story.hear(measured(trial=SECOND, pairs=401)) == []  # the lineup before
    told = measured(trial=SECOND, pairs=402, lineup="nine'", segment=2, log_evidence_of_segment=0.0)
    [held] = story.hear(told)
    assert isinstance(held, ChallengerHeld)
    assert held.held_by == ("evidence_on_this_lineup",)
    assert "ChampionCrowned" in kinds(
        story.hear(measured(trial=SECOND, pairs=460, lineup="nine'", segment=2))
    )


@pytest.mark.parametrize("held", ["frozen", "approval"])
def test_nobody_stands_on_evidence_of_a_lineup_that_came_back(held: str) -> None:
    story = tried(promotion__auto="0" if held == "approval" else "1")
    story.hear(registered(OTHER, "v9"), warmed(SECOND, OTHER, "v9"))
    if held == "frozen":
        story.hear(freeze(scope=SLOT))
    story.hear(measured())
    story.hear(direct(slot=OTHER, model="v9"), activated(OTHER, 2, "without"))
    story.hear(rollback(slot=OTHER), activated(OTHER, 3))
    said = story.hear(thaw(scope=SLOT) if held == "frozen" else approve())
    assert "ChampionCrowned" not in kinds(said)
    assert not story.state.trials[TRIAL].ready


def test_a_trial_ends_after_its_last_pair() -> None:
    story = tried(trial__max_pairs="400")
    assert story.hear(measured(pairs=399, log_evidence=1.0))
    *_, closed = story.hear(measured(pairs=400, log_evidence=1.0))
    assert closed == TrialClosed(TRIAL, SLOT, "max_pairs", 400, 1.0, START_MS)


def test_a_crown_with_the_last_pair_is_a_crown() -> None:
    story = tried(trial__max_pairs="400")
    assert kinds(story.hear(measured(pairs=400))) == ["ChampionCrowned", "TrialClosed"]


def test_without_automatic_promotion_a_ready_challenger_waits_for_approval() -> None:
    story = tried(promotion__auto="0")
    [ready] = story.hear(measured(pairs=400))
    assert isinstance(ready, ChallengerReady)
    assert [finding.gate for finding in ready.findings if not finding.passed] == ["approved"]
    assert story.hear(Tick(START_MS + 1)) == []
    assert kinds(story.hear(measured(pairs=401))) == ["ChallengerReady"]
    said = story.hear(approve())
    assert kinds(said) == ["CommandTaken", "Approved", "ChampionCrowned", "TrialClosed"]
    crowned = said[2]
    assert isinstance(crowned, ChampionCrowned)
    assert (crowned.pairs, crowned.how) == (401, "promoted")


def test_an_approval_does_not_open_a_gate() -> None:
    story = tried(promotion__auto="0")
    story.hear(measured(pairs=400), PositionOpened("o1", START_MS))
    assert kinds(story.said[-2:]) == ["ExposureChanged", "ChallengerHeld"]
    assert kinds(story.hear(approve())) == ["CommandTaken", "Approved", "ChallengerHeld"]
    assert "ChampionCrowned" in kinds(story.hear(PositionClosed("o1", START_MS)))


def test_a_policy_that_tightens_holds_back_who_stood_ready() -> None:
    story = tried(promotion__auto="0")
    story.hear(measured(pairs=400))
    said = story.hear(settings(promotion__auto="0", promotion__min_trades="401"))
    held = said[-1]
    assert isinstance(held, ChallengerHeld)
    assert held.held_by == ("approved", "enough_pairs")
    assert BETTER.pairs == 400


def test_a_new_segment_takes_back_that_a_challenger_stood_or_was_ready() -> None:
    story = tried(promotion__auto="0")
    story.hear(measured())
    assert story.state.trials[TRIAL].ready
    story.hear(registered(OTHER, "v9"), warmed(SECOND, OTHER, "v9"))
    story.hear(direct(slot=OTHER, model="v9"), activated(OTHER, 2, "other nine"))
    trial = story.state.trials[TRIAL]
    assert (trial.ready, trial.standing_since_ms) == (False, None)
    few = measured(lineup="other nine", pairs=410, segment=2, challenger=replace(BETTER, pairs=9))
    held = story.hear(few)[-1]
    assert isinstance(held, ChallengerHeld)
    assert "enough_pairs" in held.held_by
