"""Challengers on trial."""

import sqlite3

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


def test_who_waits_is_listed_with_count_target_and_what_admits_it(call: Call, own: Home) -> None:
    call("trial", "ls", home=own)
    with sqlite3.connect(own.views) as db:
        db.execute(
            "INSERT INTO candidates (slot, model, desk, origin, state, reason, count, target,"
            " until) VALUES ('cvar_ppo@smoke', 'v1.9.0-trained', 'smoke', 'trained', 'waiting',"
            " 'closed_trades', 12, 50, 'the desk closes trades')"
        )
    listed = call("trial", "ls", home=own).out
    assert "waits: closed_trades 12/50" in listed
    assert "the desk closes trades" in listed
    found = call("trial", "ls", "-o", "json", home=own).json
    assert (found[-1]["trial"], found[-1]["challenger"]) == (None, "v1.9.0-trained")
    status = call("status", home=own).out
    assert "WAITS FOR" in status
    assert "v1.9.0-trained" in status
    waiting = call("status", "-o", "json", home=own).json["waiting"]
    assert [(row["count"], row["target"]) for row in waiting] == [(12, 50)]


def test_budget_segment_and_claims_are_explained(call: Call, on_trial: Home) -> None:
    told = call("trial", "explain", "t-0001", home=on_trial).out
    assert "Budget: test k = 1" in told
    assert "(e_lond, N = 10, alpha = 0.05), R = 0" in told
    assert "Segment 1," in told
    assert "Had the challenger been no better" in told
    assert "What would change this" in told
