"""The bars of a run, from settings or from the command line."""

from pathlib import Path

import pytest

from kingmaker.runtime.bars import DEMO, desks_of_files, open_bars
from kingmaker.runtime.settings import DeskSettings, Settings
from kingmaker.runtime.settings_sources import SettingsError

SAMPLE = "sample:EURUSD_1h_2017.csv.gz"


@pytest.mark.parametrize(
    ("desk", "fault"),
    [
        (DeskSettings(name="a", files=("x.csv",)), "its name tells neither symbol nor interval"),
        (DeskSettings(name="a", files=(SAMPLE,), interval="5m"), "its interval is 5m"),
        (DeskSettings(name="a", files=(SAMPLE,), symbols=("GOLD",)), "its symbols are GOLD"),
    ],
)
def test_a_desk_that_is_not_what_its_files_are_is_refused(desk: DeskSettings, fault: str) -> None:
    with pytest.raises(SettingsError, match=f"desk a: .*{fault}"):
        open_bars(Settings(desks=(desk,)))


def test_a_bad_file_is_refused_by_the_feed(tmp_path: Path) -> None:
    path = tmp_path / "BTCUSDT_1h.csv"
    path.write_text("ts,open,high,low,close,volume\nnow,1,1,1,1,1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2: ts is 'now'"):
        open_bars(Settings(desks=desks_of_files([str(path)])))


def test_a_name_without_symbol_is_refused_with_the_remedy() -> None:
    with pytest.raises(SettingsError, match=r"--data: .* Write bars\.csv:SYMBOL:INTERVAL"):
        desks_of_files(["bars.csv"])


def test_files_become_one_desk_an_interval(tmp_path: Path) -> None:
    texts = [SAMPLE, "x/BTCUSDT_5m.csv", f"{tmp_path}/any.csv:ETHUSDT:5m"]
    hourly, fast = desks_of_files(texts)
    assert (hourly.name, hourly.files) == ("data-1h", (SAMPLE,))
    assert (fast.name, fast.symbols) == ("data-5m", ("BTCUSDT", "ETHUSDT"))
    assert all(Path(file.split(":")[0]).is_absolute() for file in fast.files)


def test_the_demo_plays_three_desks_of_real_bars() -> None:
    bars = open_bars(Settings(desks=DEMO))
    assert [bars.bars(index) for index in range(3)] == [58_419, 39_090, 6_225]
    assert len(bars.gaps()) == 30
    assert [symbol for symbol, _ in bars.symbols(1)] == ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT"]
