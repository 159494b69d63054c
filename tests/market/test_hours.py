"""Market hours, against the time-zone database of the machine where it has one."""

import random
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from kingmaker.market import hours
from kingmaker.market.hours import CALENDARS, bars_expected, is_open

HOUR = 3_600_000


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) * 1000


@pytest.mark.parametrize(
    ("calendar", "moment", "expected"),
    [
        ("24x7", "2024-12-25T00:00:00Z", True),
        ("fx", "2024-01-07T21:59:59Z", False),
        ("fx", "2024-01-07T22:00:00Z", True),
        ("fx", "2024-01-12T21:59:59Z", True),
        ("fx", "2024-01-12T22:00:00Z", False),
        ("fx", "2024-07-05T21:00:00Z", False),  # an hour earlier in summer
        ("cme_futures", "2024-01-09T22:30:00Z", False),  # the daily halt
        ("cme_futures", "2024-01-09T23:00:00Z", True),
        ("cme_futures", "2024-01-07T22:30:00Z", False),
        ("us_equities", "2024-01-09T14:29:59Z", False),
        ("us_equities", "2024-01-09T14:30:00Z", True),
        ("us_equities", "2024-07-09T19:59:59Z", True),
        ("us_equities", "2024-07-09T20:00:00Z", False),
        ("us_equities", "2024-01-06T16:00:00Z", False),
    ],
)
def test_a_market_is_open_in_its_hours_only(calendar: str, moment: str, *, expected: bool) -> None:
    assert is_open(calendar, at(moment)) is expected


@pytest.mark.parametrize(
    ("calendar", "moment", "expected"),
    [
        # The clocks go forward on 10 March 2024, and back on 3 November.
        ("us_equities", "2024-03-08T14:29:59Z", False),
        ("us_equities", "2024-03-08T14:30:00Z", True),
        ("us_equities", "2024-03-11T13:29:59Z", False),
        ("us_equities", "2024-03-11T13:30:00Z", True),
        ("us_equities", "2024-11-01T13:30:00Z", True),
        ("us_equities", "2024-11-04T14:29:59Z", False),
        ("us_equities", "2024-11-04T14:30:00Z", True),
        ("cme_futures", "2024-03-10T21:59:59Z", False),
        ("cme_futures", "2024-03-10T22:00:00Z", True),
        ("cme_futures", "2024-11-03T22:59:59Z", False),
        ("cme_futures", "2024-11-03T23:00:00Z", True),
        ("cme_futures", "2024-03-08T22:00:00Z", False),  # a Friday, 17:00 New York
        ("fx", "2024-11-03T21:59:59Z", False),
        ("fx", "2024-11-03T22:00:00Z", True),
    ],
)
def test_hours_move_with_the_clocks_of_new_york(
    calendar: str, moment: str, *, expected: bool
) -> None:
    assert is_open(calendar, at(moment)) is expected


def test_holidays_are_not_known_where_none_is_named_and_the_page_says_so() -> None:
    assert is_open("us_equities", at("2024-12-25T15:00:00Z")), "Christmas is a day like others here"
    assert "known where they are named" in (hours.__doc__ or "")


def test_new_york_keeps_the_time_that_the_database_says() -> None:
    try:
        zone = ZoneInfo("America/New_York")
    except ZoneInfoNotFoundError:
        pytest.skip("no time-zone database here. Install tzdata to run this test")
    draw = random.Random(3)  # noqa: S311 - a sample, not a secret
    for _ in range(3_000):
        moment = datetime.fromtimestamp(draw.randrange(1_167_609_600, 2_556_100_000), UTC)
        local = moment.astimezone(zone)
        hours = local.hour + local.minute / 60
        expected = local.weekday() < 5 and 9.5 <= hours < 16
        assert is_open("us_equities", int(moment.timestamp()) * 1000) is expected, moment


def test_only_bars_of_open_hours_are_expected() -> None:
    friday = at("2017-11-03T21:00:00Z")  # the clocks change on that weekend
    assert bars_expected("fx", friday, at("2017-11-05T22:00:00Z"), HOUR) == 0
    assert bars_expected("fx", friday, at("2017-11-06T00:00:00Z"), HOUR) == 2
    assert bars_expected("24x7", friday, friday + 3 * HOUR, HOUR) == 3


def test_every_calendar_has_its_hours() -> None:
    assert CALENDARS == ("24x7", "fx", "cme_futures", "us_equities")
