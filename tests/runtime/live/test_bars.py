"""Recorded bars handed to a feed: in order, from where its lane ends, no faster than asked."""

from kingmaker.contracts.desks import Desk
from kingmaker.runtime.bars import DEMO, open_bars
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.live.bars import TOGETHER_MAX, RecordedBars
from kingmaker.runtime.memory_log import MemoryLog
from kingmaker.runtime.services import build_services
from kingmaker.runtime.settings import Settings

DESKS = (Desk("a", 0), Desk("b", 1))
BARS = open_bars(Settings(desks=tuple(DEMO[2].model_copy(update={"name": d.name}) for d in DESKS)))


def feed(index: int) -> Engine:
    feeds = [service for service in build_services(DESKS) if service.name == "feed"]
    engine = Engine(feeds[index], MemoryLog())
    engine.start("test")
    return engine


def test_a_feed_gets_the_rows_of_its_desk_in_order_and_goes_on_where_it_was() -> None:
    engine, source = feed(1), RecordedBars(BARS, len(DESKS))
    taken = list(source.take(engine))
    assert [item.number for item in taken] == list(range(TOGETHER_MAX))
    assert {str(item.lane) for item in taken} == {"km.feed.facts.v1/1"}
    for item in taken:
        assert engine.offer(item)
    again = list(RecordedBars(BARS, len(DESKS)).take(engine))
    assert again[0].number == TOGETHER_MAX
    assert again[0].time_ms > taken[-1].time_ms


def test_it_is_over_after_the_last_row_and_not_before() -> None:
    engine, source, count = feed(0), RecordedBars(BARS, len(DESKS)), 0
    assert not source.is_over
    while not source.is_over:
        count += len(list(source.take(engine)))
    assert count == BARS.bars(0)


def test_a_pace_is_kept() -> None:
    assert list(RecordedBars(BARS, len(DESKS), a_second=1e-6).take(feed(0))) == []
