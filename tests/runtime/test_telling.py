"""What events say to people."""

from typing import Any

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.runtime.telling import _TOLD, e_value, tell

SLOT = "online_learning@main"
TAGS = {"BOOTSTRAP", "FEED", "JOB", "LEARNING", "MODEL-RELOAD", "OUTCOME", "PROMOTION", "ROLLBACK"}
TAGS |= {"CANARY", "DRIFT", "GUARD", "RISK", "SHADOW"}


def event(kind: str, **fields: Any) -> Any:  # noqa: ANN401 - fields of any message
    package, _, name = kind.rpartition(".")
    return message_class(package, name)(**fields)


@pytest.mark.parametrize("kind", sorted(_TOLD))
def test_every_event_that_is_told_has_a_tag_and_a_level(kind: str) -> None:
    line = tell(kind, event(kind))
    assert line is not None
    assert line.tag in TAGS
    assert line.level in {"info", "warning", "error", "critical"}


def test_what_only_programs_care_about_says_nothing() -> None:
    assert tell("kingmaker.feed.v1.BarClosed", event("kingmaker.feed.v1.BarClosed")) is None
    assert tell("km.Started", object()) is None


def test_learned_weights_name_the_largest_change_and_every_head_that_moved() -> None:
    old, new = [0.1110, 0.1000, 0.1], [0.1234, 0.0876, 0.1]
    kind = "kingmaker.learners.v1.WeightsLearned"
    line = tell(kind, event(kind, desk="oak", version=3, old=old, weights=new, max_change=0.0124))
    assert line is not None
    assert f"{line.title}: {line.text}" == (
        "Head weights updated: Max change=0.0124, oak version 3;"
        " HEAD_A: 0.1110 -> 0.1234 (+0.0124); HEAD_B: 0.1000 -> 0.0876 (-0.0124)"
    )


def test_a_lesson_names_strategy_and_reward_and_who_learned() -> None:
    kind = "kingmaker.trader.v1.ModelRevised"
    slot = "neural_ucb@oak"
    fields = {"slot": slot, "strategy": "S2", "label": 0.0831, "revision": 7, "learner": "t-0001"}
    line = tell(kind, event(kind, branch="champion", **fields))
    assert line is not None
    assert f"{line.title}: {line.text}" == "Updated S2: reward=0.083; neural_ucb revision 7"
    line = tell(kind, event(kind, branch="t-0001@oak", **fields))
    assert line is not None
    assert line.text.endswith("revision 7 (t-0001)")


def test_a_twin_is_not_called_a_challenger() -> None:
    kind = "kingmaker.trader.v1.ChallengerWarmed"
    line = tell(kind, event(kind, model="v1.1.0-trained", champion="v1.1.0-trained", frozen=True))
    assert line is not None
    assert "as it was exported" in line.text


def test_a_crown_says_why_and_how_to_undo_it() -> None:
    kind = "kingmaker.promotion.v1.ChampionCrowned"
    fields = {"slot": SLOT, "model": "v1.1.0-trained", "expected": "v1.0.0-bootstrap"}
    line = tell(
        kind,
        event(kind, how="promoted", trial="t-0001@main", log_evidence=5.4638, pairs=412, **fields),
    )
    assert line is not None
    assert "v1.1.0-trained after v1.0.0-bootstrap; E = 236 after 412 pairs" in line.text
    assert line.hint == (
        "why?  kingmaker trial explain t-0001@main    undo?  kingmaker rollback"
        " online_learning@main --reason ..."
    )


def test_a_trial_and_a_crown_by_a_classic_rule_say_what_is_wrong_with_it() -> None:
    notice = "naive_t: not valid under peeking"
    for name, fields in (
        ("TrialOpened", {"trial": "t-0001@main"}),
        ("ChampionCrowned", {"how": "promoted", "trial": "t-0001@main"}),
    ):
        kind = f"kingmaker.promotion.v1.{name}"
        line = tell(kind, event(kind, slot=SLOT, notice=notice, **fields))
        assert line is not None
        assert line.text.count(notice) == 1


def test_a_warning_of_the_canary_names_what_is_worse_beside_its_statistic() -> None:
    finding = message_class("kingmaker.promotion.v1", "Finding")
    kind = "kingmaker.promotion.v1.CanaryWarned"
    seen = [
        finding(gate="edetector", value=12.5, threshold=200.0, n=85, passed=True),
        finding(gate="win_rate", value=0.41, threshold=0.47, n=60),
        finding(gate="sharpe", value=0.1, threshold=0.05, n=85, passed=True),
    ]
    fields = {"slot": SLOT, "reign": 2, "pairs": 85, "findings": seen}
    line = tell(kind, event(kind, breached=["win_rate"], **fields))
    assert line is not None
    assert line.text == (
        "online_learning reign 2 after 85 pairs: edetector 12.5, limit 200; win rate 0.41,"
        " limit 0.47"
    )
    recovered = tell(kind, event(kind, **fields))
    assert recovered is not None
    assert (recovered.level, recovered.title) == ("info", "recovered")


def test_a_change_of_settings_says_what_and_how_to_undo_it() -> None:
    kind = "kingmaker.trader.v1.ParameterChanged"
    fields = {"change": "c-0001@main", "slot": "parameters@main", "actor": "ada"}
    line = tell(
        kind, event(kind, old={"exits.max_holding": "12"}, new={"exits.max_holding": "1"}, **fields)
    )
    assert line is not None
    assert "c-0001@main by ada: exits.max_holding 12 → 1;" in line.text
    assert line.hint == "undo?  kingmaker rollback parameters@main --reason ..."


def test_a_crown_without_evidence_says_so() -> None:
    kind = "kingmaker.promotion.v1.ChampionCrowned"
    line = tell(kind, event(kind, slot=SLOT, how="direct"))
    assert line is not None
    assert "no evidence" in line.text


def test_an_outcome_is_told_in_the_classic_words() -> None:
    kind = "kingmaker.trader.v1.PositionClosed"
    line = tell(kind, event(kind, position="BTCUSDT-5", reason="TP_HIT", net=0.0235))
    assert line is not None
    assert f"{line.title}: {line.text}" == "TP HIT processed: BTCUSDT-5, P/L: 2.35%"


@pytest.mark.parametrize(
    ("log_evidence", "text"), [(0.0, "1"), (5.3936, "220"), (-3.0, "0.0498"), (1e9, "10,14")]
)
def test_e_is_told_with_three_digits(log_evidence: float, text: str) -> None:
    assert e_value(log_evidence).startswith(text)
