"""Kill and resume: who may, once, in time, for this desk; every refusal stands on record."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from kingmaker.governance.answers import CommandRefused, CommandTaken
from kingmaker.governance.orders import Signed
from kingmaker.kernel.service import Tick
from kingmaker.risk.domain import (
    Command,
    Kill,
    Message,
    ModeChanged,
    Resume,
)
from tests.people import ADA, BEN, EVE, OPAL, VIC
from tests.services.risk.desk import START_MS, Story, begun, kill, kinds, resume, sign


def refused(story: Story, message: Message) -> CommandRefused:
    """Return the refusal that was the only answer; nothing else may have changed."""
    before = story.state
    [said] = story.hear_bare(message)
    assert isinstance(said, CommandRefused)
    assert story.state == before
    return said


def test_a_kill_changes_the_mode_and_says_who_why_and_by_which_key() -> None:
    story = begun()
    taken, changed = story.hear_bare(sign(kill(flatten=True), OPAL))
    assert taken == CommandTaken(
        "k1", "Kill", "ada", "a storm", "d", OPAL.key_id, START_MS + 60_000, START_MS
    )
    assert changed == ModeChanged(
        desk="d",
        number=1,
        mode="killed",
        flatten=True,
        kill=1,
        actor="ada",
        reason="a storm",
        command_id="k1",
        key_id=OPAL.key_id,
        key_owner="opal",
        time_ms=START_MS,
    )
    assert story.state.kill == changed


def test_an_operator_stops_a_desk_and_an_admin_starts_it_again() -> None:
    story = begun()
    story.hear_bare(sign(kill(), OPAL))
    said = refused(story, sign(resume(), OPAL))
    assert said.reason == "wrong role: Resume asks for admin, opal is operator"
    _, changed = story.hear_bare(sign(resume(), BEN))
    assert isinstance(changed, ModeChanged)
    assert (changed.mode, changed.number, changed.kill) == ("normal", 2, 1)
    assert story.state.kill is None


def test_a_kill_may_be_widened_to_flatten_and_is_the_same_kill() -> None:
    story = begun()
    story.hear(kill())
    _, changed = story.hear(kill("k2", flatten=True))
    assert isinstance(changed, ModeChanged)
    assert (changed.number, changed.kill, changed.flatten) == (2, 1, True)
    assert "killed already: ada, a storm" in refused(story, sign(kill("k3", flatten=True))).reason
    assert "killed already" in refused(story, sign(kill("k4"))).reason
    story.hear(resume())
    _, again = story.hear(kill("k5"))
    assert isinstance(again, ModeChanged)
    assert (again.number, again.kill, again.flatten) == (4, 4, False)


@pytest.mark.parametrize("command", [kill(), resume()])
def test_nobody_who_may_not_changes_the_mode(command: Command) -> None:
    story = begun()
    assert refused(story, command).reason.startswith("unsigned: ")
    assert "wrong role" in refused(story, sign(command, VIC)).reason
    assert "unknown key" in refused(story, sign(command, EVE)).reason
    assert "forged" in refused(story, replace(sign(command), signature=bytes(64))).reason


def test_a_command_acts_once_and_never_late_and_on_its_own_desk_only() -> None:
    story = begun()
    story.hear(kill(), resume())
    assert "repeated" in refused(story, sign(kill())).reason
    assert "repeated" in refused(story, sign(kill(), BEN)).reason
    other = refused(story, sign(kill("k2", desk="e")))
    assert (other.reason, other.target) == ("it was signed for desk 'e', this is d", "e")
    story.hear(Tick(START_MS + 60_001))
    assert "expired" in refused(story, sign(kill("k3"))).reason


def test_a_desk_that_is_not_killed_is_not_resumed() -> None:
    assert refused(begun(), sign(resume())).reason == "d is not killed"


@pytest.mark.parametrize("empty", ["actor", "reason", "command_id"])
def test_who_and_why_are_mandatory(empty: str) -> None:
    command = replace(kill(), **{empty: ""})  # type: ignore[arg-type] # a named text
    assert "mandatory" in refused(begun(), sign(command)).reason


@pytest.mark.parametrize(
    ("signed", "reason"),
    [
        (Signed(ADA.key_id, "kingmaker.promotion.v1.Freeze", b"", b""), "no command of risk"),
        (Signed(ADA.key_id, "kingmaker.risk.v1.ModeChanged", b"", b""), "no command of risk"),
        (Signed(ADA.key_id, "kingmaker.risk.v1.Kill", b"\xff", b""), "its payload is no"),
        (Signed("k" * 999, "kingmaker.risk.v2.Kill", b"", b""), "version"),
    ],
)
def test_an_envelope_that_carries_no_command_of_risk_is_refused(
    signed: Signed, reason: str
) -> None:
    said = refused(begun(), signed)
    assert reason in said.reason
    assert len(said.key_id) <= 200


@pytest.mark.parametrize("make", [kill, resume])
def test_what_acted_is_forgotten_once_it_could_not_act_again(
    make: Callable[[str], Kill | Resume],
) -> None:
    story = begun()
    story.hear(kill("before") if make is resume else Tick(START_MS), make("x"))
    assert "x" in story.state.commands
    story.hear(Tick(START_MS + 60_001))
    now_ms, until_ms = START_MS + 60_001, START_MS + 90_000
    other = resume("y") if make is kill else kill("y")
    said = story.hear(replace(other, issued_at_ms=now_ms, not_after_ms=until_ms))
    assert kinds(said)[0] == "CommandTaken"
    assert "x" not in story.state.commands
