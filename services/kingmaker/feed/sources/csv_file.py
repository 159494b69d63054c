"""Bars from a CSV file with the columns ts, open, high, low, close, volume; plain or gzip."""

import csv
import gzip
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from kingmaker.feed.sources.row import COLUMNS, BadRowError, Row, parse

SUFFIXES = (".csv", ".csv.gz")


def read(path: Path) -> Iterator[Row | tuple[str, str]]:
    """Yield rows in the order of the file; for one that cannot be read, its place and the fault.

    Raises OSError, EOFError (a cut gzip), UnicodeDecodeError, csv.Error.
    """
    with path.open("rb") as raw:
        packed = gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw
        lines = csv.reader(io.TextIOWrapper(packed, encoding="utf-8-sig", newline=""))
        columns = _columns(next(lines, []))
        if isinstance(columns, str):
            yield "line 1", columns
            return
        for texts in lines:
            if texts:
                yield _row(f"line {lines.line_num}", texts, columns)


def _columns(header: Sequence[str]) -> Sequence[int] | str:
    """Return where each of our columns stands, or what is wrong with the header."""
    names = [name.strip().lower() for name in header]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        return f"the header lacks {', '.join(missing)}; it must be {','.join(COLUMNS)}"
    return [names.index(name) for name in COLUMNS]


def _row(place: str, texts: Sequence[str], columns: Sequence[int]) -> Row | tuple[str, str]:
    if len(texts) <= max(columns):
        return place, f"it has {len(texts)} fields; {max(columns) + 1} are expected"
    try:
        return parse(place, [texts[column].strip() for column in columns])
    except BadRowError as error:
        return place, str(error)
