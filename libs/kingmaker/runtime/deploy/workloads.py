"""Services as StatefulSets, what is done once as Jobs, and a pod for people."""

from typing import Any

from kingmaker.runtime.deploy.catalogue import Workload
from kingmaker.runtime.deploy.pods import (
    ARTIFACTS,
    DRAIN_S,
    HEALTH_PORT,
    HOME,
    PATIENCE_S,
    SETTINGS_FILE,
    Resource,
    container,
    labels,
    metadata,
    mount,
    pod,
)
from kingmaker.runtime.deploy.wish import Wish

PEOPLE = "cli"  # as the principal on Kafka is called
REPLAY_TRIES = 900  # every two seconds: half an hour to read a long log
JOB_KEPT_S = 300


def service(workload: Workload, wish: Wish) -> list[Resource]:
    """Return a StatefulSet with its headless Service and its disruption budget."""
    name = workload.name
    return [
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": metadata(name, name),
            "spec": {
                "clusterIP": "None",
                "selector": labels(name),
                "ports": [{"name": "health", "port": HEALTH_PORT, "targetPort": "health"}],
            },
        },
        {
            "apiVersion": "apps/v1",
            "kind": "StatefulSet",
            "metadata": metadata(name, name),
            "spec": {
                "serviceName": name,
                "replicas": 1,
                "podManagementPolicy": "Parallel",
                "selector": {"matchLabels": labels(name)},
                "template": _service_pod(workload, wish),
                "volumeClaimTemplates": [_claim("home", "ReadWriteOnce", "4Gi")],
            },
        },
        {
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": metadata(name, name),
            "spec": {
                "maxUnavailable": 1,
                "unhealthyPodEvictionPolicy": "AlwaysAllow",  # what is broken holds no node back
                "selector": {"matchLabels": labels(name)},
            },
        },
    ]


def _service_pod(workload: Workload, wish: Wish) -> Resource:
    running = container("service", running_args(workload), wish, workload.memory)
    running["env"] += [
        {"name": "ORDINAL", "valueFrom": {"fieldRef": {"fieldPath": _POD_INDEX}}},
        {"name": "PODS", "value": "1"},
    ]
    running["ports"] = [{"name": "health", "containerPort": HEALTH_PORT}]
    running["volumeMounts"] += [mount("home", HOME), mount("artifacts", ARTIFACTS)]
    running |= {
        "startupProbe": _probe("/startupz", periodSeconds=2, failureThreshold=REPLAY_TRIES),
        "livenessProbe": _probe("/livez", periodSeconds=10, failureThreshold=3),
        "readinessProbe": _probe("/readyz", periodSeconds=2, failureThreshold=2),
    }
    more = {
        "terminationGracePeriodSeconds": DRAIN_S,
        "volumes": [_artifacts_volume()],
    }
    if workload.sees_topics:
        more["initContainers"] = [container("topics", _waiting(), wish, "512Mi")]
    return pod(workload.name, [running], more)


_POD_INDEX = "metadata.labels['apps.kubernetes.io/pod-index']"


def running_args(workload: Workload) -> list[str]:
    """Return the command line of a service; its lanes follow from the ordinal of its pod."""
    place = ["-c", SETTINGS_FILE, "--health", f"0.0.0.0:{HEALTH_PORT}"]
    if workload.words:
        return [*workload.words, *place]
    lanes = ["--ordinal", "$(ORDINAL)", "--of", "$(PODS)"] if workload.per_desk else []
    return ["service", "run", workload.name, *place, "--home", HOME, *lanes]


def _waiting() -> list[str]:
    return ["topics", "check", "-c", SETTINGS_FILE, "--wait", str(PATIENCE_S)]


def topics_job(wish: Wish) -> Resource:
    """Return the Job that makes missing topics. It alters nothing, so it may run again."""
    args = ["topics", "init", "-c", SETTINGS_FILE, "--wait", str(PATIENCE_S)]
    return _job("topics-init", container("init", args, wish, "512Mi"), wish)


def migration_job(wish: Wish) -> Resource:
    """Return the Job that brings the tables of the views to this release; rows are kept."""
    args = ["db", "migrate", "-c", SETTINGS_FILE]
    return _job("db-migrate", container("migrate", args, wish, "512Mi"), wish)


def _job(name: str, does: Resource, wish: Wish) -> Resource:
    template = pod(name, [does], {"restartPolicy": "OnFailure"})
    spec = {"backoffLimit": 20, "ttlSecondsAfterFinished": JOB_KEPT_S, "template": template}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata(f"{name}-{wish.job_suffix}", name),
        "spec": spec,
    }


def people(wish: Wish) -> Resource:
    """Return a pod that does nothing until a person runs a command in it."""
    waits = container(PEOPLE, [], wish, "2Gi", command=["sleep", "infinity"])
    waits["volumeMounts"] += [mount("artifacts", ARTIFACTS)]
    more = {"terminationGracePeriodSeconds": 1, "volumes": [_artifacts_volume()]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata(PEOPLE, PEOPLE),
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": labels(PEOPLE)},
            "template": pod(PEOPLE, [waits], more),
        },
    }


def artifacts() -> Resource:
    """Return the claim for the folder that all services share: models by digest, snapshots."""
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        **_claim("artifacts", "ReadWriteMany", "10Gi"),
    }


def _artifacts_volume() -> Resource:
    return {"name": "artifacts", "persistentVolumeClaim": {"claimName": "artifacts"}}


def _claim(name: str, access: str, size: str) -> Resource:
    spec = {"accessModes": [access], "resources": {"requests": {"storage": size}}}
    return {"metadata": {"name": name}, "spec": spec}


def _probe(path: str, **more: Any) -> Resource:  # noqa: ANN401 - fields of a probe
    return {"httpGet": {"path": path, "port": "health"}, "timeoutSeconds": 5, **more}
