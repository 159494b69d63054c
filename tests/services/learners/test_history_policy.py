"""What learning from history goes by."""

import pytest

from kingmaker.learners.history_policy import HistoryPolicy


def test_it_is_off_and_looks_back_ninety_days_where_nothing_is_said() -> None:
    policy = HistoryPolicy.from_values({})
    assert (policy.enabled, policy.days, policy.calendar("oak")) == (False, 90, "24x7")


def test_what_is_set_is_what_is_read() -> None:
    values = {
        "historical.enabled": "1",
        "historical.intensity": "DEFAULT",
        "market.calendar@oak": "fx",
    }
    policy = HistoryPolicy.from_values(values)
    assert (policy.enabled, policy.days, policy.calendar("oak")) == (True, 45, "fx")


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("historical.enabled", "yes", "0, 1"),
        ("historical.intensity", "LAZY", "INTENSIVE, DEFAULT"),
        ("market.calendar@oak", "lunar", "24x7, fx, cme_futures, us_equities"),
    ],
)
def test_a_wrong_value_names_its_key_and_what_is_allowed(
    key: str, value: str, allowed: str
) -> None:
    with pytest.raises(ValueError, match=f"{key}='{value}': give one of {allowed}"):
        HistoryPolicy.from_values({key: value})
