"""What the worker tells: nothing while it is behind, then what changed, once."""

from collections.abc import Sequence

import pytest

from kingmaker.analytics.domain import MEASURED
from kingmaker.analytics.measures import measured
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.envelope import EnvelopeError, Header, statement_headers
from kingmaker.kernel.service import UndecodableError
from kingmaker.runtime.live.windows import DeskWindows, key_of
from tests.analytics import days
from tests.analytics.days import HOUR_MS, Event, fold

DESK = Desk("one", 0)
DAY_MS = 24 * HOUR_MS
EVENTS = tuple(days.lane())
TRADES, DECISIONS = ("km.trades.v1", 0), ("km.decisions.v1", 0)


def headers(event: Event) -> list[Header]:
    ident = f"km.trader.v1/0/{event.seq}"
    return statement_headers(ident, "/km.trader.v1/0", event.kind, event.time_ms)


def worker(ends: int, told: dict[bytes, bytes] | None = None) -> DeskWindows:
    return DeskWindows([DESK], (DAY_MS,), {DECISIONS: ends, TRADES: 0}, told or {})


def feed(made: DeskWindows, events: Sequence[Event], begin: int = 0) -> None:
    for offset, event in enumerate(events, start=begin):
        made.take(DECISIONS, offset, headers(event), event.value)


def expected(events: Sequence[Event]) -> dict[bytes, bytes]:
    rows = measured("one", fold(events, DAY_MS), DAY_MS)
    return {key_of(row): MEASURED.encode(row).value for row in rows}


def test_nothing_is_told_before_everything_was_read_that_was_there() -> None:
    made = worker(ends=len(EVENTS))
    feed(made, EVENTS[:-1])
    assert not made.is_caught_up
    assert list(made.news()) == []
    feed(made, EVENTS[-1:], len(EVENTS) - 1)
    assert made.is_caught_up
    assert {key: value for _, key, value in made.news()} == expected(EVENTS)
    assert list(made.news()) == []


def test_what_is_told_already_is_not_told_again_and_what_is_no_more_is_taken_back() -> None:
    old = expected(EVENTS)
    stale = b"one/online_learning@one/v0.9.0/champion/86400000"
    another = b"two/online_learning@two/v0.9.0/champion/86400000"
    made = worker(len(EVENTS), {**old, stale: b"", another: b""})
    feed(made, EVENTS)
    assert list(made.news()) == [(0, stale, None)]


def test_an_empty_topic_is_caught_up_with_at_once() -> None:
    made = worker(ends=0)
    assert made.is_caught_up
    assert list(made.news()) == []
    feed(made, EVENTS)
    assert {key: value for _, key, value in made.news()} == expected(EVENTS)


def test_a_repeat_tells_nothing_new() -> None:
    made = worker(ends=0)
    feed(made, EVENTS)
    list(made.news())
    feed(made, EVENTS, len(EVENTS))
    assert list(made.news()) == []


def test_what_is_no_event_of_ours_is_refused_and_counts_as_read() -> None:
    made = worker(ends=2)
    with pytest.raises(EnvelopeError, match="ce_id is None"):
        made.take(DECISIONS, 0, [("smell", b"burnt")], b"")
    damaged = days.decided(7, 1, "first")
    with pytest.raises(UndecodableError, match="OpportunityDecided"):
        made.take(DECISIONS, 1, headers(damaged), b"\xff")
    assert made.is_caught_up


def test_a_desk_that_is_not_in_the_settings_is_passed_over() -> None:
    made = worker(ends=0)
    made.take(("km.decisions.v1", 5), 0, headers(EVENTS[0]), EVENTS[0].value)
    assert list(made.news()) == []
