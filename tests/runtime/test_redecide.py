"""Deciding anew finds a record that no decider would have written, however well it is chained."""

from itertools import pairwise

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import Draft, Lane, Pen, frame
from kingmaker.kernel.service import Input
from kingmaker.runtime.engine import AnyService, Engine
from kingmaker.runtime.memory_log import MemoryLog
from kingmaker.runtime.redecide import Redecision, Rehearsal, Share
from kingmaker.runtime.services import build_services

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


def test_a_copy_hears_nothing_of_what_the_other_folds(feed: AnyService) -> None:
    log, _ = recorded(feed)
    records = log.read(feed.lane, 0)[0]
    first = Rehearsal(feed, "audit", log.incarnation)
    first.replay(records[0])
    copies = [first.fork(), first.fork()]
    for record in records[1:]:
        first.replay(record)
    assert records[1].of > 1
    for copy in copies:
        assert copy.tip == records[0].position
        for record in records[1:]:
            copy.replay(record)
        assert copy.fork().state_hash == first.state_hash


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


@pytest.mark.parametrize("of", [1, 2, 3, 7, 40])
def test_all_parts_together_decide_every_event_once(feed: AnyService, of: int) -> None:
    log, engine = recorded(feed)
    end = engine.host.tip.seq
    whole = Redecision(feed, log, begin_ms=2 * MINUTE)
    assert whole.run(end) is None
    parts = [Redecision(feed, log, begin_ms=2 * MINUTE, share=Share(n, of)) for n in range(of)]
    assert [part.run(end) for part in parts] == [None] * of
    assert sum(part.events for part in parts) == whole.events
    begun = [part.began for part in parts if part.began >= 0]
    assert begun[0] == whole.began
    assert begun == sorted(set(begun))


def test_an_event_that_nothing_decided_is_found_by_the_part_that_it_lies_in(
    feed: AnyService,
) -> None:
    log, engine = recorded(feed)
    forged = message_class("kingmaker.feed.v1", "SymbolAdded")(symbol="Y", interval_ms=1)
    draft = Draft("kingmaker.feed.v1.SymbolAdded", forged.SerializeToString())
    step = frame(engine.host.tip, Pen(engine.host.term, "feed"), [draft])
    log.append(feed.lane, step)
    found = [Redecision(feed, log, share=Share(n, 3)).run(step[-1].seq) for n in range(3)]
    assert found[:2] == [None, None]
    assert found[2] is not None
    assert found[2].seq == step[0].seq


@pytest.mark.parametrize("of", [1, 2, 8])
def test_parts_lie_side_by_side_and_the_later_are_not_longer(of: int) -> None:
    limits = [Share(number, of).limits(10, 9_999) for number in range(of)]
    assert limits[0][0] == 10
    assert limits[-1][1] == 10_000
    assert [end for _, end in limits[:-1]] == [begin for begin, _ in limits[1:]]
    lengths = [end - begin for begin, end in limits]
    assert all(later <= earlier + 1 for earlier, later in pairwise(lengths))
