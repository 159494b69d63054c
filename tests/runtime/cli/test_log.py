"""A played home, moved to Kafka and back: every record of every lane is the same."""

import json
from pathlib import Path

import pytest

from kingmaker.kernel.lane import Lane, Record
from kingmaker.runtime.home import Home
from kingmaker.runtime.log import Tail
from kingmaker.runtime.sqlite_log import SqliteLog
from tests.runtime.cli.conftest import Call


def test_a_copy_needs_a_cluster(call: Call, own: Home) -> None:
    answer = call("log", "copy", "--to", "kafka", home=own)
    assert (answer.code, "kafka.servers is not set" in answer.err) == (2, True)


@pytest.mark.kafka
def test_there_and_back_every_hash_is_kept(
    call: Call, own: Home, kafka_servers: str, tmp_path: Path
) -> None:
    kafka = {"servers": kafka_servers, "replication": 1, "min_in_sync": 1}
    desks = json.loads((own.path / "desks.json").read_text())
    Path("kingmaker.yaml").write_text(json.dumps(desks | {"kafka": kafka}))
    assert call("topics", "init").code == 0
    there = call("log", "copy", "--to", "kafka", "-o", "json", home=own).json
    assert sum(row["new"] for row in there) == sum(row["records"] for row in there) > 100
    again = call("log", "copy", "--to", "kafka", "-o", "json", home=own).json
    assert [row["new"] for row in again] == [0] * len(there)
    returned = Home(tmp_path / "returned")
    back = call("log", "copy", "--to", "home", "-o", "json", home=returned).json
    assert [(r["lane"], r["hash"]) for r in back] == [(r["lane"], r["hash"]) for r in there]
    assert returned.incarnation() == own.incarnation()
    assert records(returned) == records(own)
    assert call("audit", "verify", home=returned).code == 0


@pytest.mark.kafka
def test_nothing_to_copy_and_another_log_are_told(
    call: Call, own: Home, kafka_servers: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KINGMAKER__KAFKA__SERVERS", kafka_servers)
    monkeypatch.setenv("KINGMAKER__KAFKA__INCARNATION", "0123456789abcdef")
    answer = call("log", "copy", "--to", "kafka", home=own)
    assert (answer.code, "belongs to the log" in answer.err) == (1, True)
    answer = call("log", "copy", "--to", "home", home=Home(tmp_path / "new"))
    assert (answer.code, "no desks are set" in answer.err) == (2, True)


def records(home: Home) -> dict[Lane, list[Record]]:
    log, found = SqliteLog(home.log, home.incarnation(), read_only=True), {}
    for lane in log.lanes():
        tail, found[lane] = Tail(log, lane), list[Record]()
        while news := tail.poll():
            found[lane] += news
    log.close()
    return found
