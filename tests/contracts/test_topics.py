"""Topics have one spelling, and the catalogue names each service once."""

from kingmaker.contracts.topics import (
    TOPICS,
    command_topic,
    event_topic,
    fact_topic,
    settings_topic,
)


def test_a_service_has_four_topics() -> None:
    topics = [f("trader") for f in (event_topic, command_topic, fact_topic, settings_topic)]
    assert topics == [
        "km.trader.v1",
        "km.trader.commands.v1",
        "km.trader.facts.v1",
        "km.trader.settings.v1",
    ]


def test_the_catalogue_names_each_service_once_and_only_known_readers() -> None:
    services = [topic.service for topic in TOPICS]
    assert len(set(services)) == len(services)
    assert all(reader in services for topic in TOPICS for reader in topic.readers)
    assert [topic.name for topic in TOPICS] == [event_topic(service) for service in services]


def test_nobody_reads_itself() -> None:
    assert all(topic.service not in topic.readers for topic in TOPICS)
