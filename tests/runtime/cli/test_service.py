"""The services, and who reads whom."""

from kingmaker.contracts.topics import TOPICS
from tests.runtime.cli.conftest import Call


def test_the_graph_is_the_one_that_is_declared(call: Call) -> None:
    edges = call("service", "ls", "--graph", "-o", "json").json["edges"]
    declared = {(topic.service, reader) for topic in TOPICS for reader in topic.readers}
    assert {(edge["from"], edge["to"]) for edge in edges} == declared
    assert "feed" in call("service", "ls", "--graph").out


def test_every_service_is_listed_with_its_topic(call: Call) -> None:
    found = call("service", "ls", "-o", "json").json
    assert {row["topic"] for row in found} == {topic.name for topic in TOPICS}
