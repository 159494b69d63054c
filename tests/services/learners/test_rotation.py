"""The scheduled retrain: each criterion alone refuses, and says value and bound."""

import pytest

from kingmaker.learners.policy import Policy
from kingmaker.learners.rotation import why_not

GOOD = {
    "backtest_sharpe": 1.4,
    "backtest_sharpe_current": 1.1,
    "backtest_profit_factor": 1.3,
    "backtest_drawdown": 0.12,
    "backtest_trades": 80.0,
}


@pytest.mark.parametrize("name", sorted(GOOD))
def test_what_was_not_measured_does_not_pass(name: str) -> None:
    metrics = {key: value for key, value in GOOD.items() if key != name}
    assert why_not(metrics, Policy()) == f"not measured: {name}"


@pytest.mark.parametrize(
    ("worse", "reason"),
    [
        (
            {"backtest_sharpe": 1.0, "backtest_sharpe_current": 0.5},
            "annual Sharpe 1, needs over 1",
        ),
        ({"backtest_profit_factor": 1.2}, "profit factor 1.2, needs over 1.2"),
        ({"backtest_drawdown": 0.2}, "drawdown 0.2, needs under 0.2"),
        ({"backtest_trades": 49.0}, "trades 49, needs 50"),
        (
            {"backtest_sharpe_current": 1.4},
            "annual Sharpe 1.4, needs over 1.4 of the current model",
        ),
    ],
)
def test_each_criterion_alone_refuses(worse: dict[str, float], reason: str) -> None:
    assert why_not(GOOD | worse, Policy()) == reason


def test_every_miss_is_named() -> None:
    worse = {"backtest_profit_factor": 0.9, "backtest_drawdown": 0.5, "backtest_trades": 3.0}
    assert why_not(GOOD | worse, Policy()).count(";") == 2


def test_a_model_that_shows_it_all_passes() -> None:
    assert why_not(GOOD, Policy()) == ""
    assert why_not(GOOD | {"backtest_trades": 50.0}, Policy()) == "", "fifty are enough"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("min_sharpe_ratio", "1.5"),
        ("min_profit_factor", "1.4"),
        ("max_drawdown_threshold", "0.1"),
        ("min_trades", "81"),
    ],
)
def test_every_bound_is_a_setting(key: str, value: str) -> None:
    policy = Policy.from_values({f"operations.model_rotation.{key}": value})
    assert why_not(GOOD, policy) != ""


def test_whether_it_must_beat_the_current_model_is_a_setting() -> None:
    better = GOOD | {"backtest_sharpe_current": 2.0}
    policy = Policy.from_values({"operations.model_rotation.require_outperformance": "0"})
    assert (why_not(better, Policy()) != "", why_not(better, policy)) == (True, "")
