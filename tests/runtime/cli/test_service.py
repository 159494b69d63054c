"""The services, and who reads whom."""

from kingmaker.contracts.topics import TOPICS
from tests.runtime.cli.conftest import Call


def test_the_graph_is_the_one_that_is_declared(call: Call) -> None:
    edges = call("service", "ls", "--graph", "-o", "json").json["edges"]
    declared = {(topic.service, one, "decider") for topic in TOPICS for one in topic.readers}
    declared |= {(topic.service, one, "reactors") for topic in TOPICS for one in topic.reactors_of}
    assert {(edge["from"], edge["to"], edge["by"]) for edge in edges} == declared


def test_the_drawing_tells_readers_from_reactors_that_need_it_for_an_effect(call: Call) -> None:
    [feed] = [row for row in call("service", "ls", "--graph").out.splitlines() if "km.feed" in row]
    assert feed.endswith("──▶ trader, risk, reactors of learners")


def test_every_service_is_listed_with_its_topic(call: Call) -> None:
    found = call("service", "ls", "-o", "json").json
    assert {row["topic"] for row in found} == {topic.name for topic in TOPICS}
