"""When markets are open, as whole numbers: no clock and no time-zone files.

New York's summer time follows the law of 2007 by a rule of our own: an audit on another machine,
with other files, finds the same hours. Days before 2007 are told by it too, and may be an hour off.

    24x7          always
    fx            Sunday 17:00 to Friday 17:00 New York
    cme_futures   Sunday 18:00 to Friday 17:00 New York, with a halt from 17:00 to 18:00
    us_equities   Monday to Friday, 9:30 to 16:00 New York

Holidays and days that end early are known where they are named: `closed_on` adds them to a
calendar. Else bars that are missing on one are recorded as a gap.
"""

from collections.abc import Callable
from functools import cache

from kingmaker.market.holidays import Holidays, read

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
WEEK_MS = 7 * DAY_MS

_WITHOUT = " closed on "
_MONDAY_MS = 4 * DAY_MS  # 1970-01-05, in New York's own time
_SUNDAY_MS, _FRIDAY_MS, _SATURDAY_MS = 6 * DAY_MS, 4 * DAY_MS, 5 * DAY_MS
_STANDARD_MS, _SUMMER_MS = -5 * HOUR_MS, -4 * HOUR_MS  # New York to UTC


def closed_on(calendar: str, holidays: str, key: str = "market.holidays") -> str:
    """Return the calendar with holidays, as `market/holidays.py` has them; 24x7 knows none.

    Raises ValueError that names the key and what cannot be read.
    """
    is_plain = not read(holidays, key).closed or calendar == "24x7"
    return calendar if is_plain else f"{calendar}{_WITHOUT}{holidays}"


def is_open(calendar: str, time_ms: int) -> bool:
    """Tell whether the market is open at a moment (UTC milliseconds)."""
    rule, holidays = _parts(calendar)
    local_ms = _new_york_ms(time_ms)
    return rule((local_ms - _MONDAY_MS) % WEEK_MS) and not holidays.hold(local_ms)


def bars_expected(calendar: str, first_open_ms: int, end_ms: int, interval_ms: int) -> int:
    """Count the bars that an open market would have made from `first_open_ms` until `end_ms`."""
    opens = range(first_open_ms, end_ms, interval_ms)
    if calendar == "24x7":
        return len(opens)
    return sum(is_open(calendar, open_ms) for open_ms in opens)


@cache
def _parts(calendar: str) -> tuple[Callable[[int], bool], Holidays]:
    name, _, holidays = calendar.partition(_WITHOUT)
    return _RULES[name], read(holidays)


def _new_york_ms(time_ms: int) -> int:
    """Return the time since 1970 on a clock in New York."""
    year = 1970 + time_ms * 400 // (146_097 * DAY_MS)  # off by a day at most, in winter
    begins_ms, ends_ms = _summer_time(year)
    offset_ms = _SUMMER_MS if begins_ms <= time_ms < ends_ms else _STANDARD_MS
    return time_ms + offset_ms


@cache
def _summer_time(year: int) -> tuple[int, int]:
    """Return its bounds in UTC: the second Sunday of March and the first of November, at 2:00."""
    march = _first_sunday_ms(year, day_of_year=59) + WEEK_MS
    november = _first_sunday_ms(year, day_of_year=304)
    return march + 2 * HOUR_MS - _STANDARD_MS, november + 2 * HOUR_MS - _SUMMER_MS


def _first_sunday_ms(year: int, day_of_year: int) -> int:
    """Return the first Sunday not before a day after February, counted without a leap day."""
    days = (year - 1970) * 365 + _leap_days_before(year + 1) - _leap_days_before(1970)
    midnight_ms = (days + day_of_year) * DAY_MS
    return midnight_ms + (_MONDAY_MS + _SUNDAY_MS - midnight_ms) % WEEK_MS


def _leap_days_before(year: int) -> int:
    return (year - 1) // 4 - (year - 1) // 100 + (year - 1) // 400


def _always(_week_ms: int) -> bool:
    return True


def _fx(week_ms: int) -> bool:
    opens_ms, closes_ms = _SUNDAY_MS + 17 * HOUR_MS, _FRIDAY_MS + 17 * HOUR_MS
    return week_ms < closes_ms or week_ms >= opens_ms


def _cme_futures(week_ms: int) -> bool:
    halted = 17 * HOUR_MS <= week_ms % DAY_MS < 18 * HOUR_MS
    return _fx(week_ms) and not halted


def _us_equities(week_ms: int) -> bool:
    in_session = 19 * HOUR_MS // 2 <= week_ms % DAY_MS < 16 * HOUR_MS
    return week_ms < _SATURDAY_MS and in_session


_RULES: dict[str, Callable[[int], bool]] = {
    "24x7": _always,
    "fx": _fx,
    "cme_futures": _cme_futures,
    "us_equities": _us_equities,
}
CALENDARS = tuple(_RULES)
