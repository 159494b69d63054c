"""Topics of a cluster, from the command line."""

from pathlib import Path

import pytest

from kingmaker.runtime.kafka.rights import rights
from tests.conftest import lonely_broker
from tests.runtime.cli.conftest import Call

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
        stranger = kafka.replace("sync: 1", "sync: 1, cluster_id: x")
        Path("kingmaker.yaml").write_text(DESKS + stranger)
        answer = call("topics", "check")
        assert (answer.code, "is the cluster kingmaker, not x" in answer.out) == (3, True)
