"""Promotion's settings."""

import pytest

from kingmaker.promotion.policy import Policy, from_values


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("promotion.auto", "maybe"),
        ("promotion.min_trades", "1"),
        ("promotion.min_trades", "many"),
        ("promotion.alpha", "0.2"),
        ("promotion.alpha", "nan"),
        ("promotion.sharpe_improvement", "-1"),
        ("promotion.confidence_threshold", "1"),
        ("promotion.budget.mode", "generous"),
        ("promotion.market_hours", ""),
        ("market.calendar", "mars"),
        ("promotion.p_method", "welch"),
        ("promotion.sharpe_rule", "1.1"),
        ("promotion.min_sharpe", "high"),
        ("promotion.min_sharpe", "nan"),
        ("promotion.min_sharpe", "11"),
        ("promotion.win_rate_tolerance", "1.01"),
        ("promotion.max_faults", "-1"),
        ("trial.start_after_trades", "-1"),
        ("trial.max_pairs", "1e3"),
    ],
)
def test_a_wrong_value_is_named_with_its_key_and_what_is_allowed(key: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"allowed: ") as error:
        from_values({key: value})
    assert key in str(error.value)
    assert repr(value) in str(error.value)


def test_defaults_are_the_classic_settings() -> None:
    policy = from_values({})
    assert policy == Policy()
    assert (policy.auto, policy.min_trades, policy.sharpe_improvement) == (True, 50, 0.10)
    assert (policy.max_drawdown_tolerance, policy.p_max) == (0.05, 0.05)
    assert (policy.alpha, policy.budget_tests, policy.budget_window_days) == (0.05, 10, 90)


@pytest.mark.parametrize(("text", "value"), [("0", False), ("off", False), ("True", True)])
def test_switches_know_the_usual_words(text: str, value: bool) -> None:  # noqa: FBT001 - a table
    assert from_values({"promotion.auto": text}).auto is value


def test_no_number_leaves_the_gate_off() -> None:
    assert from_values({"promotion.min_sharpe": ""}).min_sharpe is None
    assert from_values({"promotion.min_sharpe": "0"}).min_sharpe == 0.0


def test_values_of_others_are_left_alone() -> None:
    assert from_values({"feed.speed": "9", "promotion.min_trades": "80"}).min_trades == 80


@pytest.mark.parametrize(("confidence", "p_max"), [("0.65", 0.05), ("0.99", 0.01), ("0", 0.05)])
def test_the_confidence_threshold_only_tightens(confidence: str, p_max: float) -> None:
    policy = from_values({"promotion.confidence_threshold": confidence})
    assert policy.p_max == pytest.approx(p_max)
