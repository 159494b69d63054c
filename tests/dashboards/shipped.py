"""What is shipped for Prometheus and Grafana, as data."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"
PROMETHEUS, GRAFANA = DEPLOY / "prometheus", DEPLOY / "grafana"
# What a query of ours may name beside the metrics of the catalogue.
OF_OTHERS = {"ALERTS", "up", "process_cpu_seconds_total", "process_resident_memory_bytes"}
FUNCTIONS = re.compile(r"[a-z_]+(?=\s*\()")
EVERY_DESK = ".*"


class Query(NamedTuple):
    """One expression, and where it stands."""

    where: str
    expr: str


def dashboards() -> dict[str, dict[str, Any]]:
    """Return every dashboard by the name of its file."""
    files = sorted((GRAFANA / "dashboards").glob("*.json"))
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}


def rules() -> Iterator[dict[str, Any]]:
    """Yield every rule, alerts and recorded ones."""
    for file in sorted((PROMETHEUS / "rules").glob("*.yaml")):
        for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]:
            yield from group["rules"]


def alerts() -> dict[str, dict[str, Any]]:
    """Return the alerts by name."""
    return {rule["alert"]: rule for rule in rules() if "alert" in rule}


def queries_of_dashboards() -> list[Query]:
    """Return every expression of every panel, for every desk."""
    return [
        Query(f"{name}: {panel['title']}", target["expr"].replace("$desk", EVERY_DESK))
        for name, board in dashboards().items()
        for panel in board["panels"]
        for target in panel["targets"]
    ]


def queries_of_rules() -> list[Query]:
    """Return every expression of every rule."""
    return [Query(rule.get("alert") or rule["record"], rule["expr"]) for rule in rules()]


def metrics_in(expr: str) -> set[str]:
    """Return the names of metrics in an expression: whatever a selector could begin with."""
    bare = re.sub(r'"[^"]*"', '""', expr)
    bare = re.sub(r"\b(by|on|group_left|group_right|without|ignoring)\s*\([^)]*\)", " ", bare)
    bare = re.sub(r"\{[^}]*\}", "{}", bare)
    words = set(re.findall(r"[a-zA-Z_:][\w:]*", re.sub(r"\[[^]]*\]", " ", bare)))
    called = set(FUNCTIONS.findall(bare))
    return {word for word in words - called if "_" in word or word in OF_OTHERS}
