"""Commands: each acts at most once, never late, or is refused on record."""

from dataclasses import replace

import pytest

from kingmaker.kernel.service import Tick
from kingmaker.promotion.heard import Command, ModeChanged
from kingmaker.promotion.said import (
    ChampionRolledBack,
    CommandRefused,
    CommandTaken,
    Frozen,
    ModeFollowed,
    Thawed,
)
from tests.people import ADA
from tests.services.promotion.story import (
    BOOTSTRAP,
    DAY_MS,
    OTHER,
    SLOT,
    START_MS,
    TRAINED,
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
    thaw,
    tried,
    warmed,
)


def reigning() -> Story:
    """Return a desk whose first slot has had two reigns."""
    story = tried()
    story.hear(measured(), activated(reign=2))
    return story


def refusal(story: Story, command: Command) -> str:
    """Return why a command was refused."""
    [refused] = story.hear(command)
    assert isinstance(refused, CommandRefused)
    assert (refused.command_id, refused.command) == (command.command_id, type(command).__name__)
    return refused.reason


def back_in(story: Story, command_id: str = "c1", **changes: object) -> ChampionRolledBack:
    """Return the rollback that a command brought."""
    taken, back = story.hear(rollback(command_id, **changes))[:2]
    assert isinstance(taken, CommandTaken)
    assert isinstance(back, ChampionRolledBack)
    return back


@pytest.mark.parametrize(
    "command",
    [
        rollback(actor=""),
        rollback(reason=""),
        rollback(command_id=""),
        replace(freeze(), actor=""),
        replace(thaw(), reason=""),
    ],
)
def test_actor_and_reason_are_mandatory(command: Command) -> None:
    assert "mandatory" in refusal(reigning(), command)


def test_a_command_acts_once() -> None:
    story = reigning()
    story.hear(rollback())
    assert "repeated" in refusal(story, rollback())
    assert story.slot.reign == 3


def test_another_command_under_a_used_id_does_not_act() -> None:
    story = reigning()
    story.hear(freeze("c1"))
    assert "repeated" in refusal(story, rollback("c1"))


def test_a_refused_command_may_be_tried_again() -> None:
    story = begun()
    assert "nobody reigned before" in refusal(story, rollback())
    story.hear(registered(), warmed(), measured())
    assert back_in(story).to_model == BOOTSTRAP


@pytest.mark.parametrize(
    ("not_after_ms", "issued_at_ms"),
    [(START_MS + 5, START_MS), (0, START_MS - DAY_MS + 5), (START_MS + 99, START_MS + 5 - DAY_MS)],
)
def test_a_command_never_acts_late(not_after_ms: int, issued_at_ms: int) -> None:
    story = reigning()
    command = rollback(not_after_ms=not_after_ms, issued_at_ms=issued_at_ms)
    story.hear(Tick(START_MS + 6))
    assert "expired" in refusal(story, command)
    earlier = reigning()
    earlier.hear(Tick(START_MS + 5))
    assert kinds(earlier.hear(command))[0] == "CommandTaken"


def test_on_a_live_host_a_command_from_the_future_does_not_act() -> None:
    story = tried(governance__max_ahead_minutes="5")
    story.hear(measured(), activated(reign=2), Tick(START_MS))
    early = rollback(issued_at_ms=START_MS + 300_001)
    assert "from the future" in refusal(story, early)
    story.hear(Tick(START_MS + 1))
    assert kinds(story.hear(early))[0] == "CommandTaken"


def test_where_old_bars_are_played_the_time_of_people_runs_ahead() -> None:
    assert kinds(reigning().hear(rollback(issued_at_ms=START_MS + 9 * DAY_MS)))[0] == "CommandTaken"


def test_an_id_is_forgotten_only_when_it_would_be_refused_as_expired() -> None:
    story = reigning()
    story.hear(Tick(START_MS), rollback("c1", not_after_ms=START_MS + 10))
    story.hear(Tick(START_MS + 10))
    assert "repeated" in refusal(story, rollback("c1", not_after_ms=START_MS + 10))
    story.hear(Tick(START_MS + 11), rollback("c2"))
    assert list(story.state.commands) == ["c2"]
    assert "expired" in refusal(story, rollback("c1", not_after_ms=START_MS + 10))


def test_a_rollback_by_hand_gives_the_crown_back_and_freezes_the_slot() -> None:
    story = reigning()
    taken, back, frozen = story.hear(rollback())
    assert taken == CommandTaken(
        "c1", "Rollback", "ada", START_MS + DAY_MS, START_MS, ADA.key_id, "losses", SLOT, ""
    )
    assert isinstance(back, ChampionRolledBack)
    assert (back.slot, back.from_model, back.to_model) == (SLOT, TRAINED, BOOTSTRAP)
    assert (back.reign, back.trigger, back.command_id) == (3, "person", "c1")
    assert (back.actor, back.reason, back.key_id) == ("ada", "losses", ADA.key_id)
    assert frozen == Frozen(SLOT, "ada", "losses", "p-0010@d", "c1", START_MS, ADA.key_id, "ada")


def test_a_second_rollback_undoes_the_first() -> None:
    story = reigning()
    story.hear(rollback("c1"), activated(reign=3, model=BOOTSTRAP))
    back = back_in(story, "c2")
    assert (back.to_model, back.reign) == (TRAINED, 4)


def test_a_rollback_is_blocked_by_nothing() -> None:
    story = tried()
    story.hear(measured(), freeze())  # frozen, and the reign is not acknowledged
    assert back_in(story).to_model == BOOTSTRAP
    assert back_in(story, "c2").to_model == TRAINED  # nor is that one


def test_a_rollback_may_name_an_older_version() -> None:
    story = reigning()
    story.hear(registered(model="v1.2.0-trained"))
    story.hear(warmed("t-0002@d", model="v1.2.0-trained"), measured(trial="t-0002@d"))
    back = back_in(story, to_version=BOOTSTRAP)
    assert (back.from_model, back.to_model) == ("v1.2.0-trained", BOOTSTRAP)
    assert back.to_digest == f"{SLOT} {BOOTSTRAP}"


def test_a_rollback_ends_the_trials_of_its_slot_only() -> None:
    story = reigning()
    story.hear(registered(model="v1.2.0-trained"), registered(slot=OTHER))
    assert kinds(story.hear(rollback())) == [
        "CommandTaken",
        "ChampionRolledBack",
        "TrialClosed",
        "Frozen",
    ]
    assert [trial.slot for trial in story.state.trials.values()] == [OTHER]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"slot": "online_learning@elsewhere"}, "not a slot of d"),
        ({"expected_champion": BOOTSTRAP}, f"expected_champion: {TRAINED} reigns"),
        ({"to_version": "v9"}, "v9 was never crowned in this slot"),
        ({"to_version": TRAINED}, "reigns already"),
    ],
)
def test_a_rollback_that_cannot_be_is_refused(changes: dict[str, object], reason: str) -> None:
    story = reigning()
    assert reason in refusal(story, rollback(**changes))  # type: ignore[arg-type] # named fields
    assert story.slot.reign == 2


def test_a_rollback_that_expects_who_reigns_acts() -> None:
    assert back_in(reigning(), expected_champion=TRAINED).to_model == BOOTSTRAP


def test_a_freeze_is_answered_with_the_last_coronation_before_it() -> None:
    story = reigning()
    _, frozen = story.hear(freeze())
    assert frozen == Frozen("desk", "ada", "storm", "p-0010@d", "f1", START_MS, ADA.key_id, "ada")
    _, frozen = story.hear(freeze("f2", OTHER))
    assert isinstance(frozen, Frozen)
    assert frozen.last_promotion == story.state.slots[OTHER].last_promotion != "p-0010@d"


def test_thaw_ends_what_it_names_and_nothing_else() -> None:
    story = reigning()
    story.hear(freeze("f1"), freeze("f2", SLOT))
    _, thawed = story.hear(thaw("t1", SLOT))
    assert thawed == Thawed(SLOT, "ada", "calm", "t1", START_MS, ADA.key_id)
    assert story.state.frozen == {"desk"}


@pytest.mark.parametrize(
    ("first", "command", "reason"),
    [
        ((), thaw(), "desk is not frozen"),
        ((freeze(),), freeze("f2"), "desk is frozen already"),
        ((), freeze(scope="the world"), "neither 'desk' nor a slot"),
        ((), approve(trial="t-0099@d"), "not an open trial"),
    ],
)
def test_what_makes_no_sense_is_refused(
    first: tuple[Command, ...], command: Command, reason: str
) -> None:
    story = reigning()
    story.hear(*first)
    assert reason in refusal(story, command)


def test_a_challenger_that_is_not_ready_cannot_be_approved() -> None:
    story = tried(promotion__auto="0")
    story.hear(measured(log_evidence=1.0))
    assert "not ready" in refusal(story, approve())


def test_only_a_warmed_challenger_is_promoted_directly() -> None:
    story = begun()
    story.hear(registered())
    assert "not a warmed challenger" in refusal(story, direct())
    story.hear(warmed())
    assert "expected_champion" in refusal(story, direct("d2", expected_champion="v9"))
    assert kinds(story.hear(direct("d3"))) == ["CommandTaken", "ChampionCrowned", "TrialClosed"]


@pytest.mark.parametrize("scope", ["desk", SLOT])
def test_a_freeze_blocks_direct_promotion(scope: str) -> None:
    story = tried()
    story.hear(freeze(scope=scope))
    assert "frozen" in refusal(story, direct())


def test_a_direct_promotion_waits_for_the_trader_and_can_be_forbidden() -> None:
    story = tried()
    story.hear(registered(slot=OTHER), warmed("t-0002@d", OTHER), direct())
    assert "has not followed" in refusal(story, direct("d2", slot=OTHER))
    assert "promotion.direct is 0" in refusal(tried(promotion__direct="0"), direct())


def test_a_kill_blocks_direct_promotion_until_resume_and_no_thaw_ends_it() -> None:
    story = tried()
    [followed] = story.hear(ModeChanged(1, "killed", START_MS))
    assert followed == ModeFollowed(1, "killed", story.state.last_promotion, START_MS)
    assert "killed: resume first" in refusal(story, direct())
    assert "neither 'desk' nor a slot" in refusal(story, thaw(scope="kill"))
    story.hear(freeze(), thaw())
    assert "killed: resume first" in refusal(story, direct("d2"))
    story.hear(ModeChanged(2, "normal", START_MS))
    assert "ChampionCrowned" in kinds(story.hear(direct("d3")))


def test_a_kill_blocks_no_rollback() -> None:
    story = reigning()
    story.hear(ModeChanged(1, "killed", START_MS))
    assert back_in(story).to_model == BOOTSTRAP
