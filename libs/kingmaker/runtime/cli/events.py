"""`kingmaker events`: the log as JSON lines."""

import json
import time
from collections.abc import Iterator, Sequence
from typing import Any

from cyclopts import App

from kingmaker.kernel.lane import Lane, Record
from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.opening import Opened, opened
from kingmaker.runtime.cli.options import Options
from kingmaker.runtime.sqlite_log import SqliteLog

app = App(name="events", help="Read the log as JSON lines.")

POLL_S = 0.25


@app.command
def tail(
    topic: str = "",
    /,
    *,
    last: int = 10,
    follow: bool = False,
    kind: str = "",
    options: Options | None = None,
) -> int:
    """Print the last events of every lane, or of one topic.

    :param topic: A topic (km.promotion.v1), a service (promotion) or a lane (km.promotion.v1/0).
    :param last: How many of each lane, of the kind if one is named.
    :param follow: Go on with what comes; end with Ctrl-C.
    :param kind: Only events whose kind contains this.
    """
    with opened((options or Options()).home) as home:
        lanes = _lanes(home, topic)
        ends = {lane: _end(home.log, lane) for lane in lanes}
        for lane in lanes:
            for record in _last(home.log, lane, ends[lane], last, kind):
                _print(lane, record, kind)
        while follow:
            for lane in lanes:
                for record in _between(home.log, lane, ends[lane], None):
                    ends[lane] = record.seq + 1
                    _print(lane, record, kind)
            time.sleep(POLL_S)
    return Exit.DONE


@app.command
def get(event: str, /, *, options: Options | None = None) -> int:
    """Print one event.

    :param event: Its id: km.promotion.v1/0/482.
    """
    parts = event.split("/")
    if len(parts) != 3 or not parts[1].isdigit() or not parts[2].isdigit():  # noqa: PLR2004 - TOPIC/LANE/SEQ
        raise CommandError(
            f"{event!r} is not TOPIC/LANE/SEQ, as in km.promotion.v1/0/482.", Exit.USAGE
        )
    lane, seq = Lane(parts[0], int(parts[1])), int(parts[2])
    with opened((options or Options()).home) as home:
        records, _ = home.log.read(lane, seq)
        if not records:
            raise CommandError(
                f"{event} is not in the log: {lane} ends at {_end(home.log, lane) - 1}.", Exit.USAGE
            )
        print(json.dumps(told(lane, records[0]), indent=2))  # noqa: T201 - data
    return Exit.DONE


@app.command
def examples(*, options: Options | None = None) -> int:
    """Print one event of this home of every public kind, as those who subscribe would see it."""
    from kingmaker.runtime.cli.public_examples import lines  # noqa: PLC0415 - costs only this command

    with opened((options or Options()).home) as home:
        for line in lines(home.log, home.desks):
            print(json.dumps(line, ensure_ascii=False))  # noqa: T201 - data
    return Exit.DONE


def told(lane: Lane, record: Record) -> dict[str, Any]:
    """Return a record as plain JSON: where it stands, what it is, and its fields."""
    return {
        "event": f"{lane}/{record.seq}",
        "topic": lane.topic,
        "lane": lane.index,
        "seq": record.seq,
        "time_ms": record.time_ms,
        "kind": record.kind,
        "term": record.term,
        "step": f"{record.n + 1} of {record.of}",
        "hash": record.hash,
        "value": _value(record),
    }


def _value(record: Record) -> Any:  # noqa: ANN401 - any message
    if not record.kind.startswith("kingmaker."):
        return json.loads(record.value or b"{}")
    from google.protobuf.json_format import MessageToDict  # noqa: PLC0415 - costs only this command

    from kingmaker.contracts.codec import message_class  # noqa: PLC0415 - as above

    package, _, name = record.kind.rpartition(".")
    try:
        message = message_class(package, name).FromString(record.value)
    except (ImportError, TypeError):
        return {"bytes": record.value.hex(), "note": "this release does not know the kind"}
    return MessageToDict(message, preserving_proto_field_name=True)


def _lanes(home: Opened, topic: str) -> Sequence[Lane]:
    lanes = sorted(home.log.lanes())
    chosen = [
        lane for lane in lanes if topic in ("", lane.topic, str(lane), lane.topic.split(".")[1])
    ]
    if not chosen:
        topics = ", ".join(dict.fromkeys(lane.topic for lane in lanes))
        raise CommandError(f"{topic!r} is no topic of this log. Topics: {topics}.", Exit.USAGE)
    return chosen


def _end(log: SqliteLog, lane: Lane) -> int:
    """Return the number that the next record will have."""
    low, high = 0, 1
    while log.read(lane, high - 1)[0]:
        low, high = high, 2 * high
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if log.read(lane, middle)[0] else (low, middle)
    return low


def _last(log: SqliteLog, lane: Lane, end: int, count: int, kind: str) -> Sequence[Record]:
    """Return the last records of a kind, looked for backwards, each time over twice as many."""
    found: list[Record] = []
    begin, stretch = end, count
    while begin > 0 and len(found) < count:
        end, begin = begin, max(0, begin - stretch)
        found = [one for one in _between(log, lane, begin, end) if kind in one.kind] + found
        stretch *= 2
    return found[len(found) - min(count, len(found)) :]


def _between(log: SqliteLog, lane: Lane, place: int, end: int | None) -> Iterator[Record]:
    while page := log.read(lane, place)[0]:
        for record in page:
            if end is not None and record.seq >= end:
                return
            yield record
        place += len(page)


def _print(lane: Lane, record: Record, kind: str) -> None:
    if kind in record.kind:
        print(json.dumps(told(lane, record)), flush=True)  # noqa: T201 - data
