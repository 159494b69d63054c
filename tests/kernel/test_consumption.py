"""What was consumed: written down, read back, never twice, never with a hole."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingmaker.kernel.consumption import Consumption, decode, encode, last_event, pointed, runs
from kingmaker.kernel.frozen import replace
from kingmaker.kernel.lane import Lane, LaneDamagedError, Position
from kingmaker.kernel.service import Consumed, Input, Run

SOURCE = Lane("km.source.v1", 3)
FACTS = Lane("km.counter.facts.v1")
LANES = st.builds(Lane, st.text(max_size=8), st.integers(0, 9))
NUMBERS = st.integers(0, 2**53)
RUNS = st.builds(Run, LANES, NUMBERS, NUMBERS, st.text("0123456789abcdef", min_size=1))
OWN_RUNS = st.builds(Run, st.sampled_from([SOURCE, FACTS]), NUMBERS, NUMBERS, st.just("ab"))
COPIES = st.builds(Input, LANES, NUMBERS, st.text(), st.binary(max_size=30), st.just(""), NUMBERS)


def event(number: int, fingerprint: str = "", lane: Lane = SOURCE) -> Input:
    return Input(lane, number, "A", b"", fingerprint or f"h{number}")


def noted(*items: Input) -> Consumption:
    consumption = Consumption()
    for item in items:
        assert consumption.is_news(item)
        consumption.note(item)
    return consumption


def test_an_event_after_a_hole_is_refused() -> None:
    with pytest.raises(LaneDamagedError, match=r"km\.source\.v1/3: event 2 was offered after ev"):
        noted(event(0)).is_news(event(2))


def test_an_event_that_changed_is_refused() -> None:
    with pytest.raises(LaneDamagedError, match="event 0 is not the one consumed: it was h0, it"):
        noted(event(0)).is_news(event(0, "other"))


def test_a_lane_that_lost_its_tail_is_refused() -> None:
    with pytest.raises(LaneDamagedError, match="ends at event 0, but event 1 was consumed"):
        noted(event(0), event(1)).require(SOURCE, Position(0, "h0"))


def test_our_own_steps_may_not_consume_twice_or_leave_out() -> None:
    with pytest.raises(AssertionError, match="our own runs have a gap"):
        Consumption().fold(encode([Run(SOURCE, 1, 2, "h2")]))
    with pytest.raises(AssertionError, match="consumed 5 twice"):
        Consumption().fold(encode([Input(FACTS, 5, "A", b""), Input(FACTS, 5, "A", b"")]))


def test_of_ticks_in_a_row_the_last_is_recorded_however_many_they_were() -> None:
    hour = [Input.of_tick(1000 * second) for second in range(1, 3601)]
    taken = noted(event(0), *hour, event(1), Input.of_tick(3_601_000)).take()
    assert [item.lane.topic for item in taken] == ["km.source.v1", "clock", "km.source.v1", "clock"]
    assert taken[1] == Input.of_tick(3_600_000)


def test_a_tick_after_a_step_is_recorded_beside_the_one_that_the_step_consumed() -> None:
    consumption = noted(Input.of_tick(1))
    assert consumption.take() == (Input.of_tick(1),)
    consumption.note(Input.of_tick(2))
    assert consumption.take() == (Input.of_tick(2),)


def test_old_news_is_no_news() -> None:
    consumption = noted(event(0), event(1))
    assert not consumption.is_news(event(0))
    assert not consumption.is_news(event(1))


def test_copied_inputs_may_leave_numbers_out() -> None:
    consumption = noted(Input(FACTS, 3, "A", b""), Input(FACTS, 9, "A", b""))
    assert not consumption.is_news(Input(FACTS, 8, "A", b""))


def test_consecutive_events_of_a_lane_are_one_run() -> None:
    other = Lane("km.other.v1")
    consumption = noted(event(0), event(1), event(0, lane=other), event(2), event(3))
    assert consumption.take() == (
        Run(SOURCE, 0, 1, "h1"),
        Run(other, 0, 0, "h0"),
        Run(SOURCE, 2, 3, "h3"),
    )
    assert consumption.take() == ()


def test_folding_what_was_taken_leads_to_the_same_place() -> None:
    live = noted(event(0), Input(FACTS, 3, "A", b"x"), event(1))
    replayed = Consumption()
    replayed.fold(encode(live.take()))
    assert replayed.positions == live.positions


def test_nothing_consumed_is_no_bytes() -> None:
    assert encode(()) == b""
    assert decode(b"") == ()


@given(st.lists(st.one_of(RUNS, COPIES), max_size=6))
def test_what_was_consumed_comes_back(consumed: list[Consumed]) -> None:
    assert decode(encode(consumed)) == tuple(consumed)


@given(st.lists(st.one_of(RUNS, COPIES), max_size=6))
def test_runs_alone_are_what_was_pointed_to(consumed: list[Consumed]) -> None:
    assert runs(encode(consumed)) == [item for item in consumed if isinstance(item, Run)]


@given(st.lists(OWN_RUNS | COPIES))
def test_what_was_consumed_last_is_told_if_it_was_pointed_to(consumed: list[Consumed]) -> None:
    last = consumed[-1] if consumed else None
    expected = (last.lane, last.last) if isinstance(last, Run) else None
    assert last_event(encode(consumed)) == expected


@pytest.mark.parametrize("kind", ['[["', '"]]', "a[b]", "]]", '[["km.feed.v1",0,1,2,"h"]]'])
def test_whatever_a_stranger_calls_a_command_it_is_no_event(kind: str) -> None:
    assert last_event(encode([Input(FACTS, 1, kind, b"", time_ms=3)])) is None
    run = Run(SOURCE, 1, 2, "ab")
    assert last_event(encode([Input(FACTS, 1, kind, b"", time_ms=3), run])) == (SOURCE, 2)


@pytest.mark.parametrize("km_in", [b"nothing", b"[[]", b"[]x", b'[] "]'])
def test_bytes_that_are_no_rows_are_refused(km_in: bytes) -> None:
    with pytest.raises(json.JSONDecodeError):
        decode(km_in)


TICKS = st.builds(Input.of_tick, NUMBERS)


@given(st.lists(st.one_of(RUNS, COPIES, TICKS), max_size=6), st.sampled_from(["", " ", "\n"]))
def test_what_was_pointed_to_is_found_however_it_is_written(
    consumed: list[Consumed], space: str
) -> None:
    km_in = json.dumps(json.loads(encode(consumed) or b"[]"), separators=("," + space, ": "))
    spaced = km_in.replace('"]', f'"{space}]').encode()
    wanted = [item for item in consumed if isinstance(item, Run)]
    assert runs(km_in.encode()) == wanted
    assert len(runs(spaced)) == len(wanted)


TICK, EVENT = '["clock",0,1,"t","",5]', '["km.trader.v1",0,0,7,"ab"]'


@pytest.mark.parametrize(
    "rows",
    [
        f"[{TICK} ,{EVENT}]",
        f"[{TICK},\n{EVENT}]",
        f"[{EVENT},{TICK} , {EVENT}]",
        f"[ {TICK},{EVENT}]",
        f'[{TICK},"x",{EVENT}]',
        '[["km.trader.v1",0,0,7,5]]',
        f'[{TICK},["km.trader.v1",0,0,7,5]]',
        '[["km.feed.facts.v1",0,1,"k","",5],["km.trader.v1",0,0,7,5]]',
    ],
)
def test_no_spelling_hides_what_was_pointed_to(rows: str) -> None:
    wanted = [row for row in json.loads(rows) if len(row) == 5]
    assert wanted
    assert pointed(rows.encode()) == wanted


@given(st.lists(COPIES, max_size=6))
def test_what_is_folded_stands_in_positions_and_what_is_wanted_is_returned(
    copies: list[Input],
) -> None:
    ordered = [replace(item, number=number) for number, item in enumerate(copies)]
    consumed: list[Consumed] = [*ordered, Run(SOURCE, 0, 3, "h3"), Run(SOURCE, 4, 4, "h4")]
    folded = Consumption()
    topics = (SOURCE.topic, *[item.lane.topic for item in ordered[:1]])
    wanted = [item for item in consumed if item.lane.topic in topics]
    assert folded.fold(encode(consumed), topics) == wanted
    assert folded.positions[SOURCE] == Position(4, "h4")
    assert folded.positions == {
        **{item.lane: Position(item.number, "") for item in ordered},
        SOURCE: Position(4, "h4"),
    }
    assert all(type(lane) is Lane for lane in folded.positions)
    with pytest.raises(AssertionError, match="our own runs have a gap"):
        folded.fold(encode([Run(SOURCE, 9, 9, "h9")]))
