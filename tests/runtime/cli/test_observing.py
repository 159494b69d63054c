"""A cluster, looked at as a home is."""

import json
from pathlib import Path

import pytest

from kingmaker.runtime.home import Home
from tests.conftest import lonely_broker
from tests.runtime.cli.conftest import Call


@pytest.mark.kafka
def test_the_log_of_a_cluster_tells_the_same_as_the_home_it_was_copied_from(
    call: Call, own: Home, tmp_path: Path
) -> None:
    at_home = call("status", "-o", "json", home=own).json
    with lonely_broker(tmp_path / "kafka") as servers:
        kafka = {"servers": servers, "replication": 1, "min_in_sync": 1}
        desks = json.loads((own.path / "desks.json").read_text())
        Path("cluster.yaml").write_text(json.dumps(desks | {"kafka": kafka}))
        assert call("topics", "init", "-c", "cluster.yaml").code == 0
        answer = call("status", "-c", "cluster.yaml")
        assert (answer.code, "holds no log yet" in answer.err) == (1, True)
        assert call("log", "copy", "--to", "kafka", "-c", "cluster.yaml", home=own).code == 0
        Path("cluster.yaml").rename("kingmaker.yaml")  # then nobody has to name it
        answer = call("status", "-o", "json")
        assert answer.code == 0
        assert _but_where(answer.json) == _but_where(at_home)
        assert f"Kafka at {servers} · read just now" in call("status").out


def test_a_home_that_is_named_is_looked_at_whatever_the_settings_say(call: Call, own: Home) -> None:
    Path("kingmaker.yaml").write_text("kafka: {servers: 'localhost:1'}\n")
    assert call("status", home=own).code == 0


def test_a_file_that_names_no_cluster_leaves_the_home(call: Call, own: Home) -> None:
    Path("kingmaker.yaml").write_text(f"home: {own.path}\n")
    assert str(own.path) in call("status").out


def test_a_file_that_is_named_and_names_no_cluster_is_refused_not_passed_over(
    call: Call, own: Home
) -> None:
    Path("mine.yaml").write_text(f"home: {own.path}\n")
    answer = call("status", "-c", "mine.yaml")
    assert (answer.code, "kafka.servers is not set" in answer.err) == (2, True)


def _but_where(found: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in found.items() if key not in ("home", "running", "seen")}
