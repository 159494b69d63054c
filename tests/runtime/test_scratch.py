"""Bars are played in a folder that is gone afterwards, and teach without training anything."""

from kingmaker.runtime.cli.smoke import DESKS
from kingmaker.runtime.scratch import played
from kingmaker.runtime.settings import Settings

SETTINGS = Settings(desks=DESKS)
BARS = 400


def test_the_trades_and_bars_of_a_desk_are_handed_out_and_nothing_stays() -> None:
    heard: list[int] = []
    with played(SETTINGS, heard.append, limit=BARS) as [source]:
        bars, trades = source.bars(), source.trades()
        assert source.log.exists()
    assert not source.log.exists()
    assert heard == list(range(1, BARS + 1))
    assert len(bars) == BARS
    assert trades
    assert all(trade.decided_ms < trade.time_ms for trade in trades)


def test_it_begins_where_it_is_told_to() -> None:
    with played(SETTINGS, lambda _done: None, limit=5) as [source]:
        third_ms = source.bars()[2].open_ms
    with played(SETTINGS, lambda _done: None, from_ms=third_ms, limit=5) as [source]:
        assert source.bars()[0].open_ms == third_ms
