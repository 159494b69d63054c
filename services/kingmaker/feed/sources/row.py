"""One row of a file, before anyone has judged it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

COLUMNS = ("ts", "open", "high", "low", "close", "volume")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_SECONDS_END = 100_000_000_000  # as milliseconds: March 1973; as seconds: the year 5138


class BadRowError(ValueError):
    """A row that cannot be read; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Row:
    """Where it stands, when its bar opens, and its numbers."""

    place: str  # "line 17"
    open_ms: int
    prices: tuple[float, float, float, float]  # open, high, low, close
    volume: float


def parse(place: str, texts: Sequence[str]) -> Row:
    """Return the row that six texts spell, in the order of `COLUMNS`. Raises BadRowError."""
    open_, high, low, close, volume = [
        _number(name, text) for name, text in zip(COLUMNS[1:], texts[1:], strict=True)
    ]
    return Row(place, parse_time(texts[0]), (open_, high, low, close), volume)


def parse_time(text: str) -> int:
    """Return ISO 8601 with a time zone, or milliseconds since 1970, as milliseconds."""
    if text.isascii() and text.isdigit():
        return _check_milliseconds(int(text))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadRowError(
            f"ts is {text!r}; write UTC as 2024-04-21T14:00:00Z, or milliseconds since 1970"
        ) from None
    if moment.tzinfo is None:
        raise BadRowError(f"ts is {text!r} and names no time zone; write UTC with a Z at its end")
    return (moment - _EPOCH) // _MILLISECOND


def _check_milliseconds(value: int) -> int:
    if value < _SECONDS_END:
        raise BadRowError(f"ts is {value}, which looks like seconds; milliseconds are expected")
    return value


def _number(name: str, text: str) -> float:
    try:
        return float("" if "_" in text else text)  # Python would read 1_000
    except ValueError:
        raise BadRowError(f"{name} is {text!r}, not a number") from None
