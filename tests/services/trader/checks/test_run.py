"""What the command line hears of the trader's checks."""

from pathlib import Path

import pytest

from kingmaker.trader.checks.own_file import OwnFileError
from kingmaker.trader.checks.run import lookahead
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
