"""The rule in small: each thing that it accepts, holds, ignores or stops at."""

from dataclasses import replace

import pytest

from kingmaker.kernel import lane as rule
from kingmaker.kernel.lane import (
    STARTED,
    Chain,
    Draft,
    Lane,
    LaneDamagedError,
    Pen,
    Position,
    Record,
    frame,
)

LANE = Lane("km.rule.v1", 1)
GENESIS = LANE.genesis("here")


def start(tip: Position = GENESIS, term: int = 1, writer: str = "a") -> Record:
    return frame(tip, Pen(term, writer), [Draft(STARTED, b"")])[0]


def step(tip: Position, *kinds: str, term: int = 1, writer: str = "a") -> tuple[Record, ...]:
    return frame(tip, Pen(term, writer), [Draft(kind, b"") for kind in kinds], b"[]")


def fed(*records: Record) -> tuple[Chain, list[int]]:
    """Return the chain and the numbers that it accepted."""
    chain = Chain(LANE, "here")
    return chain, [accepted.seq for record in records for accepted in chain.feed(record)]


def test_records_that_are_missing_before_a_start_stop_the_reader() -> None:
    first = start()
    later = start(Position(7, "of one that is gone"), term=2)
    with pytest.raises(LaneDamagedError, match=r"km\.rule\.v1/1: record 8 opens term 2, but the"):
        fed(first, later)


def test_a_step_of_a_term_that_never_opened_stops_the_reader() -> None:
    first = start()
    with pytest.raises(LaneDamagedError, match="record 1 is of term 2"):
        fed(first, *step(first.position, "A", term=2))


def test_a_term_that_goes_on_for_ever_after_a_hole_stops_the_reader() -> None:
    first = start()
    chain, _ = fed(first)
    tip = Position(1, "of one that was lost")
    for _ in range(rule.IN_FLIGHT_RECORDS_MAX):
        (record,) = step(tip, "A")
        tip = record.position
        assert chain.feed(record) == ()
    with pytest.raises(LaneDamagedError, match="records up to 1 are missing"):
        chain.feed(step(tip, "A")[0])


def test_a_step_counts_once_it_is_complete() -> None:
    first = start()
    a, b = step(first.position, "A", "B")
    chain, accepted = fed(first, a)
    assert (accepted, chain.holding) == ([0], 1)
    assert [record.seq for record in chain.feed(b)] == [1, 2]
    assert chain.holding == 0


def test_a_retry_is_ignored() -> None:
    first = start()
    a, b = step(first.position, "A", "B")
    assert fed(first, first, a, a, b, a, b)[1] == [0, 1, 2]


def test_a_zombie_is_ignored() -> None:
    first = start()
    a = step(first.position, "A")
    second = start(a[0].position, term=2, writer="b")
    z = step(a[0].position, "Z")
    assert fed(first, *a, second, *z)[1] == [0, 1, 2]


def test_a_torn_step_is_dropped_at_the_next_start() -> None:
    first = start()
    a, b = step(first.position, "A", "B")
    second = start(first.position, term=2, writer="b")
    assert fed(first, a, second, b)[1] == [0, 1]


def test_the_loser_of_a_race_is_ignored() -> None:
    one, other = start(), start(writer="b")
    z = step(other.position, "Z", writer="b")
    assert fed(one, other, *z)[1] == [0]


def test_a_term_that_lost_a_record_is_ignored_until_the_next() -> None:
    first = start()
    a = step(first.position, "A")
    b = step(a[0].position, "B")
    second = start(first.position, term=2, writer="b")
    assert fed(first, *b, *a, second)[1] == [0, 1]


def test_a_topic_made_anew_is_a_stranger() -> None:
    assert LANE.genesis("here") != LANE.genesis("there")
    assert LANE.genesis("here") != Lane(LANE.topic, 2).genesis("here")


@pytest.mark.parametrize(
    "change",
    [
        {"term": 2},
        {"writer": "b"},
        {"seq": 9},
        {"prev": "x"},
        {"n": 1},
        {"of": 3},
        {"kind": "B"},
        {"value": b"x"},
        {"consumed": b"x"},
        {"time_ms": 1},
    ],
)
def test_the_hash_covers_every_field(change: dict[str, object]) -> None:
    record = Record(1, "a", 3, "p", 0, 2, "A", b"v", b"[]")
    assert replace(record, **change).hash != record.hash  # type: ignore[arg-type] # fields of a Record


def test_neighbouring_fields_do_not_run_together() -> None:
    one = Record(1, "ab", 0, "c", 0, 1, "A", b"v")
    assert one.hash != Record(1, "a", 0, "bc", 0, 1, "A", b"v").hash


def test_the_hash_of_a_record_is_for_ever() -> None:
    record = Record(1, "a", 3, "p", 0, 2, "A", b"v", b"[]", 1_700_000_000_000)
    assert record.hash == "9b4587ef1c2e6a0406cceb5d2555c10af0ae6b0dc1968b546a8f40ad05b41c0f"


def test_a_reader_may_resume_at_a_step_that_it_knows() -> None:
    first = start()
    a = step(first.position, "A")
    chain = Chain(LANE, "here")
    chain.resume(a[0])
    b = step(a[0].position, "B")
    assert [record.seq for record in chain.feed(b[0])] == [2]
