"""An accepted event as everyone who subscribes sees it: whose desk it is, under which headers."""

from collections.abc import Sequence
from dataclasses import dataclass

from kingmaker.contracts import envelope
from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.envelope import Header
from kingmaker.contracts.public import PublicTopic, desk_named
from kingmaker.kernel.lane import Lane, Record


@dataclass(frozen=True, slots=True)
class Publication:
    """A record, its desk (None: it names none) and the headers that it is republished with."""

    desk: Desk | None
    headers: tuple[Header, ...]
    record: Record

    @property
    def partition(self) -> int:
        """Where it goes: the desk's, else the first."""
        return self.desk.index if self.desk else 0

    @property
    def key(self) -> bytes | None:
        """The desk's name; None where it is about no desk."""
        return self.desk.name.encode() if self.desk else None


def publication(
    topic: PublicTopic, lane: Lane, record: Record, desks: Sequence[Desk]
) -> Publication:
    """Return what is published of a record whose kind is the topic's."""
    package, _, name = record.kind.rpartition(".")
    event = message_class(package, name).FromString(record.value)
    slot = getattr(event, "slot", "")
    if topic.per_desk:
        desk = next((desk for desk in desks if desk.index == lane.index), None)
    else:
        desk = desk_named(f"{slot} {getattr(event, 'key', '')}", desks)
    subject = slot or (desk.name if desk else "")
    return Publication(desk, tuple(envelope.public_headers(lane, record, subject)), record)
