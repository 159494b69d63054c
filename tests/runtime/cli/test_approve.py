"""Approve and veto: what a person decides about a challenger, and what is no time."""

import pytest

from kingmaker.runtime.cli.approve import milliseconds
from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.home import Home
from tests.runtime.cli.conftest import Call

WHY = ("--reason", "a test")


@pytest.fixture
def open_trial(call: Call, own_trial: Home) -> str:
    [trial] = call("trial", "ls", "-o", "json", home=own_trial).json
    return str(trial["trial"])


def test_a_veto_with_an_end_holds_the_trial_and_one_without_closes_it(
    call: Call, own_trial: Home, open_trial: str
) -> None:
    held = call("veto", open_trial, "--for", "12h", *WHY, "-o", "json", home=own_trial)
    assert held.code == Exit.DONE, held.err
    assert held.json["kind"] == "Vetoed"
    until = call("veto", open_trial, "--until", "2099-01-01", *WHY, home=own_trial)
    assert "held until 2099-01-01 00:00" in until.out
    closed = call("veto", open_trial, *WHY, home=own_trial)
    assert closed.code == Exit.DONE, closed.err
    assert "is closed: veto" in closed.out
    [trial] = call("trial", "ls", "-o", "json", home=own_trial).json
    assert (trial["state"], trial["reason"]) == ("closed", "veto")


def test_where_nobody_is_asked_nobody_approves(
    call: Call, own_trial: Home, open_trial: str
) -> None:
    refused = call("approve", open_trial, *WHY, home=own_trial)
    assert refused.code == Exit.REFUSED
    assert "nobody is asked" in refused.err


def test_where_nobody_waits_nobody_is_replaced(
    call: Call, own_trial: Home, open_trial: str
) -> None:
    refused = call("trial", "replace", open_trial, *WHY, home=own_trial)
    assert refused.code == Exit.REFUSED
    assert "nobody waits" in refused.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("veto", "t-9", *WHY), "no trial is called"),
        (("approve", "t-9", *WHY), "no trial is called"),
        (("trial", "replace", "t-9", *WHY), "no trial is called"),
        (("veto", "t-0001", "--for", "1h", "--until", "2099-01-01", *WHY), "not both"),
        (("veto", "t-0001", "--until", "soon", *WHY), "is no moment"),
        (("veto", "t-0001", "--for", "soon", *WHY), "is no time"),
    ],
)
def test_what_makes_no_sense_is_said(
    call: Call, on_trial: Home, words: tuple[str, ...], said: str
) -> None:
    told = call(*words, home=on_trial)
    assert told.code == Exit.USAGE
    assert said in told.err


def test_a_time_has_a_unit() -> None:
    assert [milliseconds(text) for text in ("90m", "12h", "3d")] == [
        5_400_000,
        43_200_000,
        259_200_000,
    ]
    for text in ("", "h", "-1h", "1", "1s", "1.5h", "9999999d"):
        with pytest.raises(CommandError):
            milliseconds(text)
