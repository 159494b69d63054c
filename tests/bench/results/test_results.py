"""The results are measured on what is there, and told as they are."""

from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from bench.results.markets import MARKETS
from bench.results.measured import Seen, measure
from bench.results.report import page
from bench.stage import DATA
from kingmaker.runtime.cli.smoke import DESKS

COSTS = {"fee_bp": 5.5, "half_spread_bp": 0.5, "slippage_bp": 0.5}


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


def test_what_was_measured_is_told_with_its_verdict() -> None:
    figures = {
        "trades": 4,
        "won": 1,
        "net": -0.01,
        "net_a_trade": -0.0025,
        "sharpe": -1.0,
        "sharpe_low": -3.0,
        "sharpe_high": 1.0,
        "verdict": "not distinguishable from chance",
    }
    record = {
        "desk": "es-1m",
        "bars": 1000,
        "from_ms": 0,
        "until_ms": 86_400_000,
        "strategies": {"S2": figures, "S15": {"trades": 0, "net": 0.0}},
        "before": figures,
        "after": figures,
        "since_crown": None,
        "crowns": [],
        "trainings": 1,
        "candidates": 0,
        "trials": 0,
        "components": ["online_learning"],
    }
    told = page([record], ["perpetuals"], "python -m bench.results")
    assert "| S2 | 4 | 25% | -25.0 bp | -1.0% | -1.0 (-3.0 to +1.0) | not disting" in told
    assert "| S15 | 0 | | | | | no trade |" in told
    assert "Nobody earned a crown" in told
    assert "*perpetuals: skipped, its data are not there.*" in told


def test_trades_are_taken_from_a_time_on() -> None:
    nets = {("A", 1): (5, 0.1, True), ("A", 2): (6, 0.0, False), ("A", 3): (7, -0.2, True)}
    seen = Seen(nets, [(9, "b@d"), (8, "c@d")], 0, 0, 0)
    assert seen.taken() == [(5, 0.1), (7, -0.2)]
    assert seen.taken(2) == [(7, -0.2)]
    assert seen.first_crown_ms == 8


@pytest.mark.slow
def test_a_desk_is_measured(tmp_path: Path) -> None:
    heard: list[str] = []
    found = measure(DESKS[0].model_copy(update=COSTS), tmp_path, heard.append)
    assert found["bars"] == 10_906
    assert found["before"] == found["after"]
    assert found["strategies"]["S15"]["trades"] == 0
    assert found["strategies"]["S2"]["trades"] > 100
    assert heard
