"""Traces are handed on from what was consumed to what is written."""

import pytest

from kingmaker.contracts.traceparent import following, read
from kingmaker.kernel import consumption
from kingmaker.kernel.lane import STARTED, Draft, Lane, Pen, Record, frame
from kingmaker.kernel.service import Consumed, Input, Run
from kingmaker.runtime import traces as module
from kingmaker.runtime.traces import Traces

FEED, TRADER = Lane("km.feed.v1"), Lane("km.trader.v1")
FACT = Input(Lane("km.trader.facts.v1"), 3, "kingmaker.trader.v1.ModelLoaded", b"{[x")


def step(*consumed: Consumed, kinds: tuple[str, ...] = ("A", "B")) -> tuple[Record, ...]:
    drafts = [Draft(kind, b"") for kind in kinds]
    return frame(TRADER.genesis("x"), Pen(1, "t"), drafts, consumption.encode(consumed))


@pytest.fixture
def traces() -> Traces:
    made = Traces()
    made.note(FEED, [4, 5], [following("km.feed.v1/0/4"), following("km.feed.v1/0/5")])
    return made


def test_a_step_goes_on_with_the_trace_of_the_last_event_it_consumed(traces: Traces) -> None:
    led = traces.lead(TRADER, step(FACT, Run(FEED, 2, 5, "h")))
    bar = read(following("km.feed.v1/0/5"))
    assert bar is not None
    assert [read(header) for header in led] == [
        (bar.trace, read(following("km.trader.v1/0/0"))[1]),  # type: ignore[index] # it is one
        (bar.trace, read(following("km.trader.v1/0/1"))[1]),  # type: ignore[index] # it is one
    ]


def test_a_step_on_a_tick_a_command_or_a_fact_begins_a_trace(traces: Traces) -> None:
    led = traces.lead(TRADER, step(Run(FEED, 2, 5, "h"), FACT))
    assert led[0] == following("km.trader.v1/0/0")
    assert traces.lead(TRADER, step())[0] == following("km.trader.v1/0/0")


def test_an_event_whose_trace_nobody_knows_begins_one(traces: Traces) -> None:
    led = traces.lead(TRADER, step(Run(FEED, 2, 9, "h")))
    assert led[0] == following("km.trader.v1/0/0")


def test_what_the_machine_says_of_itself_is_in_no_trace(traces: Traces) -> None:
    led = traces.lead(TRADER, step(Run(FEED, 2, 5, "h"), kinds=(STARTED,)))
    assert led == [b""]


def test_the_oldest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 2)
    traces = Traces()
    for seq in range(6):
        traces.note(FEED, [seq], [b"%d" % seq])
    assert traces.of(FEED, 0) == b""
    assert [traces.of(FEED, seq) for seq in (4, 5)] == [b"4", b"5"]
