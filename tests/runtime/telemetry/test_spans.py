"""Spans that nobody takes harm nobody."""

import socket
from types import SimpleNamespace
from typing import Any

import pytest

from kingmaker.kernel import consumption
from kingmaker.kernel.lane import Draft, Lane, Pen, frame
from kingmaker.kernel.service import Run, Step
from kingmaker.runtime.telemetry import spans as module
from kingmaker.runtime.telemetry.measures import Measures
from kingmaker.runtime.telemetry.spans import Spans
from kingmaker.runtime.traces import Traces
from tests.runtime.telemetry.collector import collecting

FEED, TRADER = Lane("km.feed.v1"), Lane("km.trader.v1")


def step(number: int = 0) -> Step[Any]:
    consumed = consumption.encode([Run(FEED, number, number, "h")])
    drafts = [Draft("kingmaker.trader.v1.PairResolved", b"")]
    records = frame(TRADER.genesis("x"), Pen(1, "t", number), drafts, consumed)
    return Step((), (SimpleNamespace(slot="a@oak", trial=""),), records)


def counted(measures: Measures) -> dict[str, float]:
    return {labels[1]: n for labels, n in measures.counters["spans_total"].items()}


def test_a_collector_hears_what_event_it_was_and_when() -> None:
    measures = Measures(["oak"])
    with collecting() as collector:
        with Spans(collector.endpoint + "/", "trader", Traces(), measures) as spans:
            spans.take(TRADER, step(), 10.0, 10.5)
        (span,) = collector.spans
    assert (span.service, span.name, span.parent) == ("trader", "PairResolved", "")
    assert (span.began_ns, span.ended_ns) == (10_000_000_000, 10_500_000_000)
    assert span.attributes["kingmaker.event_id"] == "km.trader.v1/0/0"
    assert span.attributes["kingmaker.slot"] == "a@oak"
    assert "kingmaker.trial" not in span.attributes
    assert counted(measures) == {"taken": 1.0, "exported": 1.0}


def test_a_step_of_the_machine_itself_is_told_to_nobody() -> None:
    measures = Measures(["oak"])
    with collecting() as collector, Spans(collector.endpoint, "t", Traces(), measures) as spans:
        spans.take(TRADER, Step((), (), step().records), 1.0, 2.0)
    assert collector.spans == []
    assert counted(measures) == {}


def test_without_a_collector_spans_are_dropped_and_the_end_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "QUEUE_MAX", 16)
    monkeypatch.setattr(module, "BATCH_MAX", 8)
    monkeypatch.setattr(module, "END_S", 0.2)
    measures = Measures(["oak"])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with Spans(f"http://127.0.0.1:{port}", "trader", Traces(), measures) as spans:
        for number in range(500):
            spans.take(TRADER, step(number), 1.0, 2.0)
        assert counted(measures)["taken"] == 500.0
    assert "exported" not in counted(measures)


def test_a_collector_that_never_answers_keeps_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "END_S", 0.2)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        endpoint = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        with Spans(endpoint, "trader", Traces(), Measures(["oak"])) as spans:
            spans.take(TRADER, step(), 1.0, 2.0)
