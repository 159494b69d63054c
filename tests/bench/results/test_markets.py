"""The files of the markets, read as what they are."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from bench.results.markets import FUNDING, MARKETS, funding
from bench.stage import DATA


def test_a_market_without_data_has_no_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA, str(tmp_path / "nothing"))
    assert [market.desk(tmp_path) for market in MARKETS] == [None, None, None]


def test_the_brokers_clock_becomes_utc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA, str(tmp_path))
    folder = tmp_path / "fx_h1_apache"
    folder.mkdir()
    columns = {name: [1.0, 1.0] for name in ("open", "high", "low", "close", "tick_volume")}
    times = [datetime(2020, 1, 7, 10), datetime(2020, 7, 7, 10)]  # noqa: DTZ001 - so are the files
    table = pa.table({"ts": times, **columns})
    parquet.write_table(table, folder / "GBPUSD_h1.parquet")
    desk = MARKETS[1].desk(tmp_path)
    assert desk is not None
    assert desk.files == (f"{tmp_path / 'GBPUSD.csv'}:GBPUSD:1h",)
    lines = (tmp_path / "GBPUSD.csv").read_text(encoding="utf-8").splitlines()
    assert [line[:20] for line in lines[1:]] == ["2020-01-07T08:00:00Z", "2020-07-07T07:00:00Z"]


def test_funding_is_read_where_there_is_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATA, str(tmp_path))
    (tmp_path / FUNDING).mkdir(parents=True)
    times = [datetime(2025, 3, 7, 8, 0, 0, 5_000, tzinfo=UTC), datetime(2025, 3, 7, tzinfo=UTC)]
    table = pa.table({"ts": times, "funding_rate": [0.0002, -0.0001]})
    parquet.write_table(table, tmp_path / FUNDING / "ADAUSDT.parquet")
    midnight = 1_741_305_600_000
    paid = [(midnight, -0.0001), (midnight + 8 * 3_600_000, 0.0002)]
    assert funding(["ADAUSDT", "BSVUSDT"]) == {"ADAUSDT": paid}
