"""The base, and what is laid over it: a demo on one node, an example of production."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kingmaker.runtime.deploy import network, servers, workloads
from kingmaker.runtime.deploy.catalogue import Need, Workload, services
from kingmaker.runtime.deploy.pods import (
    LOG_MAP,
    SECRETS,
    SETTINGS_MAP,
    Resource,
    labels,
    metadata,
    mount,
    variables,
)
from kingmaker.runtime.deploy.settings import demo_settings, production_settings
from kingmaker.runtime.deploy.wish import Wish

ADMIN = "admin"  # the principal of the jobs
DEMO_BARS_A_SECOND = 20
ELSEWHERE: Mapping[Need, str] = {"kafka": "kafka", "postgres": "postgres"}  # their namespaces


@dataclass(frozen=True, slots=True)
class Layer:
    """One folder: files of resources, files of patches, and the folders that it stands on."""

    resources: Mapping[str, Sequence[Resource]]
    patches: Mapping[str, Sequence[Resource]]
    below: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    is_component: bool = False


def layers(wish: Wish) -> Mapping[str, Layer]:
    """Return every folder by its path."""
    return {
        "base": _base(wish),
        "components/monitoring": _monitoring(),
        "overlays/demo": _demo(wish),
        "overlays/production": _production(wish),
    }


def needs() -> dict[str, Sequence[Need]]:
    """Return what each component needs, jobs and the pod for people among them."""
    found: dict[str, Sequence[Need]] = {one.name: one.needs for one in services()}
    jobs: dict[str, Sequence[Need]] = {"topics-init": ("kafka",), "db-migrate": ("postgres",)}
    return found | jobs | {workloads.PEOPLE: ("kafka", "postgres")}


def _base(wish: Wish) -> Layer:
    resources: dict[str, Sequence[Resource]] = {
        "namespace.yaml": [_namespace(wish)],
        "log.yaml": [_log(wish)],
        "artifacts.yaml": [workloads.artifacts()],
        "network.yaml": network.policies(needs(), services()),
        "jobs.yaml": [workloads.topics_job(wish), workloads.migration_job(wish)],
        "cli.yaml": [workloads.people(wish)],
    }
    resources |= {f"{one.name}.yaml": workloads.service(one, wish) for one in services()}
    return Layer(resources, {})


def _namespace(wish: Wish) -> Resource:
    levels = {
        f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "audit", "warn")
    }
    head = {"name": wish.namespace, "labels": levels}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": head}


def _log(wish: Wish) -> Resource:
    """Return the name of the log: immutable, so that nobody gives it a second one."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata(LOG_MAP),
        "immutable": True,
        "data": {"incarnation": wish.incarnation},
    }


def _settings(text: str) -> Resource:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata(SETTINGS_MAP),
        "data": {"kingmaker.yaml": text},
    }


def _monitoring() -> Layer:
    """Return what Prometheus' operator reads; a cluster without its kinds leaves it out."""
    monitor = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "ServiceMonitor",
        "metadata": metadata("kingmaker"),
        "spec": {
            "jobLabel": "app.kubernetes.io/name",  # else each service is a job, and no rule's
            "selector": {"matchLabels": {"app.kubernetes.io/name": "kingmaker"}},
            "endpoints": [{"port": "health", "path": "/metrics"}],
        },
    }
    return Layer({"servicemonitor.yaml": [monitor]}, {}, is_component=True)


def _demo(wish: Wish) -> Layer:
    kafka = [*servers.kafka(), network.of_server("kafka", needs())]
    postgres = [*servers.postgres(), network.of_server("postgres", needs())]
    one_node = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "artifacts"},
        "spec": {"accessModes": ["ReadWriteOnce"]},
    }
    patches: dict[str, Sequence[Resource]] = {
        "one-node.yaml": [one_node],
        "pace.yaml": [_pace()],
    }
    if wish.existing_secret:
        keys = {"trusted.json": "trusted.json"}
        patches["secret.yaml"] = [_of_service("promotion", _secret(wish, keys, _TRUSTED))]
    resources = {
        "settings.yaml": [_settings(demo_settings())],
        "kafka.yaml": kafka,
        "postgres.yaml": postgres,
    }
    return Layer(resources, patches, below=("../../base",))


def _pace() -> Resource:
    """Return the feed with a pace: recorded bars would else be over in a minute."""
    feed = next(one for one in services() if one.name == "feed")
    args = [*workloads.running_args(feed), "--bars-a-second", str(DEMO_BARS_A_SECOND)]
    return _of_service("feed", {"containers": [{"name": "service", "args": args}]})


def _production(wish: Wish) -> Layer:
    spread = [_lanes(one, wish.lanes) for one in services() if one.per_desk]
    secrets = [
        *(_of_service(one.name, _credentials(wish, one)) for one in services()),
        _of("batch/v1", "Job", f"topics-init-{wish.job_suffix}", _administrator(wish)),
        _of("batch/v1", "Job", f"db-migrate-{wish.job_suffix}", _migrator(wish)),
        _of("apps/v1", "Deployment", workloads.PEOPLE, _people(wish)),
    ]
    patches = {
        "lanes.yaml": spread,
        "secret.yaml": secrets,
        "network.yaml": [network.elsewhere(need, where) for need, where in ELSEWHERE.items()],
    }
    settings = _settings(wish.settings or production_settings(wish.lanes))
    return Layer(
        {"settings.yaml": [settings]},
        patches,
        below=("../../base",),
        components=("../../components/monitoring",),
    )


def _lanes(one: Workload, pods: int) -> Resource:
    """Return more pods, each with the lanes of its ordinal; spread over nodes where there are."""
    spread = {
        "maxSkew": 1,
        "topologyKey": "kubernetes.io/hostname",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": labels(one.name)},
    }
    env = variables({"PODS": str(pods)})
    spec = {"containers": [{"name": "service", "env": env}], "topologySpreadConstraints": [spread]}
    patch = _of_service(one.name, spec)
    return patch | {"spec": {"replicas": pods, **patch["spec"]}}


def _credentials(wish: Wish, one: Workload) -> Resource:
    keys, more = {}, {}
    if one.name == "promotion":
        keys, more = {"trusted.json": "trusted.json"}, _TRUSTED
    if "postgres" in one.needs:
        keys, more = _ROWS_KEY, _ROWS
    containers = ("service", "topics") if one.sees_topics else ("service",)
    return _principal(wish, one.who, containers, keys, more)


def _administrator(wish: Wish) -> Resource:
    return _principal(wish, ADMIN, ("init",))


def _people(wish: Wish) -> Resource:
    """Return what `status` needs of Kafka, and `db` of PostgreSQL, too."""
    return _principal(wish, "cli", ("cli",), _ROWS_KEY, _ROWS)


def _migrator(wish: Wish) -> Resource:
    return _secret(wish, _ROWS_KEY, _ROWS, ("migrate",))


_ROWS_KEY = {"postgres.password": "postgres"}
_ROWS = {"KINGMAKER__VIEWS__PASSWORD_FILE": f"{SECRETS}/postgres"}
_TRUSTED = {"KINGMAKER__TRUSTED_KEYS": f"{SECRETS}/trusted.json"}


def _principal(
    wish: Wish,
    who: str,
    containers: Sequence[str],
    keys: Mapping[str, str] | None = None,
    more: Mapping[str, str] | None = None,
) -> Resource:
    """Return what proves to Kafka who one is: each pod sees its own password, and no other."""
    env = {
        "KINGMAKER__KAFKA__USER": who,
        "KINGMAKER__KAFKA__PASSWORD_FILE": f"{SECRETS}/password",
        **(more or {}),
    }
    items = {f"{who}.password": "password", "ca.crt": "ca.crt", **(keys or {})}
    return _secret(wish, items, env, containers)


def _secret(
    wish: Wish,
    items: Mapping[str, str],
    env: Mapping[str, str],
    containers: Sequence[str] = ("service",),
) -> Resource:
    seen = [
        {
            "name": name,
            "env": variables(env),
            "volumeMounts": [mount("secrets", SECRETS, read_only=True)],
        }
        for name in containers
    ]
    source = {
        "secretName": wish.secret,
        "defaultMode": 0o440,
        "items": [{"key": key, "path": path} for key, path in items.items()],
    }
    spec: Resource = {"containers": [one for one in seen if one["name"] != "topics"]}
    waiting = [one for one in seen if one["name"] == "topics"]
    if waiting:
        spec["initContainers"] = waiting
    return spec | {"volumes": [{"name": "secrets", "secret": source}]}


def _of_service(name: str, pod_spec: Resource) -> Resource:
    return _of("apps/v1", "StatefulSet", name, pod_spec)


def _of(version: str, kind: str, name: str, pod_spec: Resource) -> Resource:
    return {
        "apiVersion": version,
        "kind": kind,
        "metadata": {"name": name},
        "spec": {"template": {"spec": pod_spec}},
    }
