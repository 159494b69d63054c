"""What was checked is told to people."""

from kingmaker.runtime.cli.checked import (
    lines_of_fare,
    lines_of_leakage,
    lines_of_learners,
    lines_of_lookahead,
)

SAME = {"kind": "feature", "name": "a", "prefixes": 1200, "ok": True, "difference": None}
FIRST = {
    "symbol": "BTC",
    "open_ms": 86_400_000,
    "whole": "aabbccddeeff0011",
    "other": "ff",
    "future": "altered",
}
SOUND = {
    "name": "b",
    "trades": 841,
    "ok": True,
    "reason": "",
    "gain": 0.01,
    "error": 0.004,
    "admission": "",
    "shuffled": [-1.0, 0.5],
    "shifted": [],
    "striking": 0,
    "uses_outcomes": False,
}


def test_what_is_the_same_and_what_is_not_are_told() -> None:
    differs = {**SAME, "kind": "learner", "name": "long", "ok": False, "difference": FIRST}
    lines = list(lines_of_lookahead([SAME, differs]))
    assert lines[0] == "✓ feature  a         1,200 compared  the same"
    assert lines[1].endswith(
        "BTC 1970-01-02 00:00: aabbccddeeff with everything, ff with another future"
    )
    assert lines[-1] == "LOOKS AHEAD: long. No market shows what it used."


def test_what_could_not_be_compared_is_no_yes() -> None:
    unknown = {**SAME, "ok": False, "reason": "too few"}
    lines = list(lines_of_lookahead([unknown]))
    assert "too few" in lines[0]
    assert lines[-1] == "NOT CHECKED: a. Give more bars with --data or --bars."


def test_what_is_learned_from_nothing_is_told_beside_what_is_learned() -> None:
    lines = list(lines_of_leakage([SOUND]))
    assert lines[0] == "✓ b on 841 trades"
    assert "gain over knowing nothing +0.01 ± 0.004; worth a trial" in lines[1]
    assert "labels dealt out anew: 2 trainings, gain in standard errors -1.0 to +0.5" in lines[2]
    assert "it does not use them" in lines[4]
    assert lines[-1].startswith("Nothing leaks")


def test_a_leak_and_what_could_not_be_judged_are_named() -> None:
    leak = {**SOUND, "name": "c", "ok": False, "admission": "no gain"}
    unknown = {**SOUND, "name": "d", "ok": False, "reason": "too few"}
    lines = list(lines_of_leakage([leak, unknown]))
    assert "not worth a trial: no gain" in lines[1]
    assert "LEAKS: c. It learns from labels without meaning." in lines
    assert lines[-1] == "NOT CHECKED: d."


def test_how_strategies_fare_is_told_with_its_interval() -> None:
    mine = {
        "name": "mine",
        "own": True,
        "trades": 4,
        "won": 1,
        "net_a_trade": -0.0012,
        "sharpe": -1.0,
        "sharpe_low": -3.0,
        "sharpe_high": 1.0,
        "verdict": "not distinguishable from doing nothing",
        "days": 30,
        "against": {
            "doing nothing": {"mean": -1e-4, "low": -3e-4, "high": 1e-4, "verdict": "no verdict"},
            "buying and holding": {"mean": None, "low": None, "high": None, "verdict": "too few"},
        },
    }
    lines = list(lines_of_fare([mine, {"name": "S15", "own": False, "trades": 0}]))
    assert lines[0].startswith("▸ mine       4 trades   25% won    -12.0 bp a trade")
    assert lines[0].endswith("Sharpe -1.0 (-3.0 to +1.0)  not distinguishable from doing nothing")
    assert "mine, a day, over 30 days:" in lines
    assert "    against doing nothing       -1.0 bp (-3.0 to +1.0)  no verdict" in lines
    assert "    against buying and holding  -  too few" in lines
    assert lines[1] == "  S15   no trade"


def test_what_a_learner_is_held_against_is_told_with_units_and_intervals() -> None:
    pair = {"mean": 1e-4, "low": -1e-4, "high": 3e-4, "verdict": "no verdict"}
    few = {"mean": None, "low": None, "high": None, "verdict": "too few days to tell"}
    record = {
        "name": "mine",
        "component": "online_learning",
        "ok": False,
        "reason": "",
        "trainings": 6,
        "rows": 1_200,
        "measure": "log loss",
        "gain": {"knowing nothing": pair, "the one that ships": few},
        "net": {"doing nothing": pair},
    }
    unknown = {"name": "other", "reason": "too few trades"}
    lines = list(lines_of_learners([record, unknown]))
    assert lines[0] == (
        "● mine, in place of online_learning, after 6 trainings, on 1,200 rows that it never saw"
    )
    assert lines[1] == "    gain in log loss"
    assert lines[2].endswith("against knowing nothing     +0.0001 (-0.0001 to +0.0003)  no verdict")
    assert lines[3].endswith("against the one that ships  too few days to tell")
    assert lines[5].endswith("against doing nothing  +1 (-1 to +3)  no verdict")
    assert "● other was not judged: too few trades." in lines
