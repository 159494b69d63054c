"""A broker and a database beside the services, for trying out: no copies and no passwords."""

from kingmaker.runtime.deploy.catalogue import PORTS
from kingmaker.runtime.deploy.pods import Resource, confined, labels, metadata, mount, security

KAFKA, KAFKA_IMAGE = "kafka", "apache/kafka:4.3.1"
KAFKA_USER = 1000  # as in that image
CONTROLLER_PORT = 9093
POSTGRES, POSTGRES_IMAGE = "postgres", "postgres:18"
POSTGRES_USER = 999  # as in that image

_KAFKA_SETTINGS = f"""\
process.roles=broker,controller
node.id=1
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAIN:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAIN
listeners=PLAIN://:{PORTS["kafka"]},CONTROLLER://localhost:{CONTROLLER_PORT}
advertised.listeners=PLAIN://{KAFKA}:{PORTS["kafka"]}
controller.quorum.bootstrap.servers=localhost:{CONTROLLER_PORT}
log.dirs=/var/lib/kafka/data
# Topics are declared, kept for ever, never compacted: a service refuses others.
auto.create.topics.enable=false
default.replication.factor=1
min.insync.replicas=1
log.retention.ms=-1
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# A pod that was deleted comes back at once: its old registration must not block it for long.
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
"""
_KAFKA_START = (
    "/opt/kafka/bin/kafka-storage.sh format --standalone --ignore-formatted"
    " --cluster-id kingmaker --config /etc/kafka-demo/server.properties"
    " && exec /opt/kafka/bin/kafka-server-start.sh /etc/kafka-demo/server.properties"
)


_ROWS = "/var/lib/postgresql"
_POSTGRES_START = (
    f"[ -s {_ROWS}/data/PG_VERSION ] || {{ initdb --pgdata={_ROWS}/data --username=kingmaker"
    " --auth=trust --encoding=UTF8 --locale=C"
    f" && echo 'host all all all trust' >>{_ROWS}/data/pg_hba.conf; }}"
    f" && exec postgres -D {_ROWS}/data -c listen_addresses='*' -c unix_socket_directories=/tmp"
)


def kafka() -> list[Resource]:
    """Return one broker that is its own controller."""
    settings = {"server.properties": _KAFKA_SETTINGS}
    name = f"{KAFKA}-settings"
    broker = {
        "name": KAFKA,
        "image": KAFKA_IMAGE,
        "command": ["/bin/sh", "-c", _KAFKA_START],
        "env": [
            {"name": "LOG_DIR", "value": "/var/lib/kafka/logs"},
            {"name": "KAFKA_HEAP_OPTS", "value": "-Xms256m -Xmx512m"},
        ],
        "ports": [{"name": KAFKA, "containerPort": PORTS["kafka"]}],
        "startupProbe": _answers(KAFKA, failureThreshold=120),
        "readinessProbe": _answers(KAFKA, failureThreshold=3),
        "resources": {"requests": {"cpu": "100m", "memory": "512Mi"}, "limits": {"memory": "1Gi"}},
        "securityContext": confined(),
        "volumeMounts": [
            mount("settings", "/etc/kafka-demo", read_only=True),
            mount("data", "/var/lib/kafka"),
            mount("tmp", "/tmp"),  # noqa: S108 - an emptyDir of the pod alone
        ],
    }
    volumes = [{"name": "settings", "configMap": {"name": name}}, {"name": "tmp", "emptyDir": {}}]
    return [
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata(name), "data": settings},
        _service(KAFKA, PORTS["kafka"]),
        _stateful_set(KAFKA, KAFKA_USER, broker, volumes),
    ]


def postgres() -> list[Resource]:
    """Return one database that lets everybody in whom the network lets through."""
    database = {
        "name": POSTGRES,
        "image": POSTGRES_IMAGE,
        "command": ["/bin/sh", "-c", _POSTGRES_START],
        "ports": [{"name": POSTGRES, "containerPort": PORTS["postgres"]}],
        "startupProbe": _answers(POSTGRES, failureThreshold=120),
        "readinessProbe": _answers(POSTGRES, failureThreshold=3),
        "resources": {"requests": {"cpu": "50m", "memory": "128Mi"}, "limits": {"memory": "1Gi"}},
        "securityContext": confined(),
        "volumeMounts": [mount("data", _ROWS), mount("tmp", "/tmp")],  # noqa: S108 - an emptyDir of the pod alone
    }
    return [
        _service(POSTGRES, PORTS["postgres"]),
        _stateful_set(POSTGRES, POSTGRES_USER, database, [{"name": "tmp", "emptyDir": {}}]),
    ]


def _service(name: str, port: int) -> Resource:
    ports = [{"name": name, "port": port, "targetPort": name}]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(name, name),
        "spec": {"selector": labels(name), "ports": ports},
    }


def _stateful_set(name: str, user: int, container: Resource, volumes: list[Resource]) -> Resource:
    pod = {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": 30,
        "securityContext": security(user),
        "containers": [container],
        "volumes": volumes,
    }
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "8Gi"}}}
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": metadata(name, name),
        "spec": {
            "serviceName": name,
            "replicas": 1,
            "selector": {"matchLabels": labels(name)},
            "template": {"metadata": {"labels": labels(name)}, "spec": pod},
            "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": claim}],
        },
    }


def _answers(port: str, **more: int) -> Resource:
    return {"tcpSocket": {"port": port}, "periodSeconds": 1, **more}
