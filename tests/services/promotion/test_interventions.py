"""What people may do to a trial: approve, veto, replace."""

from kingmaker.kernel.service import Tick
from kingmaker.promotion.said import Approved, ChallengerHeld, TrialClosed, Vetoed
from tests.people import ADA
from tests.services.promotion.story import (
    MINUTE_MS,
    SLOT,
    START_MS,
    TRIAL,
    approve,
    direct,
    freeze,
    kinds,
    measured,
    refusal_of,
    registered,
    replace_trial,
    thaw,
    tried,
    veto,
    warmed,
)

HOUR_MS = 60 * MINUTE_MS


def test_a_veto_closes_the_trial() -> None:
    taken, closed = tried().hear(veto())
    assert kinds([taken]) == ["CommandTaken"]
    assert isinstance(closed, TrialClosed)
    assert (closed.trial, closed.reason) == (TRIAL, "veto")


def test_a_veto_with_an_end_holds_the_trial_until_then_and_opens_by_itself() -> None:
    story = tried()
    _, vetoed = story.hear(veto(until_ms=START_MS + HOUR_MS))
    assert vetoed == Vetoed(
        TRIAL, START_MS + HOUR_MS, "ada", "too soon", "v1", START_MS, ADA.key_id
    )
    [held] = story.hear(measured())
    assert isinstance(held, ChallengerHeld)
    assert (held.held_by, held.standing) == (("not_vetoed",), True)
    assert story.hear(Tick(START_MS + HOUR_MS - 1)) == []
    assert kinds(story.hear(Tick(START_MS + HOUR_MS))) == ["ChampionCrowned", "TrialClosed"]


def test_a_veto_holds_against_a_promotion_by_command_too() -> None:
    story = tried()
    story.hear(veto(until_ms=START_MS + HOUR_MS))
    assert "vetoed until" in refusal_of(story.hear(direct()))
    assert "ChampionCrowned" in kinds(story.hear(Tick(START_MS + HOUR_MS), direct("d2")))


def test_a_later_veto_replaces_the_earlier() -> None:
    story = tried()
    story.hear(veto("v1", until_ms=START_MS + HOUR_MS), measured())
    story.hear(veto("v2", until_ms=START_MS + MINUTE_MS))
    assert "ChampionCrowned" in kinds(story.hear(Tick(START_MS + MINUTE_MS)))


def test_a_veto_that_ends_before_it_begins_is_refused() -> None:
    assert "until_ms" in refusal_of(tried().hear(veto(until_ms=START_MS)))
    assert "not an open trial" in refusal_of(tried().hear(veto(trial="t-9")))


def test_an_approval_given_while_the_desk_is_frozen_holds_for_its_time() -> None:
    for after_ms, crowned in ((HOUR_MS, True), (HOUR_MS + 1, False)):
        story = tried(promotion__auto="0", promotion__approval_minutes="60")
        story.hear(freeze(), measured())
        _, approved, _ = story.hear(approve())  # and the verdict, held by the freeze alone
        assert isinstance(approved, Approved)
        assert (approved.until_ms, approved.key_id) == (START_MS + HOUR_MS, ADA.key_id)
        story.hear(Tick(START_MS + after_ms))
        said = kinds(story.hear(thaw()))
        assert ("ChampionCrowned" in said) is crowned
        assert ("ChallengerReady" in said) is not crowned


def test_only_who_has_the_evidence_can_be_approved_and_only_where_people_are_asked() -> None:
    story = tried(promotion__auto="0")
    story.hear(measured(log_evidence=1.0))
    assert "gates on its evidence" in refusal_of(story.hear(approve()))
    story = tried()
    story.hear(freeze(), measured())
    assert "nobody is asked" in refusal_of(story.hear(approve()))


def test_a_trial_gives_its_place_to_the_best_who_waits() -> None:
    story = tried()
    story.hear(registered(model="v2", gain=0.1))
    assert [one.model for one in story.state.waiting] == ["v2"]
    said = story.hear(replace_trial())
    assert kinds(said) == ["CommandTaken", "TrialClosed", "TrialOpened"]
    assert said[1].reason == "replaced"  # type: ignore[union-attr] # the kinds say which it is
    [trial] = story.state.trials_of(SLOT)
    assert trial.challenger.model == "v2"
    story.hear(warmed("t-0002@d", model="v2"))
    assert "ChampionCrowned" in kinds(story.hear(measured(trial="t-0002@d")))


def test_where_nobody_waits_or_may_come_nobody_is_replaced() -> None:
    assert "nobody waits" in refusal_of(tried().hear(replace_trial()))
    story = tried()
    story.hear(registered(model="v2"), freeze())
    assert "nobody waits" in refusal_of(story.hear(replace_trial()))
    assert TRIAL in story.state.trials
