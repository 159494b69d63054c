"""Parquet: the same bars, and the same refusals, as CSV."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from kingmaker.feed.sources import BadBarFileError, BarFile, parquet_file
from kingmaker.feed.sources.series import read_series

GOOD: dict[str, list[object]] = {
    "ts": [datetime(2024, 1, 1, 0, tzinfo=UTC), datetime(2024, 1, 1, 1, tzinfo=UTC)],
    "open": [10.0, 11.0],
    "high": [12.0, 12.0],
    "low": [9.0, 9.0],
    "close": [11.0, 11.0],
    "volume": [5.0, 5.0],
}


def write(folder: Path, content: dict[str, list[object]]) -> BarFile:
    path = folder / "x.parquet"
    parquet.write_table(pa.table(content), path)
    return BarFile(path, "BTCUSDT", "1h")


@pytest.mark.parametrize(
    ("column", "values", "fault"),
    [
        ("close", [11.0, None], "row 2: close is empty"),
        ("close", [11.0, float("nan")], "row 2: close is nan"),
        ("ts", [datetime(2024, 1, 1, tzinfo=UTC)] * 2, "row 2: duplicate"),
        ("ts", [datetime(2024, 1, 1, tzinfo=UTC).replace(tzinfo=None)] * 2, "no time zone"),
        ("open", ["ten", "11"], "row 1: could not convert"),
    ],
)
def test_a_bad_row_refuses_the_whole_file(
    tmp_path: Path, column: str, values: list[object], fault: str
) -> None:
    with pytest.raises(BadBarFileError, match=fault):
        read_series(write(tmp_path, {**GOOD, column: values}))


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    content = {name: values for name, values in GOOD.items() if name != "low"}
    with pytest.raises(BadBarFileError, match="its schema: it lacks low"):
        read_series(write(tmp_path, content))


def test_what_is_not_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    path.write_bytes(b"not parquet at all")
    with pytest.raises(BadBarFileError, match="cannot be read"):
        read_series(BarFile(path, "X", "1h"))


def test_without_the_extra_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    with pytest.raises(ImportError, match=r"pip install 'kingmaker\[history\]'"):
        list(parquet_file.read(Path("x.parquet")))


def test_times_may_be_timestamps_or_milliseconds(tmp_path: Path) -> None:
    stamps = read_series(write(tmp_path, {**GOOD}))
    numbers = read_series(write(tmp_path, {**GOOD, "ts": [1704067200000, 1704070800000]}))
    assert stamps.digest == numbers.digest
