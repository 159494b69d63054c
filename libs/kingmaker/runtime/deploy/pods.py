"""A pod that obeys the Pod Security Standard `restricted`, with a root that nobody can write."""

from collections.abc import Mapping, Sequence
from typing import Any

from kingmaker.runtime.deploy.wish import Wish

type Resource = dict[str, Any]

USER = 65532  # the image's own; a number, so that the kubelet can tell that it is not root
HEALTH_PORT = 9464
HOME, SETTINGS, ARTIFACTS = "/var/lib/kingmaker", "/etc/kingmaker", "/srv/artifacts"
SECRETS = "/run/secrets/kingmaker"
SETTINGS_FILE = f"{SETTINGS}/kingmaker.yaml"
SETTINGS_MAP, LOG_MAP = "kingmaker-settings", "kingmaker-log"
PATIENCE_S = 600  # of whoever waits for topics

DRAIN_S = 60  # Kubernetes kills after it; a turn, its append and the snapshots end long before


def labels(component: str) -> dict[str, str]:
    """Return what tells pods of ours apart."""
    return {
        "app.kubernetes.io/name": "kingmaker",
        "app.kubernetes.io/component": component,
    }


def metadata(name: str, component: str | None = None) -> Resource:
    """Return the head of a resource."""
    found: Resource = {"name": name}
    if component:
        found["labels"] = labels(component)
    return found


def security(user: int = USER) -> Resource:
    """Return what `restricted` asks of a pod."""
    return {
        "runAsNonRoot": True,
        "runAsUser": user,
        "runAsGroup": user,
        "fsGroup": user,
        "fsGroupChangePolicy": "OnRootMismatch",
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def confined() -> Resource:
    """Return what `restricted` asks of a container, and a root that nobody can write."""
    return {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def container(name: str, args: Sequence[str], wish: Wish, memory: str, **more: Any) -> Resource:  # noqa: ANN401 - fields of a container
    """Return a container of our image that knows the settings and the name of the log."""
    return {
        "name": name,
        "image": wish.image,
        "args": list(args),
        "env": [incarnation_variable(), *variables(wish.extra_env)],
        "resources": resources(memory),
        "securityContext": confined(),
        "volumeMounts": [mount("settings", SETTINGS, read_only=True), mount("tmp", "/tmp")],  # noqa: S108 - an emptyDir of the pod alone
        **more,
    }


def resources(memory: str) -> Resource:
    """Return little to begin with, and a limit of memory; a limit of time would only delay."""
    return {"requests": {"cpu": "50m", "memory": "192Mi"}, "limits": {"memory": memory}}


def incarnation_variable() -> Resource:
    """Return the variable that names the log; it is written once, and cannot be edited."""
    source = {"configMapKeyRef": {"name": LOG_MAP, "key": "incarnation"}}
    return {"name": "KINGMAKER__KAFKA__INCARNATION", "valueFrom": source}


def variables(values: Mapping[str, str]) -> list[Resource]:
    """Return variables with their values."""
    return [{"name": name, "value": value} for name, value in values.items()]


def mount(volume: str, path: str, *, read_only: bool = False) -> Resource:
    """Return where a volume is seen."""
    found: Resource = {"name": volume, "mountPath": path}
    return found | {"readOnly": True} if read_only else found


def volumes() -> list[Resource]:
    """Return what every pod of ours has."""
    return [
        {"name": "settings", "configMap": {"name": SETTINGS_MAP}},
        {"name": "tmp", "emptyDir": {"sizeLimit": "1Gi"}},
    ]


def pod(component: str, containers: Sequence[Resource], more: Resource) -> Resource:
    """Return the template of a pod of ours: no token of the API, no root."""
    spec = {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": security(),
        "containers": list(containers),
        "volumes": volumes() + more.pop("volumes", []),
        **more,
    }
    return {"metadata": {"labels": labels(component)}, "spec": spec}
