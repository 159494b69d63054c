"""What promotion learns from its own events."""

from kingmaker.kernel import snapshot
from kingmaker.promotion.domain import State, Version
from kingmaker.promotion.evolution import evolve, fold
from kingmaker.promotion.said import CandidateRefused, CommandTaken
from tests.services.promotion.story import (
    BOOTSTRAP,
    SLOT,
    TRAINED,
    activated,
    measured,
    rollback,
    tried,
)


def test_a_crown_makes_the_champion_before_the_predecessor() -> None:
    story = tried()
    story.hear(measured())
    old, new = Version(BOOTSTRAP, f"{SLOT} {BOOTSTRAP}"), Version(TRAINED, f"{SLOT} {TRAINED}")
    assert (story.slot.champion, story.slot.predecessor) == (new, old)
    assert story.slot.history == (old, new)
    story.hear(activated(reign=2), rollback())
    assert (story.slot.champion, story.slot.predecessor) == (old, new)
    assert story.slot.history == (new, old)  # in order of the last crown, each once


def test_only_what_is_promoted_by_evidence_raises_the_budget() -> None:
    story = tried()
    assert story.state.budget.crowned == 0
    story.hear(measured())
    assert story.state.budget.crowned == 1


def test_a_notice_changes_nothing() -> None:
    story = tried()
    assert evolve(story.state, CandidateRefused(SLOT, "v9", "same bytes", 0)) == story.state


def test_ids_of_commands_are_dropped_when_they_have_expired() -> None:
    taken = [
        CommandTaken(f"c{n}", "Freeze", "ada", n + 5, n, "key", "storm", "desk", "")
        for n in range(20)
    ]
    assert list(fold(State("d"), taken).commands) == [f"c{n}" for n in range(14, 20)]


def test_learning_in_pieces_is_learning_at_once() -> None:
    story = tried()
    story.hear(measured(), activated(reign=2), rollback())
    for cut in range(len(story.said)):
        middle = fold(State("d"), story.said[:cut])
        again = snapshot.decode(State, snapshot.encode(middle))
        assert fold(again, story.said[cut:]) == story.state
