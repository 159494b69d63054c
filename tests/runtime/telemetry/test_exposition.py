"""The page that Prometheus reads, parsed by its own library."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from kingmaker.runtime.telemetry.catalogue import BY_SHORT, SECONDS
from kingmaker.runtime.telemetry.exposition import open_page
from kingmaker.runtime.telemetry.measures import Measures

SLOT = "online_learning@oak"


@pytest.fixture
def measures() -> Measures:
    found = Measures(["oak"])
    found.counters["rollbacks_total"] = {(SLOT, "person"): 2.0}
    found.counters["models_trained_total"] = {(SLOT, "none"): 1.0}
    found.observe("trade_latency_seconds", ("oak",), 0.02)
    found.look((), {"universe_pairs": {("oak",): 3.0, ("elm",): 4.0}})
    return found


def page(measures: Measures) -> dict[str, float]:
    """Return every sample by its name and labels."""
    text = open_page(measures)()[0].decode()
    return {
        sample.name + str(sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_counters_and_gauges_stand_there_under_their_labels(measures: Measures) -> None:
    found = page(measures)
    labels = [("slot", SLOT), ("trigger", "person")]
    assert found[f"kingmaker_rollbacks_total{labels}"] == 2.0
    assert found["kingmaker_universe_pairs[('desk', 'oak')]"] == 3.0
    assert any(name.startswith("process_cpu_seconds_total") for name in found)


def test_classic_names_stand_beside_them(measures: Measures) -> None:
    found = page(measures)
    assert found["pairs_total[('symbol', 'all')]"] == 7.0
    assert found[f"models_trained_total{[('outcome', 'none'), ('slot', SLOT)]}"] == 1.0
    assert found["trade_latency_ms_bucket[('desk', 'oak'), ('le', '25.0')]"] == 1.0
    assert found["trade_latency_ms_bucket[('desk', 'oak'), ('le', '10.0')]"] == 0.0
    assert found["trade_latency_ms_sum[('desk', 'oak')]"] == pytest.approx(20.0)


def test_a_histogram_has_every_bound(measures: Measures) -> None:
    found = [
        name for name in page(measures) if name.startswith("kingmaker_trade_latency_seconds_b")
    ]
    assert len(found) == len(SECONDS) + 1


def test_what_was_never_told_is_not_there(measures: Measures) -> None:
    text = open_page(measures)()[0].decode()
    assert BY_SHORT["alerts_total"].name not in text
