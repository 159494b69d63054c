"""The file KILL kills, once; only a person resumes, and only once it is gone."""

from kingmaker.governance.answers import CommandRefused
from kingmaker.risk.domain import (
    KillFileFound,
    KillFileGone,
    KillFileNoted,
    ModeChanged,
)
from tests.services.risk.desk import START_MS, begun, kill, kinds, resume

FOUND, GONE = KillFileFound("a flood"), KillFileGone()


def test_it_kills_by_itself_and_says_so() -> None:
    story = begun()
    noted, changed = story.hear(FOUND)
    assert noted == KillFileNoted(found=True, text="a flood", time_ms=START_MS)
    assert isinstance(changed, ModeChanged)
    assert (changed.mode, changed.actor, changed.reason) == ("killed", "the file KILL", "a flood")
    assert (changed.key_id, changed.key_owner, changed.command_id) == ("", "", "")
    assert story.hear(FOUND) == [], "it is told again at every start"


def test_a_file_without_a_word_is_reason_enough() -> None:
    _, changed = begun().hear(KillFileFound(""))
    assert isinstance(changed, ModeChanged)
    assert changed.reason == "it lies in the home"


def test_nobody_resumes_while_it_lies_there_and_its_end_resumes_nothing() -> None:
    story = begun()
    story.hear(FOUND)
    [refused] = story.hear(resume())
    assert isinstance(refused, CommandRefused)
    assert refused.reason == "the file KILL lies in the home: remove it first"
    assert kinds(story.hear(GONE)) == ["KillFileNoted"]
    assert story.state.kill is not None
    assert kinds(story.hear(resume())) == ["CommandTaken", "ModeChanged"]
    assert kinds(story.hear(FOUND)) == ["KillFileNoted", "ModeChanged"]


def test_a_desk_that_is_killed_already_is_not_killed_again() -> None:
    story = begun()
    story.hear(kill())
    assert kinds(story.hear(FOUND)) == ["KillFileNoted"]
    _, flat = story.hear(kill("k2", flatten=True))
    assert isinstance(flat, ModeChanged)
    assert (flat.number, flat.kill) == (2, 1)


def test_a_home_without_it_is_told_nothing() -> None:
    assert begun().hear(GONE) == []
