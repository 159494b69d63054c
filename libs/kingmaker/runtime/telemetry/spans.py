"""Tells a collector of every event that was decided: one span each, from its input to its step.

The ids are those of `traceparent`: whoever tells of an event tells of the same span. Spans wait in
a bounded queue and are sent in batches by another thread; without a collector they are dropped, and
nothing that decides ever waits. It needs the extra `telemetry`.
"""

import logging
import threading
from collections.abc import Sequence
from typing import Any, Self, override

from opentelemetry import trace as api
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON

from kingmaker.contracts import traceparent
from kingmaker.contracts.traceparent import Traced
from kingmaker.kernel.lane import Lane, Record
from kingmaker.kernel.service import Step
from kingmaker.runtime.release import RELEASE
from kingmaker.runtime.telemetry.measures import Measures
from kingmaker.runtime.traces import Traces

QUEUE_MAX = 8_192  # spans that wait; then the oldest are dropped
BATCH_MAX = 512
SEND_EVERY_MS = 1_000
ANSWER_S = 5.0  # of a collector, its retries included
END_S = 3.0  # what the end of a process may wait for the last of them
NS = 1_000_000_000
PATH = "/v1/traces"
SPANS = "spans_total"


class Spans:
    """The spans of one process."""

    def __init__(self, endpoint: str, service: str, traces: Traces, measures: Measures) -> None:
        """Send nothing yet."""
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)  # it warns of every span lost
        self._service, self._traces, self._measures = service, traces, measures
        self._ids = _Ids()
        resource = Resource(
            {
                "service.name": service,
                "service.namespace": "kingmaker",
                "service.version": RELEASE,
            }
        )
        # What is not said here the library takes from the environment, or decides for itself.
        self._provider = TracerProvider(
            ALWAYS_ON, resource, shutdown_on_exit=False, id_generator=self._ids
        )
        exporter = OTLPSpanExporter(endpoint.rstrip("/") + PATH, timeout=ANSWER_S)
        self._provider.add_span_processor(
            BatchSpanProcessor(
                _Counted(exporter, service, measures),
                max_queue_size=QUEUE_MAX,
                schedule_delay_millis=SEND_EVERY_MS,
                max_export_batch_size=BATCH_MAX,
            )
        )
        self._tracer = self._provider.get_tracer("kingmaker", RELEASE)

    def __enter__(self) -> Self:
        """Use it in a `with` block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Send what waits, for a few seconds at most."""
        ending = threading.Thread(target=self._provider.shutdown, daemon=True)
        ending.start()
        ending.join(END_S)

    def take(self, lane: Lane, step: Step[Any], began: float, ended: float) -> None:
        """Tell of a step that was just accepted: from when to when, in seconds since 1970."""
        if not step.events:
            return
        cause = traceparent.read(self._traces.cause_of(step.records[0]))
        headers = self._traces.lead(lane, step.records)
        for record, header, event in zip(step.records, headers, step.events, strict=True):
            own = traceparent.read(header)
            if own is not None:
                self._tell(lane, record, event, (own, cause), (began, ended))

    def _tell(
        self,
        lane: Lane,
        record: Record,
        event: Any,  # noqa: ANN401 - of any service
        ids: tuple[Traced, Traced | None],
        seconds: tuple[float, float],
    ) -> None:
        own, cause = ids
        self._ids.next = own
        span = self._tracer.start_span(
            record.kind.rpartition(".")[2],
            _context(cause),
            attributes=_attributes(lane, record, event),
            start_time=int(seconds[0] * NS),
        )
        span.end(int(seconds[1] * NS))
        self._measures.count(SPANS, (self._service, "taken"))


class _Ids(IdGenerator):
    """Gives the ids of the event that is told of."""

    next = Traced("", "")

    @override
    def generate_span_id(self) -> int:
        return int(self.next.span, 16)

    @override
    def generate_trace_id(self) -> int:
        return int(self.next.trace, 16)


class _Counted(SpanExporter):
    """Counts what arrived and what did not."""

    def __init__(self, inner: SpanExporter, service: str, measures: Measures) -> None:
        self._inner, self._service, self._measures = inner, service, measures

    @override
    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._inner.export(spans)
        outcome = "exported" if result is SpanExportResult.SUCCESS else "failed"
        self._measures.count(SPANS, (self._service, outcome), len(spans))
        return result

    @override
    def shutdown(self) -> None:
        self._inner.shutdown()


def _context(cause: Traced | None) -> Any:  # noqa: ANN401 - the library's own
    """Return the span that an event follows; an empty context where a trace begins."""
    if cause is None:
        return api.set_span_in_context(api.INVALID_SPAN)
    flags = api.TraceFlags(api.TraceFlags.SAMPLED)
    parent = api.SpanContext(
        int(cause.trace, 16), int(cause.span, 16), is_remote=True, trace_flags=flags
    )
    return api.set_span_in_context(api.NonRecordingSpan(parent))


def _attributes(lane: Lane, record: Record, event: Any) -> dict[str, str | int]:  # noqa: ANN401 - of any service
    attributes: dict[str, str | int] = {
        "kingmaker.event_id": f"{lane}/{record.seq}",
        "kingmaker.event_type": record.kind,
        "kingmaker.market_time_ms": record.time_ms,
    }
    for name in ("slot", "trial", "opportunity", "promotion"):
        said = getattr(event, name, "")
        if said:
            attributes[f"kingmaker.{name}"] = said
    return attributes
