"""The same coronation across a process a service on a real broker, as a collector hears it."""

import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.cluster import ClusterHome
from tests.conftest import lonely_broker
from tests.runtime.telemetry.collector import Collector, Span, collecting
from tests.runtime.telemetry.coronation import LINE, earned
from tests.runtime.telemetry.live_kingdom import EAGER

pytestmark = [pytest.mark.kafka, pytest.mark.cluster, pytest.mark.slow]

BARS, BARS_A_SECOND = 20_000, 200.0  # a busy machine trains while bars are still to come


@dataclass
class TracedHome(ClusterHome):
    """A cluster home whose processes tell a collector, and crown soon."""

    endpoint: str = ""

    def _settings(self) -> dict[str, Any]:
        promotion = EAGER.promotion.model_dump(exclude_unset=True)
        told = {"otlp_endpoint": self.endpoint}
        return {**super()._settings(), "promotion": promotion, "telemetry": told}


@pytest.fixture
def told(tmp_path: Path) -> Iterator[tuple[TracedHome, Collector]]:
    with collecting() as collector, lonely_broker(tmp_path / "kafka") as servers:
        home = TracedHome(servers, tmp_path / "cluster", bars=BARS, endpoint=collector.endpoint)
        yield home, collector
        home.close()


def test_one_bar_is_followed_to_the_champion_that_acts(
    told: tuple[TracedHome, Collector],
) -> None:
    home, collector = told
    home.start_all(BARS_A_SECOND)
    home.await_that("an earned champion acts", lambda: bool(wholly_told(collector)))
    line = collector.line_of(wholly_told(collector)[0])
    assert [(span.service, span.name) for span in line] == LINE
    assert len({span.trace for span in line}) == 1
    for name in home.running:
        page = scraped(home, name)
        assert f'kingmaker_ready{{service="{name}"}}' in page
        assert f'kingmaker_spans_total{{outcome="taken",service="{name}"}}' in page
    assert (
        'kingmaker_consumer_lag_events{lane="0",service="shadow",topic="km.trader.v1"}'
        in scraped(home, "shadow")
    )


def scraped(home: ClusterHome, name: str) -> str:
    """Return the metrics of a process, from the address that it told."""
    lines = (home.folder / f"{name}.log").read_text(encoding="utf-8").splitlines()
    address = [line for line in lines if "health on" in line][-1].rpartition(" ")[2]
    with urllib.request.urlopen(address.replace("/readyz", "/metrics")) as answer:  # noqa: S310 - our own process
        return str(answer.read().decode())


def wholly_told(collector: Collector) -> list[Span]:
    """Return the activations of earned champions of which every cause was told."""
    spans = list(collector.spans)
    known = {(span.trace, span.span) for span in spans}
    return [
        one
        for one in earned(spans)
        if all((s.trace, s.parent) in known or not s.parent for s in spans if s.trace == one.trace)
    ]
