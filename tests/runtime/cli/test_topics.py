"""Topics of a cluster, from the command line."""

import json
from pathlib import Path

import pytest

from kingmaker.kernel.lane import STARTED, Draft, Lane, Pen, frame
from kingmaker.runtime.kafka.cluster import Cluster
from kingmaker.runtime.kafka.log import KafkaLog
from kingmaker.runtime.kafka.rights import rights
from kingmaker.runtime.log import Verdict
from tests.conftest import lonely_broker
from tests.runtime.cli.conftest import Call

FEED, LOG = Lane("km.feed.v1"), "00000000000000aa"
DESKS = "desks: [{name: a}, {name: b}]\n"


def test_the_rights_are_printed_as_lines_for_kafka_acls(call: Call) -> None:
    lines = call("topics", "acl").out.splitlines()
    assert lines == [right.line("$KAFKA") for right in rights()]


def test_a_cluster_and_desks_must_be_named(call: Call) -> None:
    answer = call("topics", "check")
    assert (answer.code, "kafka.servers is not set" in answer.err) == (2, True)
    Path("kingmaker.yaml").write_text("kafka: {servers: 'localhost:1'}\n")
    answer = call("topics", "check")
    assert (answer.code, "no desks are set" in answer.err) == (2, True)
    Path("kingmaker.yaml").write_text(
        f"{DESKS}kafka: {{servers: 'localhost:1', replication: 1, min_in_sync: 2}}\n"
    )
    answer = call("topics", "check")
    assert (answer.code, "kafka.min_in_sync is 2, above" in answer.err) == (2, True)


@pytest.mark.kafka
def test_topics_are_made_checked_and_the_log_gets_a_name(call: Call, tmp_path: Path) -> None:
    with lonely_broker(tmp_path / "kafka") as servers:
        kafka = f"kafka: {{servers: '{servers}', replication: 1, min_in_sync: 1}}\n"
        Path("kingmaker.yaml").write_text(DESKS + kafka)
        said = call("topics", "init", "-o", "json")
        assert (said.code, said.json["differences"]) == (0, [])
        assert len(said.json["incarnation"]) == 16
        assert call("topics", "check").code == 0
        assert call("topics", "init").code == 0  # as often as one likes
        stranger = kafka.replace("sync: 1", "sync: 1, cluster_id: x")
        Path("kingmaker.yaml").write_text(DESKS + stranger)
        answer = call("topics", "check")
        assert (answer.code, "is the cluster kingmaker, not x" in answer.out) == (3, True)


@pytest.mark.kafka
def test_whoever_waits_is_answered_once_the_topics_are_there(call: Call, tmp_path: Path) -> None:
    with lonely_broker(tmp_path / "kafka") as servers:
        kafka = f"kafka: {{servers: '{servers}', replication: 1, min_in_sync: 1}}\n"
        Path("kingmaker.yaml").write_text(DESKS + kafka)
        assert call("topics", "check", "--wait", "0.1").code == 3
        assert call("topics", "init", "--wait", "60").code == 0
        assert call("topics", "check", "--wait", "60").code == 0


@pytest.mark.kafka
def test_a_log_is_never_given_a_second_name(call: Call, tmp_path: Path) -> None:
    with lonely_broker(tmp_path / "kafka") as servers:
        kafka = f"kafka: {{servers: '{servers}', replication: 1, min_in_sync: 1}}\n"
        Path("kingmaker.yaml").write_text(DESKS + kafka)
        assert call("topics", "init").code == 0
        begin(servers)
        assert call("topics", "init", "-o", "json").json["incarnation"] == LOG
        other = kafka.replace("sync: 1", "sync: 1, incarnation: '00000000000000ff'")
        Path("kingmaker.yaml").write_text(DESKS + other)
        answer = call("topics", "init")
        assert (answer.code, f"the log there is called {LOG}" in answer.out) == (3, True)


def begin(servers: str) -> None:
    """Take the feed's first lane over, as its process does."""
    log = KafkaLog(Cluster(servers), LOG, writes=[FEED])
    started = Draft(STARTED, json.dumps({"incarnation": LOG}).encode())
    assert log.append(FEED, frame(FEED.genesis(LOG), Pen(1, "a"), [started])) is Verdict.ACCEPTED
    log.close()
