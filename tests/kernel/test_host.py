"""A host's life: it decides nothing twice, skips nothing, and notices a source that changed."""

import json
from dataclasses import replace

import pytest

from kingmaker.kernel.host import ADVANCED, INPUT_REFUSED, SILENT_INPUTS_MAX, Host
from kingmaker.kernel.lane import STARTED, Draft, LaneDamagedError, Pen, Record, frame
from kingmaker.kernel.service import Input, Run, UndecodableError
from tests.kernel.counting import (
    COMMANDS,
    INCARNATION,
    OTHER,
    SOURCE,
    CounterHost,
    added,
    append,
    command,
    counter,
    offer,
    started,
)


def kinds(host: CounterHost) -> list[str]:
    return [record.kind for record in host.ready()]


# What must not be believed


def test_a_command_whose_bytes_say_nothing_is_refused_and_life_goes_on() -> None:
    log: list[Record] = []
    host = started(log)
    offer(host, command(1, b"\xff"), command(2, b'{"number": 4}'))
    assert append(host, log) == [INPUT_REFUSED, "Counted.v1"]
    said = json.loads(log[1].value)
    assert said["lane"] == str(COMMANDS)
    assert said["digest"] == "a8100ae6aa1940d0b663bb31cd466142ebbdbd5187131b92d93818987832eb89"
    assert "Added.v1" in said["reason"]
    assert host.state == 4


def test_a_command_of_a_newer_release_is_refused_and_life_goes_on() -> None:
    log: list[Record] = []
    host = started(log)
    offer(host, command(1, b'{"number": 4}', kind="Added.v2"))
    assert append(host, log) == [INPUT_REFUSED]
    assert "needs a newer release" in json.loads(log[1].value)["reason"]


def test_a_refused_command_is_refused_once() -> None:
    log: list[Record] = []
    host = started(log)
    offer(host, command(1, b"\xff"))
    append(host, log)
    host = started(log)
    offer(host, command(1, b"\xff"))
    assert kinds(host) == []


def test_a_refused_command_does_not_keep_a_later_start_from_rebuilding() -> None:
    log: list[Record] = []
    host = started(log)
    items = [command(1, b"\xff"), command(2, b'{"number": 4}')]
    offer(host, *items)
    append(host, log)
    again: CounterHost = Host(counter(), "again", INCARNATION)
    for record in log:
        again.replay(record)
    again.rebuild(items)
    again.take_over("test")
    assert again.window == host.window == (4,)
    assert kinds(again) == [STARTED]


def test_nobody_sends_a_tick_but_the_clock() -> None:
    host = started([])
    offer(host, Input(COMMANDS, 100, "km.Tick", b""))
    assert "Rung.v1" not in kinds(host)
    offer(host, Input.of_tick(100))
    assert kinds(host) == ["Rung.v1"]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"value": b"\xff"}, r"km.source.v1/0: record 0: Added.v1"),
        ({"kind": "Added.v2"}, r"km.source.v1/0: record 0: Added.v2 needs a newer release"),
    ],
)
def test_an_event_that_cannot_be_read_stops_the_lane_and_is_named(
    change: dict[str, object], complaint: str
) -> None:
    host = started([])
    item = replace(added(2)[0], **change)  # type: ignore[arg-type] # fields of an Input
    with pytest.raises(UndecodableError, match=complaint):
        host.consume(item)
    assert kinds(host) == []


def test_an_unknown_event_of_our_own_stops_the_lane() -> None:
    log: list[Record] = []
    host = started(log)
    log += frame(host.tip, Pen(1, "w0"), [Draft("OfTomorrow.v1", b"{}")])
    with pytest.raises(UndecodableError, match=r"km.counter.v1/0: record 1 is a OfTomorrow.v1"):
        started(log)


def test_an_event_of_our_own_that_cannot_be_read_stops_the_lane() -> None:
    log: list[Record] = []
    host = started(log)
    log += frame(host.tip, Pen(1, "w0"), [Draft("Counted.v1", b"?")])
    with pytest.raises(UndecodableError, match=r"km.counter.v1/0: record 1: Counted.v1"):
        started(log)


def test_an_edited_source_is_refused() -> None:
    host = started([])
    offer(host, added(1)[0])
    with pytest.raises(LaneDamagedError, match=r"km.source.v1/0: event 0 is not the one consumed"):
        host.consume(added(3)[0])


def test_a_gap_in_the_source_is_refused() -> None:
    host = started([])
    with pytest.raises(LaneDamagedError, match="event 1 was offered after event -1"):
        host.consume(added(1, 2)[1])


def test_a_source_that_lost_its_tail_is_refused() -> None:
    host, inputs = started([]), added(1, 2, 3)
    offer(host, *inputs)
    shorter = host.consumption.position(SOURCE)._replace(seq=1)
    with pytest.raises(LaneDamagedError, match="ends at event 1, but event 2 was consumed"):
        host.consumption.require(SOURCE, shorter)


def test_a_lane_of_another_incarnation_is_a_stranger() -> None:
    log: list[Record] = []
    started(log)
    stranger: CounterHost = Host(counter(), "w", "made anew")
    stranger.replay(log[0])
    assert stranger.tip.seq == -1


def test_nothing_is_decided_before_the_start_is_accepted() -> None:
    host: CounterHost = Host(counter(), "w", INCARNATION)
    host.take_over("test")
    with pytest.raises(AssertionError, match="the start is not accepted yet"):
        host.consume(added(2)[0])


# What it does


def test_a_restart_decides_nothing_again_even_with_other_code() -> None:
    log: list[Record] = []
    host, inputs = started(log), added(1, 2, 3, 4, 5, 7)
    offer(host, *inputs[:5])
    host.flush()
    assert append(host, log) == ["Counted.v1", "Counted.v1", ADVANCED]
    assert host.state == 6

    host = started(log, divisor=1)  # the next release counts odd numbers too: from here on
    offer(host, *inputs)
    assert append(host, log) == ["Counted.v1"]
    assert host.state == 13


def test_a_step_tells_what_it_consumed() -> None:
    log: list[Record] = []
    host = started(log)
    offer(host, *added(1, 2), command(5, b'{"number": 1}'), *added(4, lane=OTHER))
    append(host, log)
    assert [(r.kind, bool(r.consumed)) for r in log[1:]] == [
        ("Counted.v1", True),
        ("Counted.v1", True),
    ]
    assert json.loads(log[1].consumed)[0][:4] == [SOURCE.topic, 0, 0, 1]
    assert [row[0] for row in json.loads(log[2].consumed)] == [COMMANDS.topic, OTHER.topic]


def test_inputs_that_decide_nothing_are_recorded_before_long() -> None:
    host = started([])
    offer(host, *added(*[1] * SILENT_INPUTS_MAX))
    assert kinds(host) == [ADVANCED]


def test_two_silent_hosts_do_not_wake_each_other() -> None:
    host = started([])
    for n, kind in enumerate([STARTED, ADVANCED, ADVANCED]):
        offer(host, Input(SOURCE, n, kind, b"{}", hash=str(n)))
    host.flush()
    assert host.ready() == ()


def test_a_tick_that_decides_nothing_is_not_worth_a_step() -> None:
    host = started([])
    offer(host, Input.of_tick(1), Input.of_tick(2))
    host.flush()
    assert host.ready() == ()


def test_a_tick_is_heard_once() -> None:
    host = started([])
    offer(host, Input.of_tick(100), Input.of_tick(100), Input.of_tick(99))
    assert kinds(host) == ["Rung.v1"]


def test_a_copied_input_is_consumed_once() -> None:
    host = started([])
    offer(host, command(17, b'{"number": 4}'), command(17, b'{"number": 4}'))
    assert host.state == 4


def test_an_unknown_input_is_skipped_and_recorded() -> None:
    host = started([])
    offer(host, replace(added(2)[0], kind="OfTomorrow.v1"))
    host.flush()
    assert kinds(host) == [ADVANCED]


def test_the_window_is_rebuilt_from_the_last_inputs() -> None:
    log: list[Record] = []
    host, inputs = started(log), added(1, 2, 3, 4, 5)
    offer(host, *inputs)
    host.flush()
    append(host, log)
    again = started(log)
    again.rebuild(inputs)
    assert again.window == host.window == (3, 4, 5)


def test_what_the_window_needs_is_remembered_and_no_more() -> None:
    log: list[Record] = []
    host, inputs = started(log), added(*range(100))
    for item in inputs:
        offer(host, item)
        host.flush()
        append(host, log)
    runs = [item for item in host.remembered if isinstance(item, Run)]
    assert 3 <= sum(run.last - run.first + 1 for run in runs) <= 5


def test_logical_time_never_goes_back() -> None:
    log: list[Record] = []
    host = started(log)
    offer(host, Input.of_tick(100), command(1, b'{"number": 2}'))
    append(host, log)
    assert [record.time_ms for record in log[1:]] == [100, 100]
    assert started(log).time_ms == 100


def test_a_snapshot_and_the_tail_give_what_the_whole_gives() -> None:
    log: list[Record] = []
    host, inputs = started(log), added(2, 1, 4, 3, 6, 5)
    offer(host, Input.of_tick(100), *inputs[:4], command(1, b'{"number": 8}'))
    taken = host.take_snapshot()
    append(host, log)
    offer(host, *inputs[4:])
    host.flush()
    append(host, log)

    whole = started(list(log))
    short = started(list(log), snapshots={taken.digest: taken.content})
    short.rebuild([*inputs[3:], command(1, b'{"number": 8}')])
    assert short.state_hash == whole.state_hash == host.state_hash
    assert short.consumption.positions == whole.consumption.positions
    assert short.time_ms == whole.time_ms
    assert short.tip == whole.tip


def test_a_snapshot_that_is_not_ours_restores_nothing() -> None:
    log: list[Record] = []
    host = started(log)
    offer(host, *added(2))
    host.take_snapshot()
    append(host, log)
    again: CounterHost = Host(counter(), "w", INCARNATION)
    assert not any(again.replay(record, {"of another": b"?"}) for record in log)
