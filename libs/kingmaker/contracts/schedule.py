"""When a schedule fires: cron of five fields, UTC, evaluated without a clock.

minute hour day-of-month month day-of-week; `*`, numbers, lists, ranges, steps, SUN to SAT and JAN
to DEC. As in every cron: where both days are restricted, either will do. 0 and 7 are Sunday.
"""

from functools import lru_cache

MINUTE_MS = 60_000
DAY_MINUTES = 24 * 60
DAY_MS = DAY_MINUTES * MINUTE_MS
DAYS_MAX = 366 * 8 + 1  # 29 February comes again after eight years at the latest
SUNDAY_TOO = 7
THURSDAY = 4  # 1970-01-01, Sunday being 0
DAYS_TO_1970, DAYS_OF_ERA = 719_468, 146_097  # from 0000-03-01; of 400 years
MARCH_TO_DECEMBER = 10  # months
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
    _, month, of_month = civil(day)
    weekday = (day + THURSDAY) % 7
    if month not in months or not _is_day(cron, of_month in days, weekday in weekdays):
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
    year, month, day = civil(time_ms // DAY_MS)
    return f"{year:04}-{month:02}-{day:02}"


def at(time_of_day: str, weekday: str = "*") -> str:
    """Return the schedule of a time of day, HH:MM, on every day or on one of the week."""
    hour, _, minute = time_of_day.partition(":")
    return f"{int(minute)} {int(hour)} * * {weekday}"


def civil(day: int) -> tuple[int, int, int]:
    """Return year, month and day of a day counted since 1970-01-01 (Hinnant, `chrono` algorithms).

    The year begins in March there, so that the leap day is its last.
    """
    era, of_era = divmod(day + DAYS_TO_1970, DAYS_OF_ERA)
    year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    from_march = (5 * of_year + 2) // 153
    month = from_march + 3 if from_march < MARCH_TO_DECEMBER else from_march - 9
    of_month = of_year - (153 * from_march + 2) // 5 + 1
    return year + 400 * era + (month <= 2), month, of_month  # noqa: PLR2004 - January and February


def _is_day(cron: str, is_day: bool, is_weekday: bool) -> bool:  # noqa: FBT001 - both of one day
    _, _, day_word, _, weekday_word = cron.split()
    if "*" in {day_word[0], weekday_word[0]}:
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
    if name == "day of week" and SUNDAY_TOO in allowed:
        allowed.add(0)
    return frozenset(allowed)


def _number(name: str, text: str) -> int | None:
    if name == "month" and text in MONTHS:
        return MONTHS.index(text) + 1
    if name == "day of week" and text in DAYS:
        return DAYS.index(text)
    return int(text) if text.isascii() and text.isdecimal() else None
