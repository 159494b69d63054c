"""Who may do what on which topic: the rights that follow from the declared topic graph.

No line, no right. Only an administrator may delete, alter or create; nobody uses transactions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kingmaker.contracts.topics import (
    PUBLIC_TOPICS,
    STATISTICS_TOPIC,
    TOPICS,
    command_topic,
    event_topic,
    fact_topic,
)

GATEWAY = "gateway"
COMMAND_LINE = "cli"  # break glass: a signed command, where the gateway is gone
VIEWS = "views"  # what folds rows: it reads every lane, and writes none
WINDOWS = "windows"  # the worker of windowed statistics
READERS = "readers"  # people and other engines

type Operation = Literal["Read", "Write", "Describe", "DescribeConfigs"]
type Kind = Literal["topic", "group"]


@dataclass(frozen=True, slots=True)
class Right:
    """One principal, one operation, one resource, by its whole name unless `by_prefix`."""

    principal: str
    operation: Operation
    name: str
    kind: Kind = "topic"
    by_prefix: bool = False

    def line(self, servers: str) -> str:
        """Return the line that grants it."""
        pattern = " --resource-pattern-type prefixed" if self.by_prefix else ""
        return (
            f"kafka-acls --bootstrap-server {servers} --add --allow-principal"
            f" User:{self.principal} --operation {self.operation}"
            f" --{self.kind} {self.name}{pattern}"
        )


def rights() -> Iterator[Right]:
    """Yield every right that anybody has, a service at a time, then the others."""
    for topic in TOPICS:
        yield from _of_service(topic.service)
    yield from _of_gateway()
    yield from _of_command_line()
    yield from _of_views()
    yield from _of_followers(WINDOWS)
    yield from _of_followers(READERS)
    yield Right(WINDOWS, "Write", STATISTICS_TOPIC)
    yield Right(WINDOWS, "Describe", "km.", by_prefix=True)


def _of_service(name: str) -> Iterator[Right]:
    yield from (Right(name, "Write", event_topic(name)), Right(name, "Read", event_topic(name)))
    for topic in TOPICS:
        if name in topic.readers + topic.reactors_of:
            yield Right(name, "Read", topic.name)
    yield Right(name, "Read", command_topic(name))
    yield from (Right(name, "Write", fact_topic(name)), Right(name, "Read", fact_topic(name)))
    for public, writer in PUBLIC_TOPICS.items():
        if writer == name:
            yield Right(name, "Write", public)
            yield Right(name, "Read", public)  # where it ends: a restart goes on behind that
    # It refuses to start on a topic that forgets, so it must be able to see that.
    yield Right(name, "DescribeConfigs", "km.", by_prefix=True)
    yield Right(name, "Describe", "km.", by_prefix=True)


def _of_gateway() -> Iterator[Right]:
    for topic in TOPICS:
        yield Right(GATEWAY, "Read", topic.name)
        yield Right(GATEWAY, "Write", command_topic(topic.service))
    yield Right(GATEWAY, "Write", fact_topic("alerting"))  # refused access
    for public in PUBLIC_TOPICS:
        yield Right(GATEWAY, "Read", public)


def _of_views() -> Iterator[Right]:
    for topic in TOPICS:
        yield Right(VIEWS, "Read", topic.name)
    yield Right(VIEWS, "DescribeConfigs", "km.", by_prefix=True)  # it checks topics as services do
    yield Right(VIEWS, "Describe", "km.", by_prefix=True)


def _of_command_line() -> Iterator[Right]:
    for topic in TOPICS:
        yield Right(COMMAND_LINE, "Read", topic.name)
        yield Right(COMMAND_LINE, "Write", command_topic(topic.service))
    for public in PUBLIC_TOPICS:
        yield Right(COMMAND_LINE, "Read", public)


def _of_followers(name: str) -> Iterator[Right]:
    for public in PUBLIC_TOPICS:
        yield Right(name, "Read", public)
    yield Right(name, "Read", f"{name}-", "group", by_prefix=True)
