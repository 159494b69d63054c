"""Every expression that is shipped, on a real Prometheus that scraped real services to a crown."""

import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from kingmaker.runtime.live.health import Health, HealthServer
from kingmaker.runtime.live.loop import Loop
from kingmaker.runtime.live.views import Follower
from kingmaker.runtime.live.watching import Watching
from kingmaker.runtime.log import Log
from kingmaker.runtime.telemetry.catalogue import METRICS
from kingmaker.runtime.telemetry.measures import Measures
from kingmaker.runtime.telemetry.page import open_answer
from kingmaker.runtime.telemetry.view_gauges import ViewGauges
from kingmaker.runtime.views.sqlite_store import SqliteStore
from tests.dashboards.scraping import Prometheus, prometheus, promtool, require_tools
from tests.dashboards.shipped import (
    PROMETHEUS,
    Query,
    metrics_in,
    queries_of_dashboards,
    queries_of_rules,
)
from tests.runtime.telemetry.live_kingdom import DESK, live_kingdom, run_until

pytestmark = [pytest.mark.prometheus, pytest.mark.slow]

LOOKED_AT_S = 8.0  # after the crown: some scrapes, and evaluations of the rules
# What this history does not hold: nothing failed, nobody commanded, no row was
# refused; guard and drift are off.
DOES_NOT_HAPPEN = {
    "ALERTS",
    "kingmaker_bars_refused_total",
    "kingmaker_challenger_faults_total",
    "kingmaker_champion_faults_total",
    "kingmaker_commands_total",
    "kingmaker_drifts_total",
    "kingmaker_feature_drift_score",
    "kingmaker_guard_changes_total",
    "kingmaker_mode_changes_total",
    "kingmaker_models_refused_total",
    "kingmaker_rollback_seconds_bucket",
    "kingmaker_rollbacks_total",
    "kingmaker_spans_total",  # nobody is told of traces there
}
# What it may hold or not: how soon a training runs, and on how few trades, the machine decides.
MAY_HAPPEN = {"kingmaker_jobs_abandoned_total", "kingmaker_trainings_failed_total"}


class Observed(NamedTuple):
    """What was scraped, and the page itself."""

    prometheus: Prometheus
    page: bytes


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Observed]:
    """Yield a Prometheus that watched a desk from its first start to a reign under watch."""
    require_tools()
    folder = tmp_path_factory.mktemp("observed")
    (folder / "prometheus").mkdir()
    measures, of_views = Measures([DESK.name]), Measures([DESK.name])
    with ExitStack() as stack:
        kingdom = stack.enter_context(live_kingdom(folder / "home"))
        rows = Rows(kingdom.log, folder / "views.sqlite", of_views)
        stack.callback(rows.follower.close)
        addresses = [
            _served(kingdom.health, measures, stack),
            _served(rows.health, of_views, stack),
        ]
        made = stack.enter_context(prometheus(folder / "prometheus", *addresses))
        loop = kingdom.loop(Watching(measures))
        run_until(loop, lambda: bool(measures.counters["canary_pairs_total"]))
        _go_on(loop, rows)
        with urllib.request.urlopen(f"http://{addresses[0]}/metrics") as answer:
            page = answer.read()
        yield Observed(made, page)


class Rows:
    """The rows of the same log, kept up as the process of the views does."""

    def __init__(self, log: Log, file: Path, measures: Measures) -> None:
        self.health, self._gauges = Health(), ViewGauges(measures)
        self.follower = Follower(
            lambda: SqliteStore(file), log, (DESK,), self.health, lambda _said: None
        )

    def turn(self) -> None:
        is_folded = self.follower.turn()
        self._gauges.look(self.health, lambda _lane: 0, is_folded=is_folded)


def _served(health: Health, measures: Measures, stack: ExitStack) -> str:
    server = HealthServer(health, "127.0.0.1", 0, open_answer(measures))
    return f"127.0.0.1:{stack.enter_context(server).port}"


def _go_on(loop: Loop, rows: Rows) -> None:
    until = time.monotonic() + LOOKED_AT_S
    while time.monotonic() < until:
        loop.turn()
        rows.turn()
    assert not loop.stopped


@pytest.mark.parametrize("query", queries_of_dashboards(), ids=lambda query: query.where)
def test_every_panel_shows_something(observed: Observed, query: Query) -> None:
    rows = observed.prometheus.rows(query.expr)
    assert bool(rows) or metrics_in(query.expr) <= DOES_NOT_HAPPEN | MAY_HAPPEN


@pytest.mark.parametrize("query", queries_of_rules(), ids=lambda query: query.where)
def test_every_rule_can_be_evaluated(observed: Observed, query: Query) -> None:
    observed.prometheus.rows(query.expr)


def test_rules_are_healthy_where_they_run_and_those_recorded_have_data(observed: Observed) -> None:
    groups = observed.prometheus.asked("rules")["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert len(rules) == len(queries_of_rules())
    assert [rule["health"] for rule in rules] == ["ok"] * len(rules)
    for rule in rules:
        assert rule["type"] == "alerting" or observed.prometheus.rows(rule["name"])


def test_what_did_not_happen_is_not_there(observed: Observed) -> None:
    for name in DOES_NOT_HAPPEN - {"ALERTS"}:
        assert not observed.prometheus.rows(name), name


def test_every_metric_but_those_of_what_did_not_happen_was_scraped(observed: Observed) -> None:
    absent = {
        metric.name
        for metric in METRICS
        if not observed.prometheus.rows(f'{{__name__=~"{metric.name}(_count)?"}}')
    }
    never = {name.removesuffix("_bucket") for name in DOES_NOT_HAPPEN - {"ALERTS"}}
    assert absent - MAY_HAPPEN == never


def test_the_page_passes_the_linter_but_for_classic_names(observed: Observed) -> None:
    said = promtool("check", "metrics", given=observed.page)[1].splitlines()
    classic = {metric.classic for metric in METRICS} - {""}
    assert [line for line in said if line.partition(" ")[0] not in classic] == []


def test_configuration_and_rules_pass_promtool() -> None:
    require_tools()
    code, said = promtool("check", "config", str(PROMETHEUS / "prometheus.yml"))
    assert code == 0, said
    for file in (PROMETHEUS / "tests").glob("*.yaml"):
        code, said = promtool("test", "rules", str(file))
        assert code == 0, said
