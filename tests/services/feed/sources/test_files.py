"""Names of bar files."""

from pathlib import Path

import pytest

from kingmaker.feed.sources.files import BarFile, interval_ms, locate


@pytest.mark.parametrize("text", ["bars.csv", "folder/BTCUSDT.parquet", "BTCUSDT_hourly.csv"])
def test_a_name_that_tells_nothing_is_refused_with_the_form_to_write(text: str) -> None:
    with pytest.raises(ValueError, match=r"Write .*:SYMBOL:INTERVAL, as in .*:BTCUSDT:1h"):
        locate(text)


@pytest.mark.parametrize("text", ["1", "0h", "h", "1y", "1.5h", "-1h", ""])
def test_an_interval_is_a_number_and_a_unit(text: str) -> None:
    with pytest.raises(ValueError, match="is not an interval"):
        interval_ms(text)
    with pytest.raises(ValueError, match="is not an interval"):
        locate(f"bars.csv:BTCUSDT:{text}")


def test_a_symbol_has_no_blanks() -> None:
    with pytest.raises(ValueError, match="is not a symbol"):
        locate("bars.csv:BTC USDT:1h")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BTCUSDT_1h_2017_2024.csv.gz", ("BTCUSDT", "1h")),
        ("EURUSD_5m.csv", ("EURUSD", "5m")),
        ("a/b/SOLUSDT_15m_x.parquet", ("SOLUSDT", "15m")),
        ("any name.csv:BTC/USDT:1d", ("BTC/USDT", "1d")),
    ],
)
def test_symbol_and_interval_come_from_the_name_or_the_person(
    text: str, expected: tuple[str, str]
) -> None:
    file = locate(text)
    assert (file.symbol, file.interval) == expected


def test_the_person_wins_over_the_name() -> None:
    file = locate("x/BTCUSDT_1h.csv:ETHUSDT:5m")
    assert file == BarFile(Path("x/BTCUSDT_1h.csv"), "ETHUSDT", "5m")
    assert file.interval_ms == 300_000


def test_a_sample_is_found_in_the_product() -> None:
    assert locate("sample:EURUSD_1h_2017.csv.gz").path.is_file()
