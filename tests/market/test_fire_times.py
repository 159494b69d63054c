"""When past bars are learned from: hourly while a market is open, else every quarter of an hour."""

from datetime import datetime
from itertools import pairwise

import pytest

from kingmaker.market import fire_times
from kingmaker.market.hours import CALENDARS, is_open

MINUTE = 60_000
HOUR = 60 * MINUTE
WEEK = 7 * 24 * HOUR


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) * 1000


def fires(calendar: str, begin: str, end: str) -> list[str]:
    """Return every fire time after one moment and up to another, as HH:MM of UTC."""
    found, time_ms = [], at(begin)
    while (time_ms := fire_times.following(calendar, time_ms)) <= at(end):
        found.append(
            datetime.fromtimestamp(time_ms / 1000, tz=datetime.fromisoformat(begin).tzinfo)
        )
    return [moment.strftime("%H:%M") for moment in found]


@pytest.mark.parametrize(
    ("calendar", "begin", "end", "expected"),
    [
        ("24x7", "2024-01-06T10:05:00Z", "2024-01-06T13:00:00Z", "11:00 12:00 13:00"),
        # A Friday: the market closes at 17:00 New York, and the pace changes from then on.
        ("fx", "2024-01-12T20:00:00Z", "2024-01-12T22:40:00Z", "21:00 22:00 22:15 22:30"),
        # The same in summer, an hour earlier.
        ("fx", "2024-07-12T19:00:00Z", "2024-07-12T21:40:00Z", "20:00 21:00 21:15 21:30"),
        # A Sunday: it opens at 17:00 New York, and the pace is that of an open market.
        ("fx", "2024-01-07T21:20:00Z", "2024-01-08T00:00:00Z", "21:30 21:45 22:00 23:00 00:00"),
        # The Sunday on which the clocks go forward: it opens at 21:00 UTC.
        ("fx", "2024-03-10T20:20:00Z", "2024-03-10T22:00:00Z", "20:30 20:45 21:00 22:00"),
        # The daily halt of an hour: four runs afresh, and back.
        (
            "cme_futures",
            "2024-01-09T21:00:00Z",
            "2024-01-10T00:00:00Z",
            "22:00 22:15 22:30 22:45 23:00 00:00",
        ),
        # It opens at half past: what fired at 14:15 is followed by the next full hour.
        ("us_equities", "2024-01-09T13:50:00Z", "2024-01-09T16:00:00Z", "14:00 14:15 15:00 16:00"),
        ("us_equities", "2024-01-09T19:30:00Z", "2024-01-09T21:30:00Z", "20:00 21:00 21:15 21:30"),
    ],
)
def test_the_pace_follows_the_calendar(calendar: str, begin: str, end: str, expected: str) -> None:
    assert fires(calendar, begin, end) == expected.split()


@pytest.mark.parametrize("calendar", CALENDARS)
def test_whoever_looks_at_every_minute_sees_each_time_once(calendar: str) -> None:
    begin = at("2024-03-08T00:00:00Z")
    latest = [
        fire_times.latest(calendar, begin + minute * MINUTE) for minute in range(WEEK // MINUTE)
    ]
    seen = [
        time_ms
        for number, time_ms in enumerate(latest)
        if number == 0 or time_ms > max(latest[:number][-120:])
    ]
    followed, time_ms = [seen[0]], begin
    while (time_ms := fire_times.following(calendar, time_ms)) < begin + WEEK:
        followed.append(time_ms)
    assert seen == followed
    gaps = {(later - earlier) // MINUTE for earlier, later in pairwise(seen)}
    assert gaps <= {15, 45, 60}
    assert (15 in gaps) is (calendar != "24x7")
    assert all(is_open(calendar, one) or one % (15 * MINUTE) == 0 for one in seen)
