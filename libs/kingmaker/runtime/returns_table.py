"""A table of returns as text: columns champion, challenger, and where there are, time and flags."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from itertools import islice
from math import isfinite
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

DELIMITERS = (",", ";", "\t")
LINES_AT_ONCE = 2**16
LINE_MAX = 2**16  # characters
FLAGS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
HEADER = "champion,challenger"
STAYED_OUT = "A side that stayed out has 0; leave a row out that nobody knows."

type Floats = NDArray[np.float64]
type Mask = NDArray[np.bool_]


class BadReturnsError(Exception):
    """An input that cannot be judged: file, line, what is wrong, what to do."""


@dataclass(frozen=True, slots=True)
class Names:
    """How the columns are called in the file; flags and time may be absent."""

    champion: str = "champion"
    challenger: str = "challenger"
    time: str = "time"
    champion_taken: str = "champion_taken"
    challenger_taken: str = "challenger_taken"


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows, and where each stands: in a text its line, in an array its row."""

    lines: Sequence[int]
    champion: Floats
    challenger: Floats
    champion_taken: Mask | None = None
    challenger_taken: Mask | None = None


@dataclass
class Table:
    """A text: a header, which also tells the delimiter, and rows."""

    shown: str
    text: TextIO
    names: Names
    _lines_read: int = field(init=False, default=0)
    _header: list[str] = field(init=False)
    _delimiter: str = field(init=False)
    _columns: dict[str, int] = field(init=False)
    _clock: "_Clock" = field(init=False)

    def __post_init__(self) -> None:
        """Read the header."""
        first = self._line()
        if not first.strip():
            raise BadReturnsError(f"{self.shown}: its first line is empty. Write {HEADER} there.")
        self._delimiter = max(DELIMITERS, key=first.count)
        self._header = [cell.strip() for cell in self._cells(1, [first])[0]]
        self._columns = self._find_columns()
        self._clock = _Clock()

    def parts(self) -> Iterator[Part]:
        """Yield the rows in parts; BadReturnsError at the first that cannot be judged."""
        rows_read, lines_of_text = 0, iter(self._line, "")
        while True:
            first = self._lines_read + 1
            lines = list(islice(lines_of_text, LINES_AT_ONCE))
            if not lines:
                break
            cells = self._cells(first, lines)
            numbers: Sequence[int] = range(first, first + len(lines))
            if not all(cells):
                numbers = [number for number, row in zip(numbers, cells, strict=True) if row]
                cells = [row for row in cells if row]
            rows_read += len(cells)
            if cells:
                yield self._part(numbers, cells)
        if not rows_read:
            raise BadReturnsError(f"{self.shown}: there is no row below its header.")

    def _line(self) -> str:
        line = self.text.readline(LINE_MAX)
        self._lines_read += 1
        if len(line) == LINE_MAX:
            raise BadReturnsError(
                f"{self.shown}: line {self._lines_read:,} has {LINE_MAX:,} characters or more. Is"
                f" it a table, with a row a line?"
            )
        return line

    def _cells(self, first: int, lines: list[str]) -> list[list[str]]:
        """Return the cells of lines, a row a line."""
        try:
            rows = list(csv.reader(lines, delimiter=self._delimiter, strict=True))
        except csv.Error as error:
            raise BadReturnsError(
                f"{self.shown}: below line {first - 1:,} there is something that is no CSV:"
                f" {error}."
            ) from None
        if len(rows) != len(lines):
            raise BadReturnsError(
                f"{self.shown}: below line {first - 1:,} a quoted cell goes over several lines."
                f" Only numbers are needed: remove it."
            )
        return rows

    def _find_columns(self) -> dict[str, int]:
        """Return where each column of ours stands."""
        known = {name.lower(): at for at, name in enumerate(self._header)}
        wanted = {slot: getattr(self.names, slot) for slot in Names.__slots__}
        found = {
            slot: known[name.lower()] for slot, name in wanted.items() if name.lower() in known
        }
        missing = [wanted[slot] for slot in ("champion", "challenger") if slot not in found]
        if not missing:
            return found
        if all(map(_is_number, self._header)):
            raise BadReturnsError(
                f"{self.shown}: line 1 is numbers; a header is needed. Write {HEADER} above it."
            )
        near = [
            f"{name} is perhaps {close[0]}: rename it, or say --{slot} {close[0]}"
            for name in missing
            for slot in ("champion", "challenger")
            if wanted[slot] == name and (close := get_close_matches(name, self._header, 1))
        ]
        remedy = "; ".join(near) or "Say --champion NAME --challenger NAME, or rename"
        raise BadReturnsError(
            f"{self.shown}: line 1 has the columns {', '.join(self._header)}; missing:"
            f" {', '.join(missing)}. {remedy}."
        )

    def _part(self, lines: Sequence[int], rows: list[list[str]]) -> Part:
        width = len(self._header)
        if set(map(len, rows)) != {width}:
            at = next(at for at, row in enumerate(rows) if len(row) != width)
            raise BadReturnsError(
                f"{self.shown}: line {lines[at]:,} has {len(rows[at])} cells, the header {width}."
                f" Write every row in full, with the decimal point as a point."
            )
        columns = list(zip(*rows, strict=True))
        if "time" in self._columns:
            self._check_times(lines, columns[self._columns["time"]])
        return Part(
            lines,
            self._numbers("champion", lines, columns),
            self._numbers("challenger", lines, columns),
            self._flags("champion_taken", lines, columns),
            self._flags("challenger_taken", lines, columns),
        )

    def _numbers(self, slot: str, lines: Sequence[int], columns: list[tuple[str, ...]]) -> Floats:
        cells = columns[self._columns[slot]]
        try:
            found = np.fromiter(map(float, cells), np.float64, len(cells))
        except ValueError:
            found = np.full(len(cells), np.nan)
        if np.isfinite(found).all() and "_" not in "".join(cells):
            return found
        for line, cell in zip(lines, cells, strict=True):
            if not _is_number(cell):
                raise BadReturnsError(self._fault(slot, line, cell))
        raise AssertionError(cells)

    def _fault(self, slot: str, line: int, cell: str) -> str:
        place = f"{self.shown}: line {line:,}, column {getattr(self.names, slot)}"
        if not cell.strip():
            return f"{place}: it is empty. {STAYED_OUT}"
        if _is_number(cell.replace(",", ".")):
            return f"{place}: {cell!r}: write the decimal point as a point."
        if _is_number(cell.strip().rstrip("%")):
            return f"{place}: {cell!r}: write the number without its sign."
        return f"{place}: {cell!r} is not a finite number. {STAYED_OUT}"

    def _flags(
        self, slot: str, lines: Sequence[int], columns: list[tuple[str, ...]]
    ) -> Mask | None:
        if slot not in self._columns:
            return None
        cells = [cell.strip().lower() for cell in columns[self._columns[slot]]]
        for line, cell in zip(lines, cells, strict=True):
            if cell not in FLAGS:
                raise BadReturnsError(
                    f"{self.shown}: line {line:,}, column {getattr(self.names, slot)}: {cell!r}"
                    f" does not say whether there was a trade. Write 1 or 0."
                )
        return np.array([FLAGS[cell] for cell in cells], np.bool_)

    def _check_times(self, lines: Sequence[int], cells: Sequence[str]) -> None:
        for line, cell in zip(lines, cells, strict=True):
            if fault := self._clock.fault(cell.strip()):
                raise BadReturnsError(
                    f"{self.shown}: line {line:,}, column {self.names.time}: {cell!r} {fault}"
                )


class _Clock:
    """Times as they come: numbers, or ISO 8601; each after the one before."""

    def __init__(self) -> None:
        self._before: float | None = None

    def fault(self, text: str) -> str:
        """Return what is wrong with the next time, or nothing."""
        now = _moment(text)
        if now is None:
            return "is no time. Write 2024-05-31T14:00, or a number."
        before, self._before = self._before, now
        if before is None or now > before:
            return ""
        if now == before:
            return (
                "stands there twice. Sum what was decided at the same time to one row: pairs must"
                " not overlap."
            )
        return "is before the row above. Sort the rows by time."


def _moment(text: str) -> float | None:
    if _is_number(text):
        return float(text)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text)) and "_" not in text
    except ValueError:
        return False
