"""One bar is followed from the feed to the coronation that it decides, across all services."""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any, NamedTuple

import pytest

from kingmaker.contracts import traceparent
from kingmaker.kernel import consumption
from kingmaker.kernel.lane import Lane, Record
from kingmaker.kernel.service import Step
from kingmaker.runtime.history import accepted
from kingmaker.runtime.live.watching import Watching
from kingmaker.runtime.log import Log
from kingmaker.runtime.services import ORDER
from kingmaker.runtime.telemetry.measures import Measures
from kingmaker.runtime.telemetry.spans import Spans
from kingmaker.runtime.traces import Traces
from tests.runtime.telemetry.collector import Collector, Span, collecting
from tests.runtime.telemetry.coronation import LINE, earned
from tests.runtime.telemetry.live_kingdom import DESK, live_kingdom, run_until

pytestmark = pytest.mark.slow


class Told(NamedTuple):
    """What a collector heard of a play, and the log of that play."""

    collector: Collector
    headers: dict[str, bytes]  # by the id of the event, as they were handed on
    records: dict[tuple[Lane, int], Record]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Return what all services told a collector, from their first start to a coronation."""
    traces, measures, headers = Traces(), Measures([DESK.name]), dict[str, bytes]()
    with collecting() as collector, ExitStack() as stack:
        kingdom = stack.enter_context(live_kingdom(tmp_path_factory.mktemp("told")))
        with ExitStack() as ending:
            spans = {
                name: ending.enter_context(Spans(collector.endpoint, name, traces, measures))
                for name in ORDER
            }

            def trace(lane: Lane, step: Step[Any], began: float, ended: float) -> None:
                # As a log that has headers does: here all services share one file, which has none.
                led = traces.lead(lane, step.records)
                traces.note(lane, [record.seq for record in step.records], led)
                headers.update(
                    {f"{lane}/{r.seq}": h for r, h in zip(step.records, led, strict=True)}
                )
                spans[lane.topic.split(".")[1]].take(lane, step, began, ended)

            loop = kingdom.loop(Watching(measures, trace=trace))
            run_until(loop, lambda: bool(measures.counters["canary_pairs_total"]))
            assert not loop.stopped
        return Told(collector, headers, _records(kingdom.log))


def _records(log: Log) -> dict[tuple[Lane, int], Record]:
    lanes = [Lane(f"km.{name}.v1") for name in ORDER]
    return {(lane, record.seq): record for lane in lanes for record in accepted(log, lane)}


@pytest.fixture(scope="module")
def line(told: Told) -> Sequence[Span]:
    """Return the spans from the first cause to the activation of an earned champion."""
    return told.collector.line_of(earned(told.collector.spans)[0])


def test_one_trace_leads_from_a_bar_to_the_champion_that_acts(line: Sequence[Span]) -> None:
    assert [(span.service, span.name) for span in line] == LINE
    assert len({span.trace for span in line}) == 1


def test_it_goes_on_to_all_that_hear_of_the_coronation(told: Told, line: Sequence[Span]) -> None:
    same = {(s.service, s.name) for s in told.collector.spans if s.trace == line[0].trace}
    assert {("promotion", "ReignAcknowledged"), ("shadow", "CanaryOpened")} <= same
    assert any(service == "alerting" for service, _ in same)


def test_each_span_ends_after_it_began_and_begins_after_its_cause(line: Sequence[Span]) -> None:
    assert all(span.began_ns <= span.ended_ns for span in line)
    begins = [span.began_ns for span in line]
    assert begins == sorted(begins)


def test_the_ids_follow_from_the_ids_of_the_events_alone(line: Sequence[Span]) -> None:
    first = line[0]
    event_id = first.attributes["kingmaker.event_id"]
    assert traceparent.read(traceparent.following(event_id)) == (first.trace, first.span)
    for span in line[1:]:
        own = traceparent.following(span.attributes["kingmaker.event_id"])
        assert traceparent.Traced(first.trace, span.span)[1] == traceparent.read(own)[1]  # type: ignore[index] # it is one


def test_who_reads_the_log_again_finds_the_same_ids(told: Told) -> None:
    """The header of each event, folded from the recorded steps with nothing else in hand."""
    traces, found = Traces(), dict[str, bytes]()

    def header_of(lane: Lane, seq: int) -> bytes:
        event_id = f"{lane}/{seq}"
        if event_id not in found:
            record = told.records[lane, seq]
            first = told.records[lane, seq - record.n]
            cause = consumption.last_event(first.consumed)
            if cause is not None:
                traces.note(cause[0], [cause[1]], [header_of(*cause)])
            led = traces.lead(lane, [first, *([record] if record.n else [])])
            found[event_id] = led[-1]
        return found[event_id]

    for lane, seq in sorted(told.records):
        header_of(lane, seq)
    assert {event: found[event] for event in told.headers} == told.headers


def test_every_event_was_told_once(told: Told) -> None:
    spans = [span.attributes["kingmaker.event_id"] for span in told.collector.spans]
    assert len(set(spans)) == len(spans)
    assert set(spans) == {event for event, header in told.headers.items() if header}
