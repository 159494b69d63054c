"""Deciding anew finds a record that no decider would have written, however well it is chained."""

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import Draft, Lane, Pen, frame
from kingmaker.kernel.service import Input
from kingmaker.runtime.engine import AnyService, Engine
from kingmaker.runtime.kingdom import build_services
from kingmaker.runtime.memory_log import MemoryLog
from kingmaker.runtime.redecide import Redecision

MINUTE = 60_000


@pytest.fixture
def feed() -> AnyService:
    return build_services([Desk("d", 0)])[0]


def bar(number: int) -> Input:
    message = message_class("kingmaker.feed.v1", "BarRead")(
        symbol="X",
        interval_ms=MINUTE,
        open_ms=number * MINUTE,
        open=1.0,
        high=2.0,
        low=1.0,
        close=2.0,
        volume=1.0,
    )
    lane, kind = Lane("km.feed.facts.v1"), "kingmaker.feed.v1.BarRead"
    return Input(lane, number, kind, message.SerializeToString(), time_ms=(number + 1) * MINUTE)


def recorded(feed: AnyService) -> tuple[MemoryLog, Engine]:
    log = MemoryLog()
    engine = Engine(feed, log)
    engine.start("test")
    for number in range(5):
        engine.offer(bar(number))
        engine.stage()
    return log, engine


def test_what_this_code_decided_is_decided_again(feed: AnyService) -> None:
    log, _ = recorded(feed)
    redecision = Redecision(feed, log)
    assert redecision.run() is None
    assert redecision.events > 5


def test_an_event_that_nothing_decided_is_found_and_named(feed: AnyService) -> None:
    log, engine = recorded(feed)
    forged = message_class("kingmaker.feed.v1", "SymbolAdded")(symbol="Y", interval_ms=1)
    draft = Draft("kingmaker.feed.v1.SymbolAdded", forged.SerializeToString())
    step = frame(engine.host.tip, Pen(engine.host.term, "feed"), [draft])
    log.append(feed.lane, step)
    difference = Redecision(feed, log).run()
    assert difference is not None
    assert (difference.lane, difference.seq) == (feed.lane, step[0].seq)
    assert "recorded kingmaker.feed.v1.SymbolAdded" in str(difference)
    assert "recomputed nothing" in str(difference)


def test_what_lies_behind_the_end_is_not_looked_at(feed: AnyService) -> None:
    log, engine = recorded(feed)
    end = engine.host.tip.seq
    log.append(feed.lane, frame(engine.host.tip, Pen(1, "feed"), [Draft("Forged", b"")]))
    assert Redecision(feed, log).run(until_seq=end) is None
