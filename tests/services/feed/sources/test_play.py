"""The play: all desks in market-time order."""

from pathlib import Path

import pytest

from kingmaker.feed.domain import BarRead
from kingmaker.feed.service import build
from kingmaker.feed.sources import BadBarFileError, BarFile, DeskFiles, Play, open_play
from kingmaker.feed.sources.play import PlayRow

HOUR = 3_600_000
START = 1_704_067_200_000


def desk(folder: Path, name: str, opens: dict[str, list[int]], interval: str = "1h") -> DeskFiles:
    """Write a file a symbol, with bars at the given hours."""
    files = []
    for symbol, hours in opens.items():
        path = folder / f"{symbol}_{interval}.csv"
        rows = [f"{START + hour * HOUR},10,12,9,11,5" for hour in hours]
        path.write_text("\n".join(("ts,open,high,low,close,volume", *rows)), encoding="utf-8")
        files.append(BarFile(path, symbol, interval))
    return DeskFiles(name, "24x7", tuple(files))


def symbol_of(row: PlayRow) -> str:
    read = build([], 0).messages.decode(row.bar.kind, row.bar.value)
    assert isinstance(read, BarRead)
    return read.symbol


def two_desks(folder: Path) -> Play:
    first = desk(folder, "a", {"BTC": [0, 1, 3], "ETH": [0, 1, 2]})
    return open_play([first, desk(folder, "b", {"EUR": [1, 2]})])


def test_a_desk_without_files_is_refused() -> None:
    with pytest.raises(BadBarFileError, match="desk a has no bars"):
        open_play([DeskFiles("a", "24x7", ())])


def test_two_files_with_the_same_symbol_are_refused(tmp_path: Path) -> None:
    one = desk(tmp_path, "a", {"BTC": [0]})
    twice = DeskFiles("a", "24x7", (*one.files, BarFile(tmp_path / "y.csv", "BTC", "1h")))
    with pytest.raises(BadBarFileError, match=r"both hold BTC\. Join them"):
        open_play([twice])


def test_two_intervals_on_one_desk_are_refused(tmp_path: Path) -> None:
    hourly = desk(tmp_path, "a", {"BTC": [0]})
    fast = desk(tmp_path, "a", {"ETH": [0]}, "5m")
    with pytest.raises(BadBarFileError, match="another interval"):
        open_play([DeskFiles("a", "24x7", (*hourly.files, *fast.files))])


def test_rows_come_by_close_then_desk_then_file(tmp_path: Path) -> None:
    rows = list(two_desks(tmp_path).rows())
    symbols = [symbol_of(row) for row in rows]
    assert [
        ((row.close_ms - START) // HOUR, row.desk, row.number, symbol)
        for row, symbol in zip(rows, symbols, strict=True)
    ] == [
        (1, 0, 0, "BTC"),
        (1, 0, 1, "ETH"),
        (2, 0, 2, "BTC"),
        (2, 0, 3, "ETH"),
        (2, 1, 0, "EUR"),
        (3, 0, 4, "ETH"),
        (3, 1, 1, "EUR"),
        (4, 0, 5, "BTC"),
    ]


def test_it_resumes_at_any_row_of_each_desk(tmp_path: Path) -> None:
    play = two_desks(tmp_path)
    for first in range(7):
        for second in range(3):
            rest = [r for r in play.rows() if r.number >= (first, second)[r.desk]]
            assert list(play.rows((first, second))) == rest


def test_it_tells_how_much_there_is(tmp_path: Path) -> None:
    play = two_desks(tmp_path)
    assert (play.bars(), play.bars(0), play.bars(1)) == (8, 6, 2)
    assert (play.first_open_ms, play.last_close_ms) == (START, START + 4 * HOUR)
    assert play.symbols(1) == [("EUR", [START + HOUR, START + 2 * HOUR])]
    assert play.gaps() == ["BTC_1h.csv: 1 bar after 2024-01-01T01:00Z (line 4)"]
