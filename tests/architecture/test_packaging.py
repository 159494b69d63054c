"""Whatever runs the services runs all of them: no new one can be forgotten."""

import re
from typing import Any

import yaml

from kingmaker.runtime.deploy.catalogue import services
from kingmaker.runtime.deploy.servers import KAFKA_IMAGE, POSTGRES_IMAGE
from kingmaker.runtime.release import RELEASE
from tests.architecture.source import ROOT

AROUND = {"kafka", "postgres", "prometheus", "grafana", "topics-init", "db-migrate", "cli"}
NAMES = {one.name for one in services()}


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    return found


def test_compose_runs_exactly_the_declared_services() -> None:
    found = compose()["services"]
    assert set(found) == NAMES | AROUND
    for name in NAMES:
        words = found[name]["command"][:3]
        assert words == ["service", "run", name] or words[:2] == [name, "run"]
        assert found[name]["depends_on"]["topics-init"]["condition"].endswith("successfully")
        assert words[0] != "service" or f"{name}:/var/lib/kingmaker" in found[name]["volumes"]
        assert "healthcheck" in found[name]
    assert found["views"]["depends_on"]["db-migrate"]["condition"].endswith("successfully")
    assert found["feed"]["depends_on"]["trader"]["condition"] == "service_healthy"


def test_prometheus_of_compose_asks_every_service() -> None:
    text = (ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text("utf-8")
    [job] = yaml.safe_load(text)["scrape_configs"]
    assert set(job["static_configs"][0]["targets"]) == {f"{name}:9464" for name in NAMES}


def test_postgres_of_compose_is_healthy_only_once_it_answers_others() -> None:
    # While it makes its first database it answers on its socket alone, and then stops once more.
    asked = compose()["services"]["postgres"]["healthcheck"]["test"]
    assert asked[asked.index("pg_isready") + 1 :][:2] == ["--host", "127.0.0.1"]


def test_compose_binds_to_the_loopback_only_and_writes_no_root() -> None:
    for name, one in compose()["services"].items():
        assert all(port.startswith("127.0.0.1:") for port in one.get("ports", ())), name
        if name in NAMES | {"topics-init", "db-migrate", "cli"}:
            assert one["read_only"] is True
            assert one["cap_drop"] == ["ALL"]


def test_one_release_and_one_broker_are_named_everywhere() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    assert f"kingmaker:{RELEASE}}}" in text
    assert compose()["services"]["kafka"]["image"] == KAFKA_IMAGE
    assert compose()["services"]["postgres"]["image"] == POSTGRES_IMAGE
    pom = (ROOT / "tests" / "kafka" / "pom.xml").read_text("utf-8")
    assert f"<version>{KAFKA_IMAGE.partition(':')[2]}</version>" in pom


def test_the_image_is_built_with_the_uv_of_the_tree_and_runs_as_nobody() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    script = (ROOT / "scripts" / "uv").read_text("utf-8")
    version = re.search(r"^version=(.+)$", script, re.MULTILINE)
    assert version
    assert f"uv=={version[1]}" in dockerfile
    assert "USER 65532:65532" in dockerfile
    assert "HEALTHCHECK" not in dockerfile  # jobs and people run the same image
