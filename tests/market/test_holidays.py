"""Holidays: what is written is closed, by New York's clock, and what cannot be read is named."""

from datetime import date, datetime, timedelta

import pytest

from kingmaker.market import fire_times
from kingmaker.market.holidays import read
from kingmaker.market.hours import bars_expected, closed_on, is_open

HOUR = 3_600_000
CHRISTMAS = closed_on("us_equities", "2024-12-25, 2024-12-24 13:00-24:00")


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) * 1000


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2024-12-24T17:59:59Z", True),
        ("2024-12-24T18:00:00Z", False),  # 13:00 in New York
        ("2024-12-25T15:00:00Z", False),
        ("2024-12-26T14:29:59Z", False),
        ("2024-12-26T14:30:00Z", True),
    ],
)
def test_a_day_that_is_named_is_closed_and_hours_of_one_alone(
    moment: str, *, expected: bool
) -> None:
    assert is_open(CHRISTMAS, at(moment)) is expected


def test_days_are_those_of_new_york_in_summer_too() -> None:
    fourth = closed_on("fx", "2024-07-04")
    assert is_open(fourth, at("2024-07-04T03:59:59Z"))
    assert not is_open(fourth, at("2024-07-04T04:00:00Z"))
    assert not is_open(fourth, at("2024-07-05T03:59:59Z"))
    assert is_open(fourth, at("2024-07-05T04:00:00Z"))


def test_a_session_that_reopens_in_the_evening_names_its_hours() -> None:
    halted = closed_on("cme_futures", "2024-07-04 13:00-18:00")
    assert not is_open(halted, at("2024-07-04T21:59:59Z"))
    assert is_open(halted, at("2024-07-04T22:00:00Z"))


def test_a_market_that_never_closes_knows_no_holidays() -> None:
    assert closed_on("24x7", "2024-12-25") == "24x7"


def test_no_bar_is_expected_on_a_holiday_and_no_open_pace_kept() -> None:
    opens = (at("2024-12-24T17:00:00Z"), at("2024-12-26T16:00:00Z"), HOUR)
    assert bars_expected("us_equities", *opens) == 11
    assert bars_expected(CHRISTMAS, *opens) == 2
    quarter = at("2024-12-25T15:15:00Z")
    assert fire_times.latest(CHRISTMAS, quarter) == quarter
    assert fire_times.latest("us_equities", quarter) == at("2024-12-25T15:00:00Z")
    assert fire_times.following(CHRISTMAS, quarter) == quarter + HOUR // 4


def test_nothing_written_is_no_holiday_and_two_spans_of_a_day_both_hold() -> None:
    assert closed_on("fx", "") == closed_on("fx", " , ") == "fx"
    twice = closed_on("fx", "2024-07-03 10:00-11:00,2024-07-03 13:00-24:00")
    open_at = [hour for hour in range(14, 20) if is_open(twice, at(f"2024-07-03T{hour}:30Z"))]
    assert open_at == [15, 16]


def test_days_are_counted_as_the_calendar_of_this_machine_counts_them() -> None:
    first = date(1970, 1, 1)
    for since in range(0, 60_000, 7):
        day = first + timedelta(days=since)
        assert list(read(day.isoformat()).closed) == [since]


@pytest.mark.parametrize(
    "text",
    [
        "christmas",
        "2024-02-30",
        "2023-02-29",
        "2024-13-01",
        "2024-00-10",
        "2024-01-00",
        "25.12.2024",
        "2024-12-25 13:00",
        "2024-12-25 13:00-12:00",
        "2024-12-25 12:60-13:00",
        "2024-12-25 12:00-25:00",
    ],
)
def test_what_is_no_holiday_is_refused_with_key_value_and_form(text: str) -> None:
    with pytest.raises(ValueError, match="give a date as 2025-12-25") as refusal:
        closed_on("fx", f"2024-12-24, {text}", "market.holidays@oak")
    assert str(refusal.value).startswith(f"market.holidays@oak: '{text}' is no holiday")
