"""Measures in the text format of Prometheus. It needs the extra `telemetry`."""

from collections.abc import Callable, Iterator, Mapping

from prometheus_client import GC_COLLECTOR, PLATFORM_COLLECTOR, PROCESS_COLLECTOR, CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)
from prometheus_client.core import (
    Metric as Family,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from kingmaker.runtime.telemetry.catalogue import COUNTER, GAUGE, METRICS, Metric
from kingmaker.runtime.telemetry.measures import Labels, Measures, Values

MS_A_SECOND = 1000.0
ALL = "all"  # the symbol of the classic pairs_total

type Page = tuple[bytes, str]


def open_page(measures: Measures) -> Callable[[], Page]:
    """Return what gives the page of now, and its content type."""
    registry = CollectorRegistry()
    registry.register(_Collector(measures))
    for collector in (PROCESS_COLLECTOR, PLATFORM_COLLECTOR, GC_COLLECTOR):
        registry.register(collector)
    return lambda: (generate_latest(registry), CONTENT_TYPE_PLAIN_0_0_4)


class _Collector:
    """Gives what the measures hold, in the order of the catalogue, classic names after it."""

    def __init__(self, measures: Measures) -> None:
        self._measures = measures

    def collect(self) -> Iterator[Family]:
        for metric in METRICS:
            yield from _families(metric, self._measures)

    def describe(self) -> Iterator[Family]:
        """Say nothing of what may come: it depends on the service."""
        return iter(())


def _families(metric: Metric, measures: Measures) -> Iterator[Family]:
    if metric.kind == COUNTER:
        values = dict(measures.counters.get(metric.short, {}))
        yield from _plain(CounterMetricFamily, metric.name, metric, values)
        yield from _plain(CounterMetricFamily, metric.classic, metric, values)
    elif metric.kind == GAUGE:
        values = dict(measures.gauges.get(metric.short, {}))
        values |= dict(measures.levels.get(metric.short, {}))
        yield from _plain(GaugeMetricFamily, metric.name, metric, values)
        yield from _classic_pairs(metric, values)
    else:
        yield from _histogram(metric.name, metric, measures, 1.0)
        yield from _histogram(metric.classic, metric, measures, MS_A_SECOND)


def _plain(
    family: Callable[..., CounterMetricFamily | GaugeMetricFamily],
    name: str,
    metric: Metric,
    values: Mapping[Labels, float],
) -> Iterator[Family]:
    if not name or not values:
        return
    made = family(name, metric.about, labels=metric.labels)
    for labels, value in sorted(values.items()):
        made.add_metric(labels, value)
    yield made


def _classic_pairs(metric: Metric, values: Values) -> Iterator[Family]:
    """Give the symbols of all desks of this process, as the classic name does."""
    if metric.classic and values:
        made = GaugeMetricFamily(metric.classic, metric.about, labels=("symbol",))
        made.add_metric((ALL,), sum(values.values()))
        yield made


def _histogram(name: str, metric: Metric, measures: Measures, scale: float) -> Iterator[Family]:
    found = {
        key[1]: kept for key, kept in dict(measures.histograms).items() if key[0] == metric.short
    }
    if not name or not found:
        return
    made = HistogramMetricFamily(name, metric.about, labels=metric.labels)
    for labels, kept in sorted(found.items()):
        made.add_metric(labels, kept.cumulative(scale), kept.sum * scale)
    yield made
