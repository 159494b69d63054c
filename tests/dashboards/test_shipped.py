"""What is shipped for Prometheus and Grafana is whole: names, links, forms."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from kingmaker.runtime.cli.main import COMMANDS
from kingmaker.runtime.telemetry.catalogue import HISTOGRAM, METRICS
from tests.dashboards.shipped import (
    GRAFANA,
    OF_OTHERS,
    PROMETHEUS,
    Query,
    alerts,
    dashboards,
    metrics_in,
    queries_of_dashboards,
    queries_of_rules,
    rules,
)

ROOT = Path(__file__).parents[2]
RUNBOOK = ROOT / "docs" / "runbook.md"
TITLES = {"AI-Fleet", "Model Performance", "System Health", "Data Pipeline"}
PARTS = ("_bucket", "_sum", "_count")
RECORDED = {rule["record"] for rule in rules() if "record" in rule}
EXPORTED = {metric.name for metric in METRICS if metric.kind != HISTOGRAM} | {
    metric.name + part for metric in METRICS if metric.kind == HISTOGRAM for part in PARTS
}


@pytest.mark.parametrize(
    "query", queries_of_dashboards() + queries_of_rules(), ids=lambda q: q.where
)
def test_every_metric_of_every_expression_exists_in_the_code(query: Query) -> None:
    named = metrics_in(query.expr)
    assert named
    assert named <= EXPORTED | RECORDED | OF_OTHERS


def test_names_are_found_wherever_they_stand() -> None:
    assert metrics_in('sum by (a_b) (rate(x_total{l_m="n_o"}[5m])) / on (p_q) y_z > 1') == {
        "x_total",
        "y_z",
    }
    assert metrics_in("sum(up)") == {"up"}


def test_there_are_the_four_dashboards() -> None:
    titles = {board["title"].removeprefix("Kingmaker · ") for board in dashboards().values()}
    assert titles == TITLES


@pytest.mark.parametrize("name", dashboards())
def test_a_dashboard_can_be_provisioned(name: str) -> None:
    board = dashboards()[name]
    assert board["uid"] == f"kingmaker-{name}"
    assert "__inputs" not in board
    assert "id" not in board
    variables = {variable["name"]: variable for variable in board["templating"]["list"]}
    assert variables["datasource"]["type"] == "datasource"
    ids = [panel["id"] for panel in board["panels"]]
    assert len(set(ids)) == len(ids)
    for panel in board["panels"]:
        _require_a_panel(panel, set(variables))


def _require_a_panel(panel: dict[str, Any], variables: set[str]) -> None:
    source = {"type": "prometheus", "uid": "${datasource}"}
    assert panel["datasource"] == source
    assert all(target["datasource"] == source for target in panel["targets"])
    place = panel["gridPos"]
    assert place["x"] + place["w"] <= 24
    text = " ".join(target["expr"] for target in panel["targets"])
    assert set(re.findall(r"\$([a-z]\w*)", text)) <= variables


def test_panels_do_not_lie_on_one_another() -> None:
    for name, board in dashboards().items():
        taken: set[tuple[int, int]] = set()
        for panel in board["panels"]:
            at = panel["gridPos"]
            cells = {
                (x, y)
                for x in range(at["x"], at["x"] + at["w"])
                for y in range(at["y"], at["y"] + at["h"])
            }
            assert not cells & taken, f"{name}: {panel['title']}"
            taken |= cells


@pytest.mark.parametrize("name", alerts())
def test_every_alert_leads_to_its_section_of_the_runbook(name: str) -> None:
    rule = alerts()[name]
    page, _, section = rule["annotations"]["runbook"].partition("#")
    assert ROOT / page == RUNBOOK
    headings = re.findall(r"^## (.+)$", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE)
    slugs = {heading.lower().replace(" ", "-"): heading for heading in headings}
    assert section in slugs
    body = RUNBOOK.read_text(encoding="utf-8").partition(f"## {slugs[section]}\n")[2]
    assert body.startswith(f"`{name}`: ")
    assert rule["annotations"]["summary"]
    assert rule["labels"]["severity"] in {"warning", "critical"}


def test_every_section_of_the_runbook_belongs_to_an_alert() -> None:
    sections = re.findall(r"^## ", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(sections) == len(alerts())


def test_the_runbook_names_commands_that_exist() -> None:
    known = {name for name, _, _ in COMMANDS}
    named = re.findall(r"`kingmaker ([a-z]+)", RUNBOOK.read_text(encoding="utf-8"))
    assert named
    assert set(named) <= known


def test_grafana_is_told_where_everything_is() -> None:
    source = yaml.safe_load((GRAFANA / "provisioning/datasources/prometheus.yaml").read_text())
    assert source["datasources"][0]["type"] == "prometheus"
    provider = yaml.safe_load((GRAFANA / "provisioning/dashboards/kingmaker.yaml").read_text())
    assert provider["providers"][0]["options"]["path"] == "/var/lib/grafana/dashboards"


def test_kubernetes_gets_every_dashboard_under_the_label_that_grafana_looks_for() -> None:
    made = yaml.safe_load((GRAFANA / "kustomization.yaml").read_text(encoding="utf-8"))
    assert made["generatorOptions"]["labels"] == {"grafana_dashboard": "1"}
    (generated,) = made["configMapGenerator"]
    assert generated["files"] == [f"dashboards/{name}.json" for name in dashboards()]


def test_every_alert_has_a_recorded_case() -> None:
    files = (PROMETHEUS / "tests").glob("*.yaml")
    cases = [
        case
        for file in files
        for test in yaml.safe_load(file.read_text(encoding="utf-8"))["tests"]
        for case in test["alert_rule_test"]
    ]
    fired = {case["alertname"] for case in cases if case.get("exp_alerts")}
    silent = {case["alertname"] for case in cases if not case.get("exp_alerts")}
    assert fired == silent == set(alerts())
