"""Bars from a Parquet file with the columns ts, open, high, low, close, volume."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from kingmaker.feed.sources.row import COLUMNS, BadRowError, Row, parse_time

SUFFIXES = (".parquet",)


def read(path: Path) -> Iterator[Row | tuple[str, str]]:
    """Yield rows in the order of the file; for one that cannot be read, its place and the fault.

    Raises OSError, ValueError (not Parquet), ImportError with the remedy.
    """
    parquet = _parquet()
    file = parquet.ParquetFile(path)
    missing = [name for name in COLUMNS if name not in file.schema_arrow.names]
    if missing:
        yield "its schema", f"it lacks {', '.join(missing)}; it must hold {', '.join(COLUMNS)}"
        return
    number = 0
    for batch in file.iter_batches(columns=list(COLUMNS)):
        for values in zip(*(batch.column(name).to_pylist() for name in COLUMNS), strict=True):
            number += 1
            yield _row(f"row {number}", values)


def _parquet() -> Any:  # noqa: ANN401 - a module that ships no types
    try:
        return import_module("pyarrow.parquet")
    except ImportError:
        raise ImportError(
            "Parquet needs an extra. Install it: pip install 'kingmaker[history]'; or write the"
            " bars as CSV."
        ) from None


def _row(place: str, values: tuple[Any, ...]) -> Row | tuple[str, str]:
    time, *numbers = values
    if any(value is None for value in values):
        return place, f"{COLUMNS[values.index(None)]} is empty"
    try:
        open_ms = parse_time(time.isoformat() if hasattr(time, "isoformat") else str(time))
        open_, high, low, close, volume = map(float, numbers)
    except (BadRowError, TypeError, ValueError) as error:
        return place, str(error)
    return Row(place, open_ms, (open_, high, low, close), volume)
