"""Reads what counts: accepted records of a lane, and what was decided in them."""

from collections.abc import Iterator, Sequence
from typing import Any

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.host import PROCESS_KINDS
from kingmaker.kernel.lane import Lane, Record
from kingmaker.runtime.log import Link, Linked, Log, Tail


def accepted(log: Log, lane: Lane) -> Iterator[Record]:
    """Yield every record that counts, in order; the whole chain is checked on the way."""
    tail = Tail(log, lane)
    while news := tail.poll():
        yield from news


def links(log: Log, lane: Lane) -> Iterator[Sequence[Link]]:
    """Yield of every record that counts what proves it, and what it consumed, page by page.

    The chain is checked on the way, as `accepted` does; where the log can, in half the time.
    """
    if isinstance(log, Linked):
        yield from log.links(lane)
        return
    tail = Tail(log, lane)
    while news := tail.poll():
        yield [(record.hash, record.consumed) for record in news]


def decided(log: Log, lane: Lane) -> Iterator[Record]:
    """Yield what the service said, without what tells of the process (commit points, terms)."""
    return (record for record in accepted(log, lane) if record.kind not in PROCESS_KINDS)


def message_of(record: Record) -> Any:  # noqa: ANN401 - a message of any kind
    """Return what a record says, as its message in `proto/`: cheap where few fields are wanted."""
    package, _, name = record.kind.rpartition(".")
    return message_class(package, name).FromString(record.value)
