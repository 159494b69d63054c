"""Bars are played in a folder that is gone afterwards, and teach without training anything."""

from kingmaker.kernel.lane import Lane
from kingmaker.runtime.cli.smoke import DESKS
from kingmaker.runtime.history import accepted
from kingmaker.runtime.home import Home
from kingmaker.runtime.scratch import Sources, played
from kingmaker.runtime.settings import ModelRotation, Operations, Settings
from kingmaker.runtime.sqlite_log import SqliteLog

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


def test_nothing_is_trained_although_the_desk_and_the_calendar_ask_for_it() -> None:
    [desk] = DESKS
    daily = ModelRotation(enabled=True, retrain_frequency_days=1)
    settings = Settings(
        desks=(desk.model_copy(update={"min_trades": 100}),),
        operations=Operations(model_rotation=daily),
    )
    with played(settings, lambda _done: None, limit=2_000) as [source]:
        assert len(source.trades()) > 100, "else nobody would train in any case"
        assert not [kind for kind in said_by_learners(source) if "Training" in kind]


def said_by_learners(source: Sources) -> list[str]:
    home = Home(source.log.parent)
    log = SqliteLog(home.log, home.incarnation(), read_only=True)
    try:
        return [record.kind for record in accepted(log, Lane("km.learners.v1"))]
    finally:
        log.close()
