"""Files of bars: what is wrong with one is told with file, line, fault and remedy."""

import gzip
from pathlib import Path

import pytest

from kingmaker.feed.sources import BadBarFileError, BarFile
from kingmaker.feed.sources.files import locate
from kingmaker.feed.sources.series import Series, read_series, readers
from kingmaker.market.hours import closed_on

HEADER = "ts,open,high,low,close,volume"
GOOD = "2024-01-01T00:00:00Z,10,12,9,11,5"
NEXT = "2024-01-01T01:00:00Z,11,12,9,11,5"


def bars(path: Path, *rows: str, header: str = HEADER) -> BarFile:
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return BarFile(path, "BTCUSDT", "1h")


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("2024-01-01T01:00:00Z,10,12,9", "it has 4 fields; 6 are expected"),
        ("2024-01-01T01:00:00Z,ten,12,9,11,5", "open is 'ten', not a number"),
        ("2024-01-01T01:00:00Z,,12,9,11,5", "open is '', not a number"),
        ("2024-01-01T01:00:00Z,1_0,12,9,11,5", "open is '1_0', not a number"),
        ("2024-01-01T01:00:00Z,nan,12,9,11,5", "open is nan; a price is a positive number"),
        ("2024-01-01T01:00:00Z,10,inf,9,11,5", "high is inf; a price is a positive number"),
        ("2024-01-01T01:00:00Z,10,12,-9,11,5", "low is -9; a price is a positive number"),
        ("2024-01-01T01:00:00Z,10,8,9,11,5", "high 8 is below low 9"),
        ("2024-01-01T01:00:00Z,10,12,9,13,5", "outside low 9 to high 12"),
        ("2024-01-01T01:00:00Z,10,12,9,11,-5", "volume is -5; a volume is zero or more"),
        ("2024-01-01T00:00:00Z,10,12,9,11,5", "duplicate"),
        ("2023-12-31T23:00:00Z,10,12,9,11,5", "late"),
        ("2024-01-01T01:30:00Z,10,12,9,11,5", "off the grid"),
        ("2024-01-01T01:00:00,10,12,9,11,5", "names no time zone"),
        ("yesterday,10,12,9,11,5", "write UTC as 2024-04-21T14:00:00Z"),
        ("1704070800,10,12,9,11,5", "looks like seconds"),
        ("\x00,10,12,9,11,5", "ts is '\\x00'"),
    ],
)
def test_a_bad_row_refuses_the_whole_file(tmp_path: Path, row: str, fault: str) -> None:
    file = bars(tmp_path / "x.csv", GOOD, row)
    with pytest.raises(BadBarFileError) as refusal:
        read_series(file)
    said = str(refusal.value)
    assert said.startswith(f"{file.path}, line 3: ")
    assert fault in said
    assert said.endswith("Correct, sort or remove these rows; nothing was recorded.")


def test_many_bad_rows_are_counted_and_not_all_shown(tmp_path: Path) -> None:
    file = bars(tmp_path / "x.csv", GOOD, *(["bad,1,1,1,1,1"] * 1_000))
    with pytest.raises(BadBarFileError, match=r"line 5: .* \(and 17 more\)"):
        read_series(file)


@pytest.mark.parametrize("header", ["", "ts,open,high,low,close", "1704067200000,10,12,9,11,5"])
def test_a_header_is_needed(tmp_path: Path, header: str) -> None:
    file = bars(tmp_path / "x.csv", GOOD, header=header)
    with pytest.raises(BadBarFileError, match=r"x\.csv, line 1: the header lacks .*volume"):
        read_series(file)


def test_a_file_without_bars_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadBarFileError, match="holds no bars"):
        read_series(bars(tmp_path / "x.csv"))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadBarFileError, match=r"x\.csv does not exist. Check the path"):
        read_series(BarFile(tmp_path / "x.csv", "X", "1h"))


def test_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").mkdir()
    with pytest.raises(BadBarFileError, match="cannot be read: Is a directory"):
        read_series(BarFile(tmp_path / "x.csv", "X", "1h"))


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadBarFileError, match=r"can be read: \.csv, \.csv\.gz, \.parquet"):
        read_series(BarFile(tmp_path / "x.xlsx", "X", "1h"))


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(BadBarFileError, match="cannot be read"):
        read_series(BarFile(path, "X", "1h"))


@pytest.mark.parametrize("damage", [lambda packed: packed[:-20], lambda _packed: b"plain text"])
def test_a_cut_or_false_gzip_is_refused(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "x.csv.gz"
    rows = [f"{1704067200000 + n * 3_600_000},10,12,9,11,5" for n in range(500)]
    packed = gzip.compress("\n".join((HEADER, *rows)).encode())
    path.write_bytes(damage(packed))  # type: ignore[operator] # one of the two above
    with pytest.raises(BadBarFileError, match="cannot be read"):
        read_series(BarFile(path, "X", "1h"))


def test_a_gap_is_kept_and_listed_with_its_length(tmp_path: Path) -> None:
    file = bars(tmp_path / "x.csv", GOOD, "2024-01-01T05:00:00Z,11,12,9,11,5")
    series = read_series(file)
    assert len(series) == 2
    (gap,) = series.gaps
    assert gap.bars_missing == 4
    assert str(gap) == "4 bars after 2024-01-01T00:00Z (line 3)"


def test_a_gap_is_refused_when_asked_to_be_strict(tmp_path: Path) -> None:
    file = bars(tmp_path / "x.csv", GOOD, "2024-01-01T02:00:00Z,11,12,9,11,5")
    with pytest.raises(BadBarFileError, match=r"1 gaps \(1 bars\): 1 bar after .*--strict"):
        read_series(file, strict=True)


def test_hours_in_which_the_market_is_closed_are_no_gap(tmp_path: Path) -> None:
    rows = ("2024-01-05T21:00:00Z,11,12,9,11,5", "2024-01-07T22:00:00Z,11,12,9,11,5")
    assert read_series(bars(tmp_path / "x.csv", *rows), calendar="fx", strict=True).gaps == []


def test_a_holiday_is_no_gap(tmp_path: Path) -> None:
    rows = ("2024-12-24T17:00:00Z,11,12,9,11,5", "2024-12-26T05:00:00Z,11,12,9,11,5")
    file = bars(tmp_path / "x.csv", *rows)
    christmas = closed_on("fx", "2024-12-24 12:00-24:00, 2024-12-25")
    assert read_series(file, calendar=christmas, strict=True).gaps == []
    assert len(read_series(file, calendar="fx").gaps) == 1


def test_times_may_be_iso_or_milliseconds_and_columns_in_any_order(tmp_path: Path) -> None:
    iso = read_series(bars(tmp_path / "a.csv", GOOD, NEXT))
    header = "extra,volume,close,low,high,open,TS"
    rows = ("x,5,11,9,12,10,1704067200000", "x,5,11,9,12,11,2024-01-01T02:00:00+01:00")
    other = read_series(bars(tmp_path / "b.csv", *rows, header=header))
    assert iso.digest == other.digest
    assert iso.bar(1).open_ms == 1704070800000
    assert iso.bar(1).close == 11.0


def test_plain_gzip_and_parquet_hold_the_same_bars(tmp_path: Path) -> None:
    plain = read_series(bars(tmp_path / "x.csv", GOOD, NEXT))
    packed = tmp_path / "x.csv.gz"
    packed.write_bytes(gzip.compress((tmp_path / "x.csv").read_bytes()))
    assert read_series(BarFile(packed, "BTCUSDT", "1h")).digest == plain.digest


@pytest.mark.parametrize(
    ("name", "bars_in_file", "gaps", "calendar"),
    [
        ("BTCUSDT_1h_2017_2024.csv.gz", 58_419, 28, "24x7"),
        ("SOLUSDT_5m_2025_03.csv.gz", 8_639, 0, "24x7"),
        ("EURUSD_1h_2017.csv.gz", 6_225, 2, "fx"),  # Christmas
    ],
)
def test_the_shipped_samples_are_what_their_note_says(
    name: str, bars_in_file: int, gaps: int, calendar: str
) -> None:
    series = read_series(locate(f"sample:{name}"), calendar=calendar)
    assert (len(series), len(series.gaps)) == (bars_in_file, gaps)


def test_each_kind_of_file_has_its_own_module() -> None:
    assert {suffix for reader in readers() for suffix in reader.SUFFIXES} == {
        ".csv",
        ".csv.gz",
        ".parquet",
    }


def test_an_empty_series_is_falsy() -> None:
    assert not Series(BarFile(Path("x.csv"), "X", "1h"))
