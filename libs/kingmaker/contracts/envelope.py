"""A record on the wire: CloudEvents 1.0 in Kafka's binary mode, bit for bit there and back.

`ce_*` is for everyone who subscribes; `km_*` is what the lane rule needs beyond it. A header that
tells nothing is left out. The id is the address, so a record that is sent twice has one id.
"""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kingmaker.contracts.traceparent import HEADER as TRACE
from kingmaker.kernel.lane import Lane, Record

SPEC_VERSION = b"1.0"
TIMES_KEPT = 1024  # many records have the time of the one before
DIGITS_MAX = 20  # of a number of 64 bits, with its sign
DIGITS_SAFE = 19  # so many may be too large; fewer never are
FRAMING_PREFIX = "km."  # kinds of the machine itself (km.Started): JSON; a service's are protobuf

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

type Header = tuple[str, bytes]


class EnvelopeError(ValueError):
    """Headers that are not those of a record: its lane stops, and says which header it is."""


def headers(lane: Lane, record: Record, trace: bytes = b"") -> list[Header]:
    """Return the headers that carry `record` in `lane`; its value travels as the body.

    `trace` is the `traceparent`: it stands beside the record, at the end, and no hash covers it.
    """
    where = f"/{lane}"
    named = {
        "ce_specversion": SPEC_VERSION,
        "ce_id": f"{where[1:]}/{record.seq}".encode(),
        "ce_source": where.encode(),
        "ce_type": record.kind.encode(),
        "ce_time": _timestamp(record.time_ms),
        "content-type": _content_type(record.kind),
        "km_term": b"%d" % record.term,
        "km_writer": record.writer.encode(),
        "km_seq": b"%d" % record.seq,
        "km_prev": record.prev.encode(),
        "km_n": b"%d" % record.n,
        "km_of": b"%d" % record.of,
        "km_in": record.consumed,
        TRACE: trace,
    }
    return [(name, content) for name, content in named.items() if content]


def public_headers(lane: Lane, record: Record, subject: str) -> list[Header]:
    """Return the headers of a record where it is republished: CloudEvents' alone, the same id."""
    named = [one for one in headers(lane, record) if not one[0].startswith("km_")]
    return [*named, ("ce_subject", subject.encode())] if subject else named


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """What the headers of a republished event tell whoever subscribes."""

    seq: int  # in its lane
    kind: str
    time_ms: int


def public_event(headers: Iterable[Header]) -> PublicEvent:
    """Return what they tell. Raise EnvelopeError where they are not those of an event of ours."""
    named = _named(headers)
    lane, _, seq = _text(named, "ce_id").rpartition("/")
    if not lane or not seq.isdigit():
        raise EnvelopeError(f"ce_id is {named.get('ce_id')!r}, not TOPIC/LANE/SEQ")
    return PublicEvent(int(seq), _text(named, "ce_type"), _time_ms(named))


def statement_headers(ident: str, source: str, kind: str, time_ms: int) -> list[Header]:
    """Return the headers of what is no event of a lane: a statement that a later one replaces."""
    return [
        ("ce_specversion", SPEC_VERSION),
        ("ce_id", ident.encode()),
        ("ce_source", source.encode()),
        ("ce_type", kind.encode()),
        ("ce_time", _timestamp(time_ms)),
        ("content-type", _content_type(kind)),
    ]


def record(headers: Iterable[Header], value: bytes) -> Record:
    """Return the record that these headers and this body carry.

    Raises EnvelopeError for a header that is missing, repeated, malformed or of another version.
    """
    named = _named(headers)
    if named.get("ce_specversion") != SPEC_VERSION:
        raise EnvelopeError(
            f"ce_specversion is {named.get('ce_specversion')!r}, not {SPEC_VERSION!r}"
        )
    return Record(  # by place, in the order of its fields: a replay reads millions
        _number(named, "km_term"),
        _text(named, "km_writer"),
        _number(named, "km_seq"),
        _text(named, "km_prev"),
        _number(named, "km_n"),
        _number(named, "km_of"),
        _text(named, "ce_type"),
        value,
        named.get("km_in", b""),
        _time_ms(named),
    )


def trace_of(headers: Sequence[Header]) -> bytes:
    """Return the `traceparent` of a record as it was read; empty if it has none."""
    name, content = headers[-1] if headers else ("", b"")
    return content if name == TRACE else b""


def _named(headers: Iterable[Header]) -> dict[str, bytes]:
    given = tuple(headers)
    named = dict(given)
    if len(named) < len(given):
        names = [name for name, _ in given]
        twice = next(name for at, name in enumerate(names) if name in names[:at])
        raise EnvelopeError(f"{twice} is there twice")
    return named


def _text(named: Mapping[str, bytes], name: str) -> str:
    try:
        return named.get(name, b"").decode()
    except UnicodeDecodeError as error:
        raise EnvelopeError(f"{name} is not UTF-8: {named[name]!r}") from error


def _number(named: Mapping[str, bytes], name: str) -> int:
    text = named.get(name, b"")
    if text.isdigit() and len(text) < DIGITS_SAFE:
        return int(text)
    if not text.removeprefix(b"-").isdigit() or len(text) > DIGITS_MAX:
        raise EnvelopeError(f"{name} is {text[:DIGITS_MAX]!r}, not a whole number of 64 bits")
    number = int(text)
    if not -(2**63) <= number < 2**63:
        raise EnvelopeError(f"{name} is {number}, not a whole number of 64 bits")
    return number


@functools.lru_cache(maxsize=TIMES_KEPT)
def _timestamp(time_ms: int) -> bytes:
    """Return UTC to the millisecond, as RFC 3339 asks: 2026-11-21T09:30:00.000Z."""
    moment = _EPOCH + timedelta(milliseconds=time_ms)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z").encode()


def _time_ms(named: Mapping[str, bytes]) -> int:
    return _milliseconds(_text(named, "ce_time"))


@functools.lru_cache(maxsize=TIMES_KEPT)
def _milliseconds(text: str) -> int:
    try:
        since, rest = divmod(datetime.fromisoformat(text) - _EPOCH, _MILLISECOND)
    except (TypeError, ValueError) as error:
        raise EnvelopeError(f"ce_time is {text!r}, not a time in UTC") from error
    if rest:
        raise EnvelopeError(f"ce_time is {text!r}, finer than a millisecond")
    return since


def _content_type(kind: str) -> bytes:
    return b"application/json" if kind.startswith(FRAMING_PREFIX) else b"application/protobuf"
