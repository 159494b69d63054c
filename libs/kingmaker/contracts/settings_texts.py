"""How a service reads one setting: `ApplyPolicy` brings them as text, by key.

Each function returns a reader of a key and its text; a wrong text raises ValueError that names the
key, the text and what is allowed.
"""

from collections.abc import Callable, Mapping, Sequence
from math import isfinite

MINUTES_OF_DAY = 24 * 60
MINUTES_OF_HOUR = 60

type Read[T] = Callable[[str, str], T]


def read_or[T](values: Mapping[str, str], key: str, usual: T, read: Read[T]) -> T:
    """Return what is set, or what is usual where nothing is."""
    return read(key, values[key]) if key in values else usual


def flag(key: str, text: str) -> bool:
    """Read a switch: 0 or 1."""
    return one_of("0", "1")(key, text) == "1"


def whole(low: int, high: int) -> Read[int]:
    """Return how a whole number from `low` to `high` is read."""

    def read(key: str, text: str) -> int:
        if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
            raise ValueError(f"{key}={text!r}: give a whole number from {low} to {high}")
        return int(text)

    return read


def real(low: float, high: float) -> Read[float]:
    """Return how a number from `low` to `high` is read."""

    def read(key: str, text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not isfinite(number) or not low <= number <= high:
            raise ValueError(f"{key}={text!r}: give a number from {low:g} to {high:g}")
        return number

    return read


def one_of(*words: str) -> Read[str]:
    """Return how one of some words is read."""

    def read(key: str, text: str) -> str:
        if text not in words:
            raise ValueError(f"{key}={text!r}: give one of {', '.join(words)}")
        return text

    return read


def names(text: str) -> tuple[str, ...]:
    """Return the names of a list with commas, in the order given."""
    return tuple([name.strip() for name in text.split(",") if name.strip()])


def names_of(key: str, text: str, known: Sequence[str]) -> tuple[str, ...]:
    """Read a list of known names: each once, sorted."""
    found = tuple(sorted(set(names(text))))
    if not set(found) <= set(known):
        raise ValueError(f"{key}={text!r}: give names of {', '.join(known)}")
    return found


def minute_of_day(key: str, text: str) -> int:
    """Read a time of day, HH:MM, UTC; return the minutes after midnight."""
    hours, colon, minutes = text.partition(":")
    plain = text.isascii() and hours.isdigit() and minutes.isdigit()
    if not (colon and plain and len(minutes) == len("00")):
        raise ValueError(f"{key}={text!r}: give a time of day, UTC, as HH:MM")
    minute = int(hours) * MINUTES_OF_HOUR + int(minutes)
    if int(minutes) >= MINUTES_OF_HOUR or minute >= MINUTES_OF_DAY:
        raise ValueError(f"{key}={text!r}: give a time of day from 00:00 to 23:59")
    return minute


def time_of_day(key: str, text: str) -> str:
    """Read a time of day, HH:MM, UTC, and return it as it is written."""
    minute_of_day(key, text)
    return text
