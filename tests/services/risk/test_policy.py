"""Risk's settings: one limit, and commands from the future are refused where it is set."""

from dataclasses import replace

import pytest

from kingmaker.governance.answers import CommandRefused
from kingmaker.risk.domain import ApplyPolicy, PolicyApplied
from kingmaker.risk.policy import MAX_AHEAD, Policy, from_values
from tests.services.risk.desk import START_MS, begun, kill, kinds


def test_without_a_word_nothing_is_compared() -> None:
    assert from_values({}) == Policy(0)
    assert from_values({MAX_AHEAD: "5"}) == Policy(300_000)


@pytest.mark.parametrize("text", ["soon", "-1", "1441", "nan", "inf"])
def test_what_makes_no_sense_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=rf"{MAX_AHEAD}='{text}': give a number from 0 to 1440"):
        from_values({MAX_AHEAD: text})


def test_a_command_from_the_future_is_refused_where_there_is_a_limit() -> None:
    story = begun()
    ahead_ms = START_MS + 300_001
    command = replace(kill(), issued_at_ms=ahead_ms, not_after_ms=ahead_ms)
    applied = ApplyPolicy("h", {MAX_AHEAD: "5"}, "ada")
    assert story.hear(applied, applied) == [PolicyApplied("h", {MAX_AHEAD: "5"}, "ada")]
    [refused] = story.hear(command)
    assert isinstance(refused, CommandRefused)
    assert refused.reason.startswith("from the future")
    near = replace(command, issued_at_ms=ahead_ms - 1)
    assert kinds(story.hear(near)) == ["CommandTaken", "ModeChanged"]


def test_settings_that_make_no_sense_change_nothing() -> None:
    story = begun()
    [refused] = story.hear(ApplyPolicy("h", {MAX_AHEAD: "soon"}))
    assert isinstance(refused, CommandRefused)
    assert (refused.command, story.state.policy) == ("ApplyPolicy", Policy(0))


@pytest.mark.parametrize(
    ("key", "text", "allowed"),
    [
        ("guard.enabled", "yes", "one of 0, 1"),
        ("guard.paused_losses", "51", "a whole number from 0 to 50"),
        ("guard.reduced_drawdown", "5", "a number from 0 to 1"),
        ("drift.enabled", "on", "one of 0, 1"),
        ("drift.rule", "psi", "one of log_kl, kl_raw"),
        ("drift.sigmas", "-1", "a number from 0 to 100"),
    ],
)
def test_what_brakes_go_by_is_named_where_it_makes_no_sense(
    key: str, text: str, allowed: str
) -> None:
    with pytest.raises(ValueError, match=f"{key}='{text}': give {allowed}"):
        from_values({key: text})
