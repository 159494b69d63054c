"""Who may talk to whom: nobody, but for the edges that follow from what each workload needs.

Services never talk to each other: each talks to Kafka, where rights follow from the topic graph.
"""

from collections.abc import Iterator, Mapping, Sequence

from kingmaker.runtime.deploy.catalogue import PORTS, Need, Workload
from kingmaker.runtime.deploy.pods import HEALTH_PORT, Resource, metadata

MONITORING = "monitoring"  # the namespace that scrapes
COMPONENT = "app.kubernetes.io/component"


def policies(needs: Mapping[str, Sequence[Need]], workloads: Sequence[Workload]) -> list[Resource]:
    """Return every policy; `needs` by component, jobs and people among them."""
    return [
        _policy("default-deny", {}, policyTypes=["Ingress", "Egress"]),
        _policy("names", {}, policyTypes=["Egress"], egress=[_names()]),
        *_to_needs(needs),
        _policy(
            "health",
            _components([workload.name for workload in workloads]),
            policyTypes=["Ingress"],
            ingress=[{"from": [_namespace(MONITORING)], "ports": [_tcp(HEALTH_PORT)]}],
        ),
    ]


def _to_needs(needs: Mapping[str, Sequence[Need]]) -> Iterator[Resource]:
    for need, port in PORTS.items():
        needing = [component for component, wanted in needs.items() if need in wanted]
        if needing:
            allowed = [{"to": [_pods([need])], "ports": [_tcp(port)]}]
            selected = _components(needing)
            yield _policy(f"to-{need}", selected, policyTypes=["Egress"], egress=allowed)


def of_server(need: Need, needs: Mapping[str, Sequence[Need]]) -> Resource:
    """Return the policy of a server that runs beside us: only who needs it may come in."""
    needing = [component for component, wanted in needs.items() if need in wanted]
    allowed = [{"from": [_pods(needing)], "ports": [_tcp(PORTS[need])]}]
    return _policy(need, _components([need]), policyTypes=["Ingress"], ingress=allowed)


def elsewhere(need: Need, namespace: str) -> Resource:
    """Return the patch that looks for a server in another namespace."""
    allowed = [{"to": [_namespace(namespace)], "ports": [_tcp(PORTS[need])]}]
    return _resource(f"to-{need}", {"egress": allowed})


def _policy(name: str, selector: Resource, **rules: object) -> Resource:
    return _resource(name, {"podSelector": selector, **rules})


def _resource(name: str, spec: Resource) -> Resource:
    kind = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy"}
    return {**kind, "metadata": metadata(name), "spec": spec}


def _components(names: Sequence[str]) -> Resource:
    return {"matchExpressions": [{"key": COMPONENT, "operator": "In", "values": list(names)}]}


def _pods(names: Sequence[str]) -> Resource:
    return {"podSelector": _components(names)}


def _namespace(name: str) -> Resource:
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


def _names() -> Resource:
    ports = [{"protocol": protocol, "port": 53} for protocol in ("UDP", "TCP")]
    return {"to": [_namespace("kube-system")], "ports": ports}


def _tcp(port: int) -> Resource:
    return {"protocol": "TCP", "port": port}
