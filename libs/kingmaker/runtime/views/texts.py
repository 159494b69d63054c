"""Text that every database takes: strangers write some of it, and a view must not stop at it.

PostgreSQL takes no NUL, no half of a surrogate pair, no NaN in JSON, and no long key; SQLite takes
more. Rows must be equal, so both get the same.
"""

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

LAST_MOMENT_MS = 253_402_300_799_999  # of the year 9999: no calendar of ours knows a later one
KEY_CHARACTERS_MAX = 256
type Content = str | int | float | None  # of JSON; a bool is an int

STANDS_FOR = "\N{REPLACEMENT CHARACTER}"


def plain(text: str) -> str:
    """Return text without what no database of ours takes."""
    if text.isascii():
        return text.replace("\0", STANDS_FOR) if "\0" in text else text
    return text.encode(errors="replace").decode().replace("\0", STANDS_FOR)


def as_value(value: str | float | None) -> str | float | None:
    """Return what a column can hold; NaN is no value."""
    if type(value) is str:
        return value if value.isascii() and "\0" not in value else plain(value)
    if type(value) is float and value != value:  # noqa: PLR0124 - only NaN differs from itself
        return None
    return value


def as_key(part: str | int) -> str | int:
    """Return what may be part of a key: of a long or unfit text the beginning, and its digest."""
    if type(part) is not str:
        return part
    if len(part) <= KEY_CHARACTERS_MAX and plain(part) == part:
        return part
    digest = sha256(part.encode(errors="surrogatepass")).hexdigest()
    return f"{plain(part[: KEY_CHARACTERS_MAX // 4])}...{digest}"


def as_json(values: Mapping[str, Content]) -> str:
    """Return an object with its names in order; what is no number is null."""
    cleaned = {plain(name): _plain_value(value) for name, value in values.items()}
    return json.dumps(cleaned, sort_keys=True, allow_nan=False, separators=(",", ":"))


def _plain_value(value: Content) -> Content:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return plain(value) if isinstance(value, str) else value


def as_moment(time_ms: int) -> datetime:
    """Return UTC; what lies beyond the calendar is its end."""
    bounded = min(max(time_ms, 0), LAST_MOMENT_MS)
    moment = datetime.fromtimestamp(bounded // 1000, UTC)
    return moment.replace(microsecond=bounded % 1000 * 1000)
