"""What a person is told of a verdict."""

import math
from typing import Any

import pytest

from kingmaker.runtime.cli.explaining import explained, holds

TRIAL: dict[str, Any] = {
    "trial": "t-0001@btc",
    "slot": "online_learning@btc",
    "challenger": "v1.1.0-trained",
    "state": "open",
    "reason": None,
    "verdict": "held",
    "verdict_pairs": 400,
    "verdict_ms": 1_700_000_000_000,
    "verdict_event": "km.promotion.v1/0/9",
    "promotion": None,
    "notice": "",
    "pairs": 412,
    "log_evidence": math.log(50),
    "log_evidence_max": math.log(60),
    "log_threshold": math.log(220),
    "log_evidence_at_segment": math.log(10),
    "log_evidence_of_segment": math.log(5),
    "segment": 2,
    "segment_pairs": 112,
    "segment_ms": 1_690_000_000_000,
    "k": 1,
    "alpha": 1 / 220,
    "gamma": 10 / 110,
    "crowned_before": 0,
    "mode": "e_lond",
    "p_max": 0.05,
    "bound": 10.0,
    "window_start_ms": 1_680_000_000_000,
    "window_tests": 10,
    "window_alpha": 0.05,
    "max_pairs": 5_000,
}


def gate(name: str, value: float, threshold: float, *, passed: bool, advisory: bool = False) -> Any:  # noqa: ANN401 - a row
    """Return what the views hold of a gate."""
    figures = {"gate": name, "value": value, "threshold": threshold, "n": 412}
    return {**figures, "passed": int(passed), "advisory": int(advisory), "event": "km.p/0/9"}


EVIDENCE = gate("evidence", math.log(50), math.log(220), passed=False)
LINEUP = gate("evidence_on_this_lineup", math.log(5), math.log(20), passed=False)
FEW = gate("min_taken", 11, 20, passed=False)
WIN = gate("win_rate", 0.5, 0.4, passed=True)


def text(*gates: Any, **changes: Any) -> str:  # noqa: ANN401 - rows
    """Return what is told of the trial."""
    return "\n".join(explained({**TRIAL, **changes}, gates))


def test_evidence_budget_and_segment_are_told() -> None:
    told = text(EVIDENCE, WIN)
    assert "v1.1.0-trained is NOT promoted on online_learning@btc. 1 of 2 gates pass." in told
    assert "E = 50, needs 220; highest so far 60" in told
    assert "  ● evidence, ln  value        3.912  threshold        5.394" in told
    assert (
        "Segment 2, 112 pairs from pair 301 on, since 2023-07-22 04:26: E was 10 at its start;"
        " the present lineup alone shows 5, needs 20." in told
    )
    assert "test k = 1 of the window since" in told
    assert "(e_lond, N = 10, alpha = 0.05), R = 0 crowned in it before; gamma = 0.09091" in told
    assert "alpha_k = 0.00455, at most p_max = 0.05" in told


@pytest.mark.parametrize(
    ("passed", "words"), [(False, "evidence as strong as it needs"), (True, "evidence this strong")]
)
def test_the_two_claims_are_told_in_the_words_of_the_specification(
    passed: bool,  # noqa: FBT001 - a table
    words: str,
) -> None:
    told = text({**EVIDENCE, "passed": int(passed)}, {**LINEUP, "passed": int(passed)})
    assert (
        f"Had the challenger been no better, {words} would ever appear with probability at most"
        " alpha_k = 0.00455; this was test 1 of the window; limits of the claim: block losses"
        " within 10 scale units." in told
    )
    assert (
        f"Had it been no better on this lineup, {words} since the lineup changed would appear with"
        " probability at most p_max = 0.05." in told
    )


def test_a_gate_that_advises_is_shown_and_holds_nobody() -> None:
    advises = {**EVIDENCE, "advisory": 1}
    assert holds(EVIDENCE)
    assert not holds(advises)
    told = text(advises, WIN, notice="naive_t: not valid under peeking")
    assert "1 of 1 gates pass" in told
    assert "○ evidence" in told
    assert "advises only" in told
    assert "NOTICE: naive_t: not valid under peeking." in told
    assert "promises no bound" in told
    assert "Had the challenger" not in told


def test_what_would_change_the_verdict_is_told_of_every_gate_that_holds() -> None:
    frozen = gate("not_frozen", 1, 0, passed=False)
    told = text(EVIDENCE, LINEUP, FEW, WIN, frozen)
    assert "  evidence: E grows from 50 to 220" in told
    assert "  evidence_on_this_lineup: E grows from 5 to 20" in told
    assert "  min_taken: 11 now, 20 is asked" in told
    assert "  not_frozen: a thaw by a person" in told
    assert "  win_rate" not in told.partition("What would change")[2]
    assert "after 4,588 more pairs (trial.max_pairs)" in told


def test_who_is_ready_waits_for_a_person_and_who_is_new_for_a_pair() -> None:
    assert "an approval by a person" in text(WIN, verdict="ready")
    new = text(verdict=None, verdict_event=None, log_evidence=None, pairs=None)
    assert "No verdict yet." in new
    assert "a first counted pair" in new


def test_a_crown_and_a_closed_trial_are_final() -> None:
    crowned = text(WIN, verdict="crowned", promotion="p-0010@btc", state="closed")
    assert "was crowned" in crowned
    assert "Recompute it: kingmaker audit p-0010@btc" in crowned
    assert "The trial is closed (fault)" in text(EVIDENCE, state="closed", reason="fault")
