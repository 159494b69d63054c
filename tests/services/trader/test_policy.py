"""The settings that the trader reads."""

import pytest

from kingmaker.trader.policy import Policy

HOUR = 3_600_000


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("costs.fee_bp", "-1"),
        ("costs.fee_bp", "nan"),
        ("costs.half_spread_bp", "much"),
        ("costs.slippage_bp", "inf"),
        ("signals.confluence_min", "1.1"),
        ("exits.max_holding", "0"),
        ("exits.max_holding", "97"),
        ("exits.max_holding", "12.5"),
        ("outcomes.price_tolerance", "0.5"),
        ("outcomes.max_signal_age_hours", ""),
        ("market.calendar", "moon"),
    ],
)
def test_a_wrong_value_is_refused_by_key_value_and_range(key: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"{key}={value!r}: give ") as error:
        Policy.from_values({key: value})
    assert "from" in str(error.value) or "one of" in str(error.value)


def test_no_value_is_the_default_and_foreign_keys_are_left_to_others() -> None:
    assert Policy.from_values({"promotion.auto": "1"}) == Policy()


def test_costs_are_fractions_a_side() -> None:
    values = {"costs.fee_bp": "4", "costs.half_spread_bp": "0.5", "costs.slippage_bp": "1.5"}
    policy = Policy.from_values(values)
    assert policy.fee == pytest.approx(4e-4)
    assert policy.impact == pytest.approx(2e-4)


def test_features_look_across_longer_holes_where_the_market_closes() -> None:
    assert Policy().hole_ms_max(HOUR) == 3 * HOUR
    assert Policy.from_values({"market.calendar": "fx"}).hole_ms_max(HOUR) == 72 * HOUR


def test_only_what_has_an_update_rule_learns_on() -> None:
    learns = Policy.from_values({"learning.revisions": "online_learning, neural_ucb"})
    assert learns.revisions == ("neural_ucb", "online_learning")
    assert Policy().revisions == ()
    with pytest.raises(ValueError, match=r"learning\.revisions='cvar_ppo': give some of"):
        Policy.from_values({"learning.revisions": "cvar_ppo"})
