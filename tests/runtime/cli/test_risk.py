"""Kill, resume and mode on a real home; how the account fares: tests/scenarios/test_kill.py."""

from kingmaker.runtime.cli.exits import Exit
from kingmaker.runtime.home import Home
from tests.runtime.cli.conftest import Call

WHY = ("--reason", "a storm", "--actor", "ada", "-o", "json")


def test_a_kill_is_answered_by_its_record_and_those_at_which_both_follow(
    call: Call, own: Home
) -> None:
    assert call("risk", "mode", "-o", "json", home=own).json[0]["mode"] == "normal"
    [killed] = call("risk", "kill", *WHY, home=own).json
    assert (killed["desk"], killed["mode"], killed["actor"]) == ("smoke", "killed", "ada")
    assert killed["event"].startswith("km.risk.v1/0/")
    assert killed["trader_event"].startswith("km.trader.v1/0/")
    assert killed["promotion_event"].startswith("km.promotion.v1/0/")
    shown = call("risk", "mode", "-o", "json", home=own)
    assert shown.code == Exit.NO
    assert {key: shown.json[0][key] for key in killed} == killed


def test_resume_ends_it_and_both_stand_among_the_commands(call: Call, own: Home) -> None:
    call("risk", "kill", "smoke", *WHY, home=own)
    called = call("risk", "resume", "--reason", "calm", "--actor", "ben", home=own)
    assert called.code == 0
    assert "normal" in called.out
    assert call("risk", "mode", home=own).code == 0
    listed = call("command", "ls", "taken", "-o", "json", home=own).json
    names = [(row["command"], row["actor"], row["target"]) for row in listed]
    assert names[-2:] == [("Kill", "ada", "smoke"), ("Resume", "ben", "smoke")]


def test_a_second_kill_says_so_and_flatten_may_follow(call: Call, own: Home) -> None:
    call("risk", "kill", *WHY, home=own)
    again = call("risk", "kill", *WHY, home=own)
    assert again.code == 1
    assert "every desk is killed already" in again.err
    [flat] = call("risk", "kill", "--flatten", *WHY, home=own).json
    assert flat["flatten"]
    assert call("risk", "kill", "smoke", "--flatten", *WHY, home=own).code == 1


def test_nothing_to_resume_is_said(call: Call, own: Home) -> None:
    called = call("risk", "resume", "--reason", "x", home=own)
    assert called.code == Exit.REFUSED
    assert "no desk is killed" in called.err
    assert "smoke is not killed" in call("risk", "resume", "smoke", *WHY, home=own).err


def test_a_desk_that_there_is_not_and_a_reason_that_is_missing(call: Call, own: Home) -> None:
    called = call("risk", "kill", "gold", *WHY, home=own)
    assert called.code == Exit.USAGE
    assert "no desk is called 'gold'. Name one of: smoke" in called.err
    refused = call("risk", "kill", "--reason", "", home=own)
    assert refused.code == Exit.REFUSED
    assert "mandatory" in refused.err


def test_an_operator_kills_and_does_not_resume(call: Call, own: Home) -> None:
    call("key", "new", "opal", "--role", "operator", "--reason", "the night", home=own)
    key = ("--key", str(own.path / "keys" / "opal.pem"))
    assert call("risk", "kill", *WHY, *key, home=own).code == 0
    refused = call("risk", "resume", *WHY, *key, home=own)
    assert refused.code == Exit.REFUSED
    assert "wrong role: Resume asks for admin, opal is operator" in refused.err
    listed = call("command", "ls", "refused", "-o", "json", home=own).json
    assert (listed[-1]["command"], listed[-1]["owner"]) == ("Resume", "opal")
