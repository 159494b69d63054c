"""When a schedule fires: cron of five fields, UTC, evaluated without a clock.

minute hour day-of-month month day-of-week; `*`, numbers, lists, ranges, steps, SUN to SAT and JAN
to DEC. As in every cron: where both days are restricted, either will do. 0 and 7 are Sunday.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

MINUTE_MS = 60_000
DAY_MINUTES = 24 * 60
DAY_MS = DAY_MINUTES * MINUTE_MS
DAYS_MAX = 366 * 8 + 1  # 29 February comes again after eight years at the latest
EPOCH = date(1970, 1, 1)
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
FIELDS = (
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("day of month", 1, 31),
    ("month", 1, 12),
    ("day of week", 0, 7),
)

type Parts = tuple[frozenset[int], ...]


def latest(cron: str, time_ms: int) -> int | None:
    """Return the last time at or before `time_ms` at which it fires; None: in no year before."""
    day, minute = time_ms // DAY_MS, time_ms % DAY_MS // MINUTE_MS
    for back in range(DAYS_MAX):
        fired = [one for one in fires_of(cron, day - back) if back or one <= minute]
        if fired:
            return (day - back) * DAY_MS + fired[-1] * MINUTE_MS
    return None


def following(cron: str, time_ms: int) -> int | None:
    """Return the first time after `time_ms` at which it fires; None: never."""
    day, minute = time_ms // DAY_MS, time_ms % DAY_MS // MINUTE_MS
    for ahead in range(DAYS_MAX):
        fires = [one for one in fires_of(cron, day + ahead) if ahead or one > minute]
        if fires:
            return (day + ahead) * DAY_MS + fires[0] * MINUTE_MS
    return None


@lru_cache(maxsize=4096)
def fires_of(cron: str, day: int) -> tuple[int, ...]:
    """Return the minutes of a day (counted since 1970-01-01) at which it fires, in order."""
    minutes, hours, days, months, weekdays = parse(cron)
    when = EPOCH + timedelta(days=day)
    if when.month not in months or not _is_day(cron, when, days, weekdays):
        return ()
    return tuple(sorted(hour * 60 + minute for hour in hours for minute in minutes))


@lru_cache(maxsize=256)
def parse(cron: str) -> Parts:
    """Return what each field allows. Raise ValueError naming the field and what may stand there."""
    words = cron.upper().split()
    if len(words) != len(FIELDS):
        raise ValueError(
            f"{cron!r} has {len(words)} fields; a schedule has five: minute hour day-of-month"
            f" month day-of-week"
        )
    return tuple(
        _field(cron, name, word, low, high)
        for word, (name, low, high) in zip(words, FIELDS, strict=True)
    )


def date_of(time_ms: int) -> str:
    """Return the UTC date, as reports are named: 2026-01-31."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).date().isoformat()


def _is_day(cron: str, when: date, days: frozenset[int], weekdays: frozenset[int]) -> bool:
    _, _, day_word, _, weekday_word = cron.split()
    is_day = when.day in days
    is_weekday = when.isoweekday() % 7 in {one % 7 for one in weekdays}
    if "*" in (day_word[0], weekday_word[0]):
        return is_day and is_weekday
    return is_day or is_weekday


def _field(cron: str, name: str, word: str, low: int, high: int) -> frozenset[int]:
    allowed: set[int] = set()
    for part in word.split(","):
        span, slash, step = part.partition("/")
        first, dash, last = ("*", "", "") if span == "*" else span.partition("-")
        begin = low if first == "*" else _number(name, first)
        end = high if first == "*" or (slash and not dash) else begin
        end = _number(name, last) if dash else end
        stride = int(step) if step.isdecimal() else 0 if slash else 1
        if begin is None or end is None or not low <= begin <= end <= high or stride < 1:
            raise ValueError(f"{cron!r}: {name} is {part!r}; give {low} to {high}, *, or */N")
        allowed.update(range(begin, end + 1, stride))
    return frozenset(allowed)


def _number(name: str, text: str) -> int | None:
    if name == "month" and text in MONTHS:
        return MONTHS.index(text) + 1
    if name == "day of week" and text in DAYS:
        return DAYS.index(text)
    return int(text) if text.isascii() and text.isdecimal() else None
