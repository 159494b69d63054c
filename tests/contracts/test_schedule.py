"""When schedules fire: cron of five fields, against a reckoning minute by minute."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingmaker.contracts import schedule

MINUTE = 60_000
MIDNIGHT, SUNDAY_AT_TWO = "0 0 * * *", "0 2 * * SUN"


def ms(text: str) -> int:
    """Return a UTC moment in milliseconds."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def told(time_ms: int | None) -> str:
    """Return a moment as people write it."""
    assert time_ms is not None
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%a %Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("cron", "why"),
    [
        ("0 0 * *", "has 4 fields"),
        ("60 0 * * *", "minute is '60'; give 0 to 59"),
        ("0 24 * * *", "hour is '24'"),
        ("0 0 0 * *", "day of month is '0'"),
        ("0 0 * 13 *", "month is '13'"),
        ("0 0 * * FUNDAY", "day of week is 'FUNDAY'"),
        ("*/0 0 * * *", r"minute is '\*/0'"),
        ("5-1 0 * * *", "minute is '5-1'"),
        ("-1 0 * * *", "minute is '-1'"),
        (", 0 * * *", "minute is ''"),
        ("٣ 0 * * *", "minute is '٣'"),
    ],
)
def test_a_wrong_field_is_named_with_what_may_stand_there(cron: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        schedule.parse(cron)


@pytest.mark.parametrize(
    ("cron", "now", "before", "after"),
    [
        (MIDNIGHT, "2026-01-31T00:00", "Sat 2026-01-31 00:00", "Sun 2026-02-01 00:00"),
        (MIDNIGHT, "2026-01-31T23:59", "Sat 2026-01-31 00:00", "Sun 2026-02-01 00:00"),
        (SUNDAY_AT_TWO, "2026-01-31T12:00", "Sun 2026-01-25 02:00", "Sun 2026-02-01 02:00"),
        ("0 2 * * 7", "2026-01-31T12:00", "Sun 2026-01-25 02:00", "Sun 2026-02-01 02:00"),
        ("0 3 1 * *", "2026-01-31T12:00", "Thu 2026-01-01 03:00", "Sun 2026-02-01 03:00"),
        ("0 0 29 2 *", "2026-03-01T00:00", "Thu 2024-02-29 00:00", "Tue 2028-02-29 00:00"),
        (
            "*/15 9-10 * * mon-fri",
            "2026-01-31T12:00",
            "Fri 2026-01-30 10:45",
            "Mon 2026-02-02 09:00",
        ),
        ("0 0 13 * FRI", "2026-01-31T00:00", "Fri 2026-01-30 00:00", "Fri 2026-02-06 00:00"),
    ],
)
def test_the_times_around_a_moment(cron: str, now: str, before: str, after: str) -> None:
    assert told(schedule.latest(cron, ms(now))) == before
    assert told(schedule.following(cron, ms(now))) == after


def test_a_day_that_never_comes_fires_never() -> None:
    assert schedule.latest("0 0 31 2 *", ms("2026-01-01T00:00")) is None
    assert schedule.following("0 0 31 2 *", ms("2026-01-01T00:00")) is None


@given(st.integers(0, 4_000_000_000_000), st.sampled_from([MIDNIGHT, SUNDAY_AT_TWO, "7 */5 * * *"]))
def test_what_follows_the_latest_is_later_than_now_and_nothing_lies_between(
    now_ms: int, cron: str
) -> None:
    latest, following = schedule.latest(cron, now_ms), schedule.following(cron, now_ms)
    assert latest is not None
    assert following is not None
    assert latest <= now_ms < following
    assert schedule.following(cron, latest) == following
    assert schedule.latest(cron, following) == following


@given(st.integers(-200_000, 2_900_000))
def test_every_day_has_the_date_of_the_calendar(day: int) -> None:
    when = date(1970, 1, 1) + timedelta(days=day)
    assert schedule.civil(day) == (when.year, when.month, when.day)


def test_a_time_of_day_is_a_schedule() -> None:
    assert schedule.at("06:30") == "30 6 * * *"
    assert schedule.at("02:00", "SUN") == SUNDAY_AT_TWO


def test_a_report_is_named_by_its_date() -> None:
    assert schedule.date_of(ms("2026-01-31T23:59")) == "2026-01-31"
