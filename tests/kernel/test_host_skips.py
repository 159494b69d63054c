"""An event that nobody can read stops its reader, until a person signs for passing over it."""

import json
from dataclasses import replace

import pytest

from kingmaker.kernel.host import INPUT_REFUSED, INPUT_SKIPPED, Host
from kingmaker.kernel.lane import Draft, Lane, Pen, Record, frame
from kingmaker.kernel.service import Input, Skip, UndecodableError
from tests.kernel.counting import (
    INCARNATION,
    MESSAGES,
    SOURCE,
    Added,
    CounterHost,
    append,
    command,
    counter,
    offer,
    started,
)

READER = Lane("km.counter.v1")
POISON = Draft("Added.v2", b"{}")


def poisoned(*, kind: str = "Added.v2") -> list[Input]:
    """Return a lane whose second record nobody can read."""
    drafts = [MESSAGES.encode(Added(2)), Draft(kind, b"{}"), MESSAGES.encode(Added(4))]
    step = frame(SOURCE.genesis("upstream"), Pen(1, "source"), drafts)
    return [Input.of_event(SOURCE, record) for record in step]


def skip_of(item: Input) -> Skip:
    return Skip(
        *(READER, item.lane, item.number, item.hash, "ada", "a bad record"),
        *("c-1", "key", b"signed", b"signature"),
    )


def test_the_message_names_the_remedy() -> None:
    host = started([])
    first, second, _ = poisoned()
    offer(host, first)
    remedy = r"record 1: .* kingmaker lane skip counter km\.source\.v1/0 1 --reason"
    with pytest.raises(UndecodableError, match=remedy):
        offer(host, second)


def test_what_was_signed_for_is_passed_over_on_record_and_the_next_is_decided() -> None:
    log: list[Record] = []
    host = started(log)
    items = poisoned()
    host.allow(skip_of(items[1]))
    offer(host, *items)
    assert append(host, log) == ["Counted.v1", INPUT_SKIPPED, "Counted.v1"]
    said = json.loads(log[2].value)
    assert (said["topic"], said["lane"], said["seq"]) == ("km.source.v1", 0, 1)
    assert (said["hash"], said["actor"], said["key_id"]) == (items[1].hash, "ada", "key")
    assert bytes.fromhex(said["payload"]) == b"signed"
    assert host.state == 6


def test_no_other_record_is_passed_over() -> None:
    items = poisoned()
    for other in (
        replace(items[1], hash="0" * 64),
        replace(items[1], number=2),
        replace(items[1], lane=Lane("km.other.v1")),
    ):
        host = started([])
        host.allow(skip_of(other))
        offer(host, items[0])
        with pytest.raises(UndecodableError):
            offer(host, items[1])


def test_a_record_that_can_be_read_is_decided_whatever_was_signed() -> None:
    host = started([])
    items = poisoned(kind="Added.v1")[:1]
    host.allow(skip_of(items[0]))
    offer(host, *items)
    assert host.state == 2


def test_after_a_restart_it_stays_passed_over_and_the_window_is_rebuilt() -> None:
    log: list[Record] = []
    host = started(log)
    items = poisoned()
    host.allow(skip_of(items[1]))
    offer(host, *items)
    append(host, log)
    again = started(log)
    again.rebuild(items)
    assert again.window == host.window == (2, 4)
    assert again.state == 6
    offer(again, *items[2:])
    assert [record.kind for record in again.ready()] == []


def test_a_snapshot_forgets_no_exception() -> None:
    log: list[Record] = []
    host = started(log)
    items = poisoned()
    host.allow(skip_of(items[1]))
    offer(host, *items)
    taken = host.take_snapshot()
    append(host, log)
    again = started(log, snapshots={taken.digest: taken.content})
    again.rebuild(items)
    assert again.window == (2, 4)


def test_what_does_not_belong_in_a_topic_of_many_writers_is_refused() -> None:
    service = replace(counter(), may_carry=lambda _topic, kind: kind != "Added.v1")
    host: CounterHost = Host(service, "w", INCARNATION)
    host.take_over("test")
    host.advance()
    offer(host, command(1, b'{"number": 4}'))
    assert [record.kind for record in host.ready()] == [INPUT_REFUSED]
    assert host.state == 0
    host.advance()
    offer(host, *poisoned()[:1])  # an event's lane has one writer: what it says it says
    assert host.state == 2
