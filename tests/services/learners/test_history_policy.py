"""What learning from history goes by."""

import pytest

from kingmaker.learners.history_policy import HistoryPolicy
from kingmaker.market.hours import closed_on


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


def test_a_desk_has_holidays_of_its_own() -> None:
    calendars = {"market.calendar@oak": "fx", "market.calendar@elm": "fx"}
    policy = HistoryPolicy.from_values({**calendars, "market.holidays@oak": "2024-12-25"})
    assert policy.calendar("oak") == closed_on("fx", "2024-12-25") != "fx"
    assert policy.calendar("elm") == "fx"


def test_a_holiday_that_cannot_be_read_names_its_key() -> None:
    with pytest.raises(ValueError, match=r"market\.holidays@oak: 'noel' is no holiday"):
        HistoryPolicy.from_values({"market.calendar@oak": "fx", "market.holidays@oak": "noel"})


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
