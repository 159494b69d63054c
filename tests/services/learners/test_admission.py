"""What is worth a trial."""

import pytest

from kingmaker.learners.admission import why_not
from kingmaker.learners.policy import Policy

GOOD = {
    "holdout_gain": 0.012,
    "holdout_gain_se": 0.006,
    "holdout_acts": 54.0,
    "holdout_net_all": -0.002,
    "holdout_net_kept": 0.001,
    "holdout_net_with": 0.0001,
}


@pytest.mark.parametrize("name", sorted(GOOD))
def test_what_was_not_measured_does_not_pass(name: str) -> None:
    metrics = {key: value for key, value in GOOD.items() if key != name}
    assert name in why_not("online_learning", metrics, Policy())


@pytest.mark.parametrize(
    ("worse", "reason"),
    [
        ({"holdout_gain": 0.006}, "gain over the base rate 0.006, needs over 0.006"),
        ({"holdout_acts": 19.0}, "decides 19 trades, needs 20"),
        ({"holdout_net_with": -0.002}, "net an opportunity -0.002, needs over -0.002"),
        ({"holdout_net_kept": -0.0021}, "net a kept trade -0.0021, needs over -0.002"),
    ],
)
def test_each_figure_alone_holds_a_model_back(worse: dict[str, float], reason: str) -> None:
    assert why_not("online_learning", GOOD | worse, Policy()) == reason


def test_a_model_that_beats_knowing_nothing_is_a_candidate() -> None:
    assert why_not("online_learning", GOOD, Policy()) == ""


def test_a_model_that_decides_no_trade_is_judged_by_its_skill_alone() -> None:
    skill = {name: GOOD[name] for name in ("holdout_gain", "holdout_gain_se")}
    assert why_not("regime_detector", skill, Policy()) == ""
    assert "gain over the base rate" in why_not(
        "regime_detector", skill | {"holdout_gain": 0.001}, Policy()
    )
