"""What a run came to, in figures and in plain words."""

from typing import Any

from kingmaker.runtime.summary import collect, words

SLOT = "online_learning@main"
COUNTS = {"bars": 10, "gaps": 1, "bars_missing": 2, "opportunities": 5, "trades": 4, "pairs": 3}


def lineup(since_ms: int, **figures: float) -> dict[str, Any]:
    zero = {"resolved": 0, "taken": 0, "won": 0, "net": 0.0, "left_alone_net": 0.0}
    return {"desk": "main", "since_ms": since_ms, **zero, **figures}


def figures(**tables: list[dict[str, Any]]) -> dict[str, Any]:
    found = {"desks": [{"desk": "main", **COUNTS}], **tables}
    return collect(
        lambda statement: found.get(statement.split("FROM ")[1].split()[0], []), ["main"]
    )


CROWN = {
    "desk": "main",
    "slot": SLOT,
    "model": "v2",
    "how": "promoted",
    "log_evidence": 5.5,
    "pairs": 400,
    "activated_ms": 100,
    "since_ms": 100,
}


def test_without_a_trial_it_says_why() -> None:
    (nobody,) = words(figures())
    assert nobody == "main: nobody earned the crown. Too few trades were closed to learn from."
    reason = {"desk": "main", "candidate": 0, "reason": "gain too small"}
    (refused,) = words(figures(trainings=[reason, {**reason, "reason": "gain too small"}]))
    assert refused.endswith("2 trainings, no candidate: gain too small.")


def test_a_trial_without_a_crown_is_an_honest_refusal() -> None:
    trial = {
        "desk": "main",
        "trial": "t-0001@main",
        "slot": SLOT,
        "challenger": "v2",
        "log_evidence": -1.0,
        "log_threshold": 5.39,
        "pairs": 437,
        "held_by": "evidence",
    }
    (told,) = words(figures(trials=[trial]))
    assert "t-0001, online_learning v2: E = 0.368 of 219 after 437 pairs, held by evidence." in told


def test_a_crown_is_told_by_what_was_taken_and_what_was_left_alone() -> None:
    before = lineup(0, resolved=100, taken=100, won=40, net=-0.2)
    after = lineup(100, resolved=200, taken=20, won=12, net=0.004, left_alone_net=-0.36)
    crowned, honest = words(figures(reigns=[CROWN], lineups=[before, after]))
    assert "earned the crown (E = 245 after 400 pairs)" in crowned
    assert "took 100% of its signals at -20.0 bp a trade" in crowned
    assert "since then 10% at +2.0 bp" in crowned
    assert "would have returned -20.0 bp each" in crowned
    assert "Sum since the coronation: +0.4 % of the capital base." in crowned
    assert honest.startswith("A better model is not yet a profitable one")


def test_a_crown_by_command_claims_nothing() -> None:
    told, _ = words(figures(reigns=[{**CROWN, "how": "direct"}]))
    assert "was crowned by command, without evidence" in told


def test_coronations_and_rollbacks_are_counted_apart() -> None:
    found = figures(reigns=[CROWN, {**CROWN, "how": "rollback"}])
    assert (found["coronations"], found["rollbacks"], found["trials"]) == (1, 1, 0)
    assert (found["bars"], found["bars_missing"]) == (10, 2)
