"""Challengers on trial."""

from kingmaker.runtime.home import Home
from tests.runtime.cli.conftest import Call


def test_a_trial_that_is_none_is_refused_with_those_that_are(call: Call, on_trial: Home) -> None:
    called = call("trial", "explain", "t-9", home=on_trial)
    assert called.code == 2
    assert "Trials: t-0001@smoke" in called.err


def test_a_closed_gate_ends_with_3_and_names_every_gate(call: Call, on_trial: Home) -> None:
    called = call("trial", "explain", "t-0001", home=on_trial)
    assert called.code == 3
    assert "v1.1.0-converted is NOT promoted on online_learning@smoke" in called.out
    found = call("trial", "explain", "t-0001", "-o", "json", home=on_trial).json
    assert "evidence" in found["closed"]
    for gate in found["gates"]:
        assert {"value", "threshold", "n", "event"} <= set(gate)
        assert gate["event"].startswith("km.promotion.v1/0/")
        assert gate["gate"] in called.out


def test_a_crowned_challenger_ends_with_0(call: Call, crowned: Home) -> None:
    called = call("trial", "explain", "t-0001@smoke", home=crowned)
    assert called.code == 0
    assert "was crowned" in called.out
    assert "kingmaker audit p-" in called.out


def test_trials_are_listed_with_their_evidence(call: Call, on_trial: Home) -> None:
    (found,) = call("trial", "ls", "-o", "json", home=on_trial).json
    assert (found["trial"], found["state"], found["told_state"]) == ("t-0001@smoke", "open", "open")
    assert found["pairs"] > 0
    assert call("trial", "ls", "other", "-o", "json", home=on_trial).json == []


def test_a_trial_shows_its_budget(call: Call, on_trial: Home) -> None:
    found = call("trial", "show", "t-0001", "-o", "json", home=on_trial).json
    assert (found["k"], round(found["alpha"], 5)) == (1, 0.00455)
    assert "log_threshold" in call("trial", "show", "t-0001", home=on_trial).out
