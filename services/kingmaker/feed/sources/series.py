"""One file as a checked series of bars: all of it is read before any of it is used."""

import csv
import hashlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from kingmaker.feed.bar_rules import fault_in, fault_in_order
from kingmaker.feed.domain import BarRead
from kingmaker.feed.sources.files import BarFile
from kingmaker.feed.sources.row import Row
from kingmaker.market.hours import bars_expected

FAULTS_MAX = 20  # then reading stops: the file is of another kind
FAULTS_SHOWN = 3


class BadBarFileError(ValueError):
    """A file of bars that cannot be used: which, where, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Bars that an open market would have made, and the file lacks."""

    place: str  # of the first bar after it
    after_open_ms: int
    before_open_ms: int
    bars_missing: int

    def __str__(self) -> str:
        """Return `34 bars after 2018-02-08T00:00Z (line 4218)`."""
        after = datetime.fromtimestamp(self.after_open_ms / 1000, UTC)
        bars = "1 bar" if self.bars_missing == 1 else f"{self.bars_missing} bars"
        return f"{bars} after {after:%Y-%m-%dT%H:%MZ} ({self.place})"


@dataclass(slots=True)
class Series:
    """The bars of one file, by column."""

    file: BarFile
    gaps: list[Gap] = field(default_factory=list)
    open_ms: array[int] = field(default_factory=lambda: array("q"))
    numbers: array[float] = field(default_factory=lambda: array("d"))  # five a bar

    def __len__(self) -> int:
        """Count the bars."""
        return len(self.open_ms)

    def bar(self, number: int) -> BarRead:
        """Return bar `number` as the fact that the feed hears."""
        at = 5 * number
        return BarRead(
            self.file.symbol,
            self.file.interval_ms,
            self.open_ms[number],
            *self.numbers[at : at + 5],
        )

    @property
    def digest(self) -> str:
        """SHA-256 of the content: two files with the same bars have the same."""
        name = f"{self.file.symbol} {self.file.interval_ms}".encode()
        return hashlib.sha256(
            b"\0".join((name, self.open_ms.tobytes(), self.numbers.tobytes()))
        ).hexdigest()


class Reader(Protocol):
    """One kind of file: a module beside this one."""

    SUFFIXES: tuple[str, ...]

    def read(self, path: object) -> Iterator[Row | tuple[str, str]]:
        """Yield rows, or the place and the fault of one that cannot be read."""
        ...


def read_series(file: BarFile, *, calendar: str = "24x7", strict: bool = False) -> Series:
    """Return all bars of a file. Raises BadBarFileError with file, line, fault and remedy."""
    series = Series(file)
    faults: list[tuple[str, str]] = []
    try:
        for row in _reader_of(file).read(file.path):
            fault = row if isinstance(row, tuple) else _add(series, row, calendar)
            if fault:
                faults.append(fault)
            if len(faults) >= FAULTS_MAX:
                break
    except (OSError, EOFError, ValueError, csv.Error, ImportError) as error:
        raise BadBarFileError(_unreadable(file, error)) from error
    _refuse(series, faults, strict=strict)
    return series


def readers() -> tuple[Reader, ...]:
    """Return every module beside this one that reads a kind of file."""
    package = __name__.rpartition(".")[0]
    found = import_module(package)
    modules = [import_module(f"{package}.{info.name}") for info in iter_modules(found.__path__)]
    return tuple(cast("Reader", module) for module in modules if hasattr(module, "SUFFIXES"))


def _reader_of(file: BarFile) -> Reader:
    for reader in readers():
        if file.path.name.endswith(reader.SUFFIXES):
            return reader
    kinds = ", ".join(suffix for reader in readers() for suffix in reader.SUFFIXES)
    raise BadBarFileError(f"{file.path} is none of the kinds that can be read: {kinds}.")


def _add(series: Series, row: Row, calendar: str) -> tuple[str, str] | None:
    """Take a row that is a bar and follows the last one; else return its place and fault."""
    fault = fault_in(row.prices, row.volume)
    if not fault and series.open_ms:
        interval_ms = series.file.interval_ms
        last_ms = series.open_ms[-1]
        fault = fault_in_order(last_ms, row.open_ms, interval_ms)
        if not fault and row.open_ms != last_ms + interval_ms:
            _note_gap(series, row, calendar)
    if fault:
        return row.place, fault
    series.open_ms.append(row.open_ms)
    series.numbers.extend((*row.prices, row.volume))
    return None


def _note_gap(series: Series, row: Row, calendar: str) -> None:
    last_ms, interval_ms = series.open_ms[-1], series.file.interval_ms
    missing = bars_expected(calendar, last_ms + interval_ms, row.open_ms, interval_ms)
    if missing:
        series.gaps.append(Gap(row.place, last_ms, row.open_ms, missing))


def _refuse(series: Series, faults: list[tuple[str, str]], *, strict: bool) -> None:
    path = series.file.path
    if faults:
        shown = "; ".join(f"{place}: {fault}" for place, fault in faults[:FAULTS_SHOWN])
        more = f" (and {len(faults) - FAULTS_SHOWN} more)" if len(faults) > FAULTS_SHOWN else ""
        raise BadBarFileError(
            f"{path}, {shown}{more}. Correct, sort or remove these rows; nothing was recorded."
        )
    if not series:
        raise BadBarFileError(f"{path} holds no bars. Name a file that does.")
    if strict and series.gaps:
        shown = "; ".join(map(str, series.gaps[:FAULTS_SHOWN]))
        raise BadBarFileError(
            f"{path} has {len(series.gaps)} gaps"
            f" ({sum(gap.bars_missing for gap in series.gaps)} bars): {shown}."
            f" Fill the file, or leave out --strict: gaps are then kept and recorded."
        )


def _unreadable(file: BarFile, error: Exception) -> str:
    if isinstance(error, BadBarFileError):
        return str(error)
    if isinstance(error, FileNotFoundError):
        return f"{file.path} does not exist. Check the path."
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{file.path} cannot be read: {reason}. Nothing was recorded; replace the file."
