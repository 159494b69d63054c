"""Events of a home as they would stand in the public topics: one of every kind that it holds."""

from collections.abc import Iterator, Sequence
from typing import Any

from google.protobuf.json_format import MessageToDict

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.public import PUBLIC, PublicTopic
from kingmaker.contracts.publication import Publication, publication
from kingmaker.contracts.topics import event_topic
from kingmaker.kernel.lane import Lane, Record
from kingmaker.runtime.history import decided
from kingmaker.runtime.log import Log

BYTES_WISHED = 700  # long enough to show its fields, short enough to be read


def lines(log: Log, desks: Sequence[Desk]) -> Iterator[dict[str, Any]]:
    """Yield the examples in the order of the catalogue."""
    for topic in PUBLIC:
        found = _of_topic(log, topic, desks)
        for event in topic.events:
            if event in found:
                yield _line(topic, found[event])


def _of_topic(log: Log, topic: PublicTopic, desks: Sequence[Desk]) -> dict[str, Publication]:
    best: dict[str, tuple[Lane, Record]] = {}
    for index in range(len(desks) if topic.per_desk else 1):
        lane = Lane(event_topic(topic.service), index)
        for record in decided(log, lane):
            if record.kind not in topic.kinds:
                continue
            name = record.kind.rpartition(".")[2]
            if name not in best or _distance(record) < _distance(best[name][1]):
                best[name] = (lane, record)
    return {name: publication(topic, *where, desks) for name, where in best.items()}


def _distance(record: Record) -> int:
    return abs(len(record.value) - BYTES_WISHED)


def _line(topic: PublicTopic, one: Publication) -> dict[str, Any]:
    package, _, name = one.record.kind.rpartition(".")
    message = message_class(package, name).FromString(one.record.value)
    return {
        "topic": topic.name,
        "key": one.desk.name if one.desk else None,
        "headers": {header: content.decode() for header, content in one.headers},
        "value": MessageToDict(message, preserving_proto_field_name=True),
    }
