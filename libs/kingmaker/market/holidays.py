"""When a market is closed beside its hours: dates and hours of dates that somebody names.

    2025-12-25                  the whole day
    2025-12-24 13:00-24:00      from 13:00 on

Days and hours are New York's, as those of the calendars. What is named is recorded with the
settings, so that an audit finds the same days; no rule here knows what an exchange decides.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS
KEY = "market.holidays"
_WRITTEN = re.compile(r"(\d{4}-\d\d-\d\d)(?: +(\d\d):(\d\d)-(\d\d):(\d\d))?")
_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)  # days of a year, by month

type Span = tuple[int, int]  # from, and until, ms of the day


@dataclass(frozen=True, slots=True)
class Holidays:
    """The hours of each day (since 1970) at which the market is closed."""

    closed: Mapping[int, Sequence[Span]] = field(default_factory=dict)

    def hold(self, local_ms: int) -> bool:
        """Tell whether a moment is in one of them (ms since 1970 on a clock in New York)."""
        spans = self.closed.get(local_ms // DAY_MS, ())
        return any(begins_ms <= local_ms % DAY_MS < ends_ms for begins_ms, ends_ms in spans)


@cache
def read(text: str, key: str = KEY) -> Holidays:
    """Read what is written with commas between; ValueError names the key and what is wrong."""
    closed: dict[int, list[Span]] = {}
    for part in filter(None, map(str.strip, text.split(","))):
        found = _of(part)
        if found is None:
            raise ValueError(
                f"{key}: {part!r} is no holiday: give a date as 2025-12-25, or hours of one as"
                " 2025-12-24 13:00-24:00, on a clock in New York"
            )
        closed.setdefault(found[0], []).append(found[1])
    return Holidays(closed)


def _of(text: str) -> tuple[int, Span] | None:
    """Return the day and its hours; None: it is written otherwise, or there is no such day."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    day, *hours = found.groups()
    numbers = [int(number) for number in hours if number] or [0, 0, 24, 0]
    begins_ms, ends_ms = [
        (hour * 60 + minute) * MINUTE_MS
        for hour, minute in zip(numbers[::2], numbers[1::2], strict=True)
    ]
    since = _days_since_1970(*map(int, day.split("-")))
    fits = begins_ms < ends_ms <= DAY_MS and max(numbers[1::2]) < 60  # noqa: PLR2004 - minutes
    return (since, (begins_ms, ends_ms)) if fits and since is not None else None


def _days_since_1970(year: int, month: int, day: int) -> int | None:
    """Return the number of a day; None: there is none."""
    if not (year >= 1970 and 1 <= month <= 12):  # noqa: PLR2004 - the first year, the last month
        return None
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    leap_day = is_leap and month > 2  # noqa: PLR2004 - February
    length = _BEFORE[month] - _BEFORE[month - 1] + (is_leap and month == 2)  # noqa: PLR2004 - as above
    if not 1 <= day <= length:
        return None
    past = year - 1
    leaps = past // 4 - past // 100 + past // 400 - 477  # 477 before 1970
    return (year - 1970) * 365 + leaps + _BEFORE[month - 1] + leap_day + day - 1
