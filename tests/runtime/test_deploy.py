"""What a cluster is told: every service, restricted pods, and only the edges that are needed."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from kingmaker.contracts.topics import TOPICS
from kingmaker.runtime.deploy import kustomize
from kingmaker.runtime.deploy.catalogue import PORTS, services
from kingmaker.runtime.deploy.kustomize import files, incarnation_in, merged, rendered, write
from kingmaker.runtime.deploy.overlays import needs
from kingmaker.runtime.deploy.pods import DRAIN_S, HEALTH_PORT, Resource
from kingmaker.runtime.deploy.wish import LANES, Wish, extra_env, new_incarnation
from kingmaker.runtime.kafka.log import DEADLINE_S, STOP_S
from kingmaker.runtime.live.views import NAME as VIEWS
from kingmaker.runtime.settings_load import Sources, load
from kingmaker.runtime.settings_sources import SettingsError

OLDEST, PRESENT = "1.32", "1.36"  # that numbers pods for good; that `make test-k8s` was run on
FOREIGN = {"ServiceMonitor"}  # of Prometheus' operator: no schema of Kubernetes knows it
LOG = "00000000000000aa"
WISH = Wish(LOG, image="registry.example/kingmaker:7", extra_env={"TZ": "UTC"})
OURS = "ours"
PROMETHEUS = Path(__file__).parents[2] / "deploy" / "prometheus"
OVERLAYS = ("overlays/demo", "overlays/production")
SERVICES = {one.name for one in services()}


@pytest.mark.parametrize(
    ("overlay", "version"),
    [(OVERLAYS[0], PRESENT), (OVERLAYS[1], PRESENT), (OVERLAYS[1], OLDEST)],
)
def test_every_resource_obeys_the_schema_of_its_kind(overlay: str, version: str) -> None:
    resources = rendered(overlay, files(Wish(LOG, existing_secret=OURS)))
    for resource in resources:
        if resource["kind"] not in FOREIGN:
            kubernetes_validate.validate(resource, version, strict=True)
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate({**resources[0], "sepc": {}}, version, strict=True)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_declared_service_runs_and_nothing_else(overlay: str) -> None:
    found = of_kind(overlay, "StatefulSet")
    servers = {"kafka", "postgres"} if overlay.endswith("demo") else set()
    assert set(found) == SERVICES | servers
    for name in SERVICES:
        [container] = found[name]["spec"]["template"]["spec"]["containers"]
        words = container["args"][:3]
        assert words == ["service", "run", name] or words[:2] == [name, "run"]
        assert container["image"] == WISH.image
    assert set(of_kind(overlay, "PodDisruptionBudget")) == SERVICES
    assert {*of_kind(overlay, "Service")} == SERVICES | servers


def test_what_runs_is_what_is_declared_the_views_and_the_windows() -> None:
    assert {topic.service for topic in TOPICS} | {VIEWS, "analytics"} == SERVICES


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_pod_is_restricted_and_has_a_root_that_nobody_can_write(overlay: str) -> None:
    pods = list(pods_of(overlay))
    assert len(pods) > len(SERVICES)
    for pod in pods:
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] > 0
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in (*pod["containers"], *pod.get("initContainers", ())):
            security = container["securityContext"]
            assert security["readOnlyRootFilesystem"] is True
            assert security["allowPrivilegeEscalation"] is False
            assert security["capabilities"] == {"drop": ["ALL"]}
            assert "memory" in container["resources"]["limits"]


def test_a_service_is_asked_how_it_is_and_may_drain() -> None:
    for name in SERVICES:
        pod = of_kind("overlays/demo", "StatefulSet")[name]["spec"]["template"]["spec"]
        [container] = pod["containers"]
        probes = {"startup": "/startupz", "liveness": "/livez", "readiness": "/readyz"}
        for probe, path in probes.items():
            assert container[f"{probe}Probe"]["httpGet"] == {"path": path, "port": "health"}
        assert container["ports"] == [{"name": "health", "containerPort": HEALTH_PORT}]
        assert pod["terminationGracePeriodSeconds"] > 3 * DEADLINE_S + STOP_S
    assert DRAIN_S == 60


def test_lanes_are_spread_over_pods_by_their_ordinal_where_a_service_has_one_a_desk() -> None:
    found = of_kind("overlays/production", "StatefulSet")
    for one in services():
        spec = found[one.name]["spec"]
        [container] = spec["template"]["spec"]["containers"]
        env = {variable["name"]: variable for variable in container["env"]}
        assert spec["replicas"] == (LANES if one.per_desk else 1)
        assert ("$(ORDINAL)" in container["args"]) == one.per_desk
        if one.per_desk:
            assert env["PODS"]["value"] == str(LANES)
            assert "pod-index" in env["ORDINAL"]["valueFrom"]["fieldRef"]["fieldPath"]


def test_the_name_of_the_log_stands_in_one_place_that_cannot_be_edited() -> None:
    resource = of_kind("overlays/production", "ConfigMap")["kingmaker-log"]
    assert (resource["immutable"], resource["data"]) == (True, {"incarnation": LOG})
    containers = [one for pod in pods_of("overlays/production") for one in pod["containers"]]
    for container in containers:
        env = {one["name"]: one for one in container["env"]}
        source = env["KINGMAKER__KAFKA__INCARNATION"]["valueFrom"]["configMapKeyRef"]
        assert source == {"name": "kingmaker-log", "key": "incarnation"}
        assert env["TZ"]["value"] == "UTC"


def test_in_production_each_pod_sees_its_own_password_and_promotion_whom_it_obeys() -> None:
    written = files(Wish(LOG, existing_secret=OURS))
    seen = {}
    for resource in rendered("overlays/production", written):
        pod = resource.get("spec", {}).get("template", {}).get("spec", {})
        for volume in pod.get("volumes", ()):
            if volume["name"] == "secrets":
                assert volume["secret"]["secretName"] == OURS
                keys = {item["key"] for item in volume["secret"]["items"]}
                seen[resource["metadata"]["labels"]["app.kubernetes.io/component"]] = keys
    assert seen.pop("promotion") == {"promotion.password", "ca.crt", "trusted.json"}
    assert seen.pop("topics-init") == {"admin.password", "ca.crt"}
    assert seen.pop("views") == {"views.password", "ca.crt", "postgres.password"}
    assert seen.pop("db-migrate") == {"postgres.password"}
    assert seen.pop("cli") == {"cli.password", "ca.crt", "postgres.password"}  # kingmaker db
    assert seen.pop("analytics") == {"windows.password", "ca.crt"}
    assert seen == {name: {f"{name}.password", "ca.crt"} for name in seen}
    assert set(seen) == SERVICES - {"promotion", "views", "analytics"}


def test_a_demo_without_a_secret_asks_for_none_and_with_one_promotion_obeys_it() -> None:
    assert "secretName" not in "".join(files(WISH).values()).replace(
        files(WISH)["overlays/production/patch-secret.yaml"], ""
    )
    with_one = rendered("overlays/demo", files(Wish(LOG, existing_secret=OURS)))
    [promotion] = [
        one
        for one in with_one
        if (one["kind"], one["metadata"]["name"]) == ("StatefulSet", "promotion")
    ]
    [container] = promotion["spec"]["template"]["spec"]["containers"]
    env = {one["name"]: one.get("value") for one in container["env"]}
    assert env["KINGMAKER__TRUSTED_KEYS"] == "/run/secrets/kingmaker/trusted.json"


def test_nobody_may_talk_to_anybody_but_along_the_edges_that_are_needed() -> None:
    components = {*needs(), *PORTS, "stranger"}
    allowed = {
        (source, target, port)
        for source in components
        for target in components
        for port in (*PORTS.values(), HEALTH_PORT)
        if may_talk(source, target, port)
    }
    assert allowed == {
        (name, need, PORTS[need]) for name, wanted in needs().items() for need in wanted
    }


def test_prometheus_calls_its_job_as_the_rules_do() -> None:
    monitor = of_kind("overlays/production", "ServiceMonitor")["kingmaker"]["spec"]
    jobs = {
        one["metadata"]["labels"].get(monitor.get("jobLabel"), one["metadata"]["name"])
        for one in of_kind("overlays/production", "Service").values()
    }
    configured = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text(encoding="utf-8"))
    rules = (PROMETHEUS / "rules" / "kingmaker.yaml").read_text(encoding="utf-8")
    asked = set(re.findall(r'job="([^"]+)"', rules))
    assert asked == jobs == {one["job_name"] for one in configured["scrape_configs"]}


def test_the_settings_that_are_mounted_hold(tmp_path: Path) -> None:
    for overlay in OVERLAYS:
        text = of_kind(overlay, "ConfigMap")["kingmaker-settings"]["data"]["kingmaker.yaml"]
        path = tmp_path / "kingmaker.yaml"
        path.write_text(text)
        found = load(Sources(environment={}, folder=tmp_path)).settings
        assert len(found.desks) == (LANES if overlay.endswith("production") else 1)
        assert found.kafka.servers


def test_an_image_has_jobs_of_its_own_since_a_job_never_changes() -> None:
    names = {
        next(iter(one))
        for image in ("kingmaker:1", "kingmaker:2")
        if (one := _named("Job", rendered("overlays/demo", files(Wish(LOG, image=image)))))
    }
    assert len(names) == 2


def test_a_folder_that_was_written_keeps_the_name_of_its_log(tmp_path: Path) -> None:
    assert incarnation_in(tmp_path) == ""
    written = write(tmp_path, WISH)
    assert sorted(written) == sorted(files(WISH))
    assert incarnation_in(tmp_path) == LOG
    assert new_incarnation() != new_incarnation()


def test_lists_are_merged_by_the_key_of_their_elements_and_others_replaced() -> None:
    base = {"env": [{"name": "a", "value": "1"}, {"name": "b"}], "args": ["x"], "keep": 1}
    patch = {"env": [{"name": "c"}, {"name": "a", "value": "2"}], "args": ["y", "z"]}
    assert merged(base, patch) == {
        "env": [{"name": "a", "value": "2"}, {"name": "b"}, {"name": "c"}],
        "args": ["y", "z"],
        "keep": 1,
    }


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"incarnation": "x"}, "--incarnation is 'x': 16 hexadecimal digits"),
        ({"image": "a b"}, "--image is 'a b'"),
        ({"namespace": "Bad"}, "--namespace is 'Bad'"),
        ({"existing_secret": "_"}, "--existing-secret is '_'"),
        ({"extra_env": {"1X": ""}}, "--extra-env is '1X'"),
        ({"lanes": 0}, "--lanes is 0"),
    ],
)
def test_what_no_cluster_would_take_is_refused_by_name(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        Wish(**{"incarnation": LOG, **wrong})  # type: ignore[arg-type] # wrong on purpose


def test_an_extra_variable_has_a_name_and_a_value() -> None:
    assert extra_env(["A=1", "B=x=y"]) == {"A": "1", "B": "x=y"}
    with pytest.raises(SettingsError, match="write NAME=VALUE"):
        extra_env(["A"])


def test_what_is_committed_is_what_the_command_writes() -> None:
    folder = Path(__file__).parents[2] / "deploy" / "k8s"
    committed = {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }
    remedy = "run: kingmaker deploy kustomize"
    assert committed == files(Wish(incarnation_in(folder))), remedy


@cache
def texts() -> dict[str, str]:
    return files(WISH)


@cache
def of_kind(overlay: str, kind: str) -> dict[str, Resource]:
    return _named(kind, rendered(overlay, texts()))


def _named(kind: str, resources: list[Resource]) -> dict[str, Resource]:
    return {one["metadata"]["name"]: one for one in resources if one["kind"] == kind}


def pods_of(overlay: str) -> Iterator[Resource]:
    for resource in rendered(overlay, texts()):
        template = resource.get("spec", {}).get("template")
        if template:
            yield template["spec"]


def may_talk(source: str, target: str, port: int) -> bool:
    """Tell what the policies of the demo allow between two pods of its namespace."""
    policies = of_kind("overlays/demo", "NetworkPolicy").values()
    return _lets(policies, source, target, port, "Egress") and _lets(
        policies, target, source, port, "Ingress"
    )


def _lets(policies: object, whose: str, other: str, port: int, way: str) -> bool:
    field, peers = ("egress", "to") if way == "Egress" else ("ingress", "from")
    bound = [
        one["spec"]
        for one in policies  # type: ignore[attr-defined] # resources
        if way in one["spec"]["policyTypes"] and _selects(one["spec"]["podSelector"], whose)
    ]
    assert bound, "default-deny binds everybody"
    return any(
        any("podSelector" in peer and _selects(peer["podSelector"], other) for peer in rule[peers])
        and any(one["port"] == port for one in rule["ports"])
        for spec in bound
        for rule in spec.get(field, ())
    )


def _selects(selector: Resource, component: str) -> bool:
    return all(component in one["values"] for one in selector.get("matchExpressions", ()))


def test_what_is_written_is_yaml_of_one_form() -> None:
    for name, text in files(WISH).items():
        assert text.startswith(kustomize.HEAD), name
        assert json.loads(json.dumps(list(yaml.safe_load_all(text))))
