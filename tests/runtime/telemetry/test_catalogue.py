"""Every metric is documented, told by somebody, and named as the specification asks."""

import re
from pathlib import Path

import pytest

from kingmaker.runtime.telemetry import catalogue
from kingmaker.runtime.telemetry.catalogue import ABSENT, BY_SHORT, METRICS, PREFIX

PAGE = Path(__file__).parents[3] / "docs" / "telemetry.md"
BEGIN, END = "<!-- metrics, written by pytest --rewrite -->\n", "<!-- end -->"
# user-experience 1.1 and appendix C, as they name them.
SPECIFIED = {
    "build_info": (),
    "champion_info": ("slot", "model_version"),
    "events_processed_total": ("service", "event_type", "outcome"),
    "event_processing_seconds": None,
    "consumer_lag_events": ("service", "topic", "lane"),
    "trial_evidence": ("slot",),
    "trial_decisions": ("slot",),
    "gate_check_passed": ("slot", "check"),
    "promotions_total": ("slot", "outcome"),
    "rollbacks_total": ("slot", "trigger"),
    "activation_seconds": None,
    "rollback_seconds": None,
    "training_loss": None,
    "portfolio_value_usd": None,
    "sharpe_ratio": ("slot", "window"),
    "drift_psi_ratio": None,
    "notifications_total": ("channel", "outcome"),
    "status_written_timestamp_seconds": None,
    "websocket_clients": None,
    "websocket_dropped_total": None,
    "universe_pairs": None,
    "datasets_built_total": None,
    "models_trained_total": None,
    "feature_drift_score": None,
    "training_progress_ratio": None,
    "trade_latency_seconds": None,
    "jobs": ("queue", "state"),
    "source_lag_seconds": None,
    "missing_candles": None,
    "cache_requests_total": None,
    "guard_state": None,
    "model_age_seconds": ("slot",),
    "exchange_limit_ratio": None,
    "evidence_pairs_total": None,
}
CLASSIC = {"pairs_total", "models_trained_total", "trade_latency_ms", "feature_drift"}


def test_what_the_specification_names_is_there_or_absent_with_a_reason() -> None:
    assert set(SPECIFIED) <= set(BY_SHORT) | set(ABSENT)
    assert not set(BY_SHORT) & set(ABSENT)
    for short, labels in SPECIFIED.items():
        if labels and short in BY_SHORT:
            assert BY_SHORT[short].labels == labels, short
    assert {metric.classic for metric in METRICS} - {""} == CLASSIC


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.short)
def test_names_follow_the_guide(metric: catalogue.Metric) -> None:
    assert re.fullmatch(PREFIX + "[a-z][a-z0-9_]*", metric.name)
    assert metric.short.endswith("_total") == (metric.kind == catalogue.COUNTER)
    assert metric.about
    assert "version" not in metric.labels


def test_no_two_metrics_have_one_name() -> None:
    assert len(BY_SHORT) == len(METRICS)


def test_the_page_lists_every_metric(pytestconfig: pytest.Config) -> None:
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.partition(END)[2]
    page = before + BEGIN + table() + END + after
    if pytestconfig.getoption("--rewrite"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, "run pytest --rewrite"


def table() -> str:
    """Return what the page must say."""
    lines = ["| metric | type | labels | from | what it says |", "|---|---|---|---|---|"]
    for metric in METRICS:
        names = f"`{metric.name}`" + (f", `{metric.classic}`" if metric.classic else "")
        labels = ", ".join(metric.labels) or "-"
        lines.append(f"| {names} | {metric.kind} | {labels} | {metric.source} | {metric.about} |")
    lines += ["", "Absent, because what they would tell does not happen yet:", ""]
    lines += [f"- `{PREFIX}{short}`: {why}" for short, why in ABSENT.items()]
    return "\n".join(lines) + "\n"
