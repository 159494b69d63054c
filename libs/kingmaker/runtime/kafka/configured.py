"""What the section `kafka` of the settings asks for."""

import json

from kingmaker.contracts.topics import TOPICS, event_topic
from kingmaker.kernel.lane import STARTED, Lane
from kingmaker.runtime.kafka.cluster import Cluster
from kingmaker.runtime.kafka.log import KafkaLog
from kingmaker.runtime.kafka.topics import Wanted
from kingmaker.runtime.settings import Settings
from kingmaker.runtime.settings_sources import SettingsError


def cluster_of(settings: Settings) -> Cluster:
    """Return the cluster; SettingsError where none is named."""
    kafka = settings.kafka
    if not kafka.servers:
        raise SettingsError(
            "kafka.servers is not set: this needs a cluster. Say HOST:PORT of its brokers, in"
            " kingmaker.yaml or as KINGMAKER__KAFKA__SERVERS."
        )
    return Cluster(
        servers=kafka.servers,
        user=kafka.user,
        password_file=kafka.password_file,
        tls=kafka.tls,
        ca_file=kafka.ca_file,
        certificate_file=kafka.certificate_file,
        key_file=kafka.key_file,
    )


def wanted_of(settings: Settings) -> Wanted:
    """Return what the topics must be like; SettingsError where there are no desks."""
    if not settings.desks:
        raise SettingsError(
            "no desks are set, and each has a lane. Write desks in kingmaker.yaml, or say --config."
        )
    kafka = settings.kafka
    if kafka.min_in_sync > kafka.replication:
        raise SettingsError(
            f"kafka.min_in_sync is {kafka.min_in_sync}, above kafka.replication,"
            f" {kafka.replication}: nothing could ever be written. Lower it."
        )
    return Wanted(
        desks=len(settings.desks),
        replication=kafka.replication,
        min_in_sync=kafka.min_in_sync,
        cluster_id=kafka.cluster_id,
        public_retention_days=kafka.public_retention_days,
    )


def incarnation_of(settings: Settings) -> str:
    """Return the name of the log; SettingsError where it has none."""
    if not settings.kafka.incarnation:
        raise SettingsError(
            "kafka.incarnation is not set: the log has no name, and a topic that was made anew"
            " could not be told from it. `kingmaker topics init` says what to write."
        )
    return settings.kafka.incarnation


def incarnation_in(cluster: Cluster) -> str:
    """Return the incarnation that the log there tells of itself; empty if nothing was ever told."""
    log = KafkaLog(cluster, "")
    try:
        for topic in TOPICS:
            for record in log.read(Lane(event_topic(topic.service)), 0)[0][:1]:
                if record.kind == STARTED:
                    return str(json.loads(record.value)["incarnation"])
        return ""
    finally:
        log.close()
