"""Which trace an event belongs to, and which span it is: W3C `traceparent`, from ids alone.

A span is named after the event's own `ce_id`. A trace is named after the event that began it and is
handed on from cause to effect. So a replay, a retry and a second process give the same ids, and
nobody keeps a state for them. The header stands beside the record: no hash covers it.
"""

import re
from hashlib import sha256
from typing import NamedTuple

HEADER = "traceparent"
_FORM = re.compile(rb"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
_NOTHING = (b"0" * 32, b"0" * 16)  # ids that the form allows and its specification forbids


class Traced(NamedTuple):
    """The ids of one event, in hex."""

    trace: str
    span: str


def following(event_id: str, cause: bytes = b"") -> bytes:
    """Return the header of an event: of its cause's trace, or of one that begins with it."""
    known = _FORM.fullmatch(cause)
    trace = known[1].decode() if known else sha256(f"trace {event_id}".encode()).hexdigest()[:32]
    return f"00-{trace}-{sha256(event_id.encode()).hexdigest()[:16]}-01".encode()


def read(header: bytes) -> Traced | None:
    """Return the ids of a header; None where it is none, or of a version not known here."""
    found = _FORM.fullmatch(header)
    if found is None or found[1] == _NOTHING[0] or found[2] == _NOTHING[1]:
        return None
    return Traced(found[1].decode(), found[2].decode())
