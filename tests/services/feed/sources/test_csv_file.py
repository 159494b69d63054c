"""CSV; the tests of series hold the bad files."""

from pathlib import Path

from kingmaker.feed.sources import csv_file


def test_a_byte_order_mark_and_empty_lines_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    text = "\ufeffts,open,high,low,close,volume\r\n\r\n1704067200000,1,2,0.5,1.5,7\r\n"
    path.write_text(text, encoding="utf-8", newline="")
    (row,) = csv_file.read(path)
    assert not isinstance(row, tuple)
    assert row.place == "line 3"
