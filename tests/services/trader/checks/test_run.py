"""What the command line hears of the trader's checks."""

from pathlib import Path

import pytest

from kingmaker.trader.checks.own_file import OwnFileError
from kingmaker.trader.checks.run import Series, fare, lookahead
from tests.services.trader.checks.test_lookahead import walk

PEEKS = """
def features(bars):
    later = [*bars.close[1:], bars.close[-1]]
    return {"tomorrow": later, "today": bars.close}
"""
BARS = walk(110)
SERIES = (
    BARS.symbol,
    BARS.interval_ms,
    BARS.open_ms.tolist(),
    [
        x
        for row in zip(BARS.open, BARS.high, BARS.low, BARS.close, BARS.volume, strict=True)
        for x in row
    ],
)


def test_without_files_the_products_own_are_checked_on_every_series() -> None:
    done: list[int] = []
    records = list(lookahead([SERIES, SERIES], (), (), done.append))
    assert len(records) == 2 * (24 + 5)
    assert all(record["ok"] and record["difference"] is None for record in records)
    assert (done[0], done[-1]) == (1, 220)


def test_with_files_these_alone_are_checked(tmp_path: Path) -> None:
    file = tmp_path / "peeks.py"
    file.write_text(PEEKS, encoding="utf-8")
    tomorrow, today = lookahead([SERIES], (file,), (), lambda _done: None)
    assert (tomorrow["name"], tomorrow["ok"], today["ok"]) == ("tomorrow", False, True)
    assert tomorrow["difference"]["whole"] == BARS.close[1]
    assert tomorrow["difference"]["other"] == BARS.close[0]


def test_a_file_that_cannot_be_used_is_told_before_anything_is_compared(tmp_path: Path) -> None:
    with pytest.raises(OwnFileError):
        list(lookahead([SERIES], (), (tmp_path / "absent.py",), lambda _done: None))


OFTEN = """
STOP_ATR = TARGET_ATR = 1.0


def signals(bars):
    return [(place // 3) % 3 - 1 for place in range(len(bars))]
"""
NEVER = """
def signals(bars):
    return [0] * len(bars)
"""


def hourly(count: int) -> Series:
    """Return hourly bars from 1970, a Thursday, on."""
    long = walk(count)
    numbers = [long.open, long.high, long.low, long.close, long.volume]
    rows = [float(x) for row in zip(*numbers, strict=True) for x in row]
    return long.symbol, 3_600_000, [3_600_000 * at for at in range(count)], rows


def test_a_strategy_is_paired_with_doing_nothing_and_with_holding(tmp_path: Path) -> None:
    """Given one that pays costs all day, and one that never trades."""
    files = []
    for name, text in (("often", OFTEN), ("never", NEVER)):
        files.append(tmp_path / f"{name}.py")
        files[-1].write_text(text, encoding="utf-8")
    often, never, holding, *five = fare([hourly(24 * 60)], files, {}, lambda _done: None)
    assert often["verdict"] == "worse than doing nothing"
    assert often["against"]["doing nothing"]["mean"] < 0.0
    assert never["verdict"] == "the same as doing nothing"
    against = never["against"]["buying and holding"]
    assert against["mean"] * against["days"] == pytest.approx(-holding["net"])
    assert (holding["name"], holding["trades"], len(five)) == ("buying and holding", 1, 5)


def test_a_strategy_that_looks_ahead_is_not_traded(tmp_path: Path) -> None:
    file = tmp_path / "tomorrow.py"
    text = "def signals(bars):\n    later = [*bars.close[1:], bars.close[-1]]\n"
    file.write_text(text + "    return (later > bars.close).astype(int)\n", encoding="utf-8")
    mine, holding, *_ = fare([hourly(24 * 10)], [file], {}, lambda _done: None)
    assert mine["days"] == holding["days"] == 10, "weekends are days of a market without any"
    assert mine["verdict"] == "it looks ahead: no figure of it counts"
    assert mine["difference"]["future"] in {"truncated", "altered"}
    assert (mine["trades"], mine["by_day"]) == (0, [])
    assert holding["name"] == "buying and holding"


def test_a_file_with_two_strategies_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "two.py"
    rule = "from kingmaker.trader.strategies.s6_momentum import STRATEGY"
    file.write_text(rule + NEVER, encoding="utf-8")
    with pytest.raises(OwnFileError, match=r"both signals\(bars\) and STRATEGY"):
        list(fare([SERIES], [file], {}, lambda _done: None))
