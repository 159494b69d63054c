"""Rows are accepted just as the rule accepts records, whatever stands in the file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kingmaker.kernel.lane import STARTED, Chain, Lane, LaneDamagedError, Record
from kingmaker.runtime.log import Link
from kingmaker.runtime.sqlite_walk import Row, Walk, damaged, misplaced

LANE, HOME = Lane("km.trader.v1", 2), "home-1"
HASH = 10


@dataclass(slots=True)
class File:
    """Rows that follow each other, whether the rule accepts them or not."""

    rows: list[Row]
    term: int = 0
    writer: str = ""

    def add(self, n: int, of: int, kind: str = "E", term: int | None = None) -> None:
        before = self.rows[-1] if self.rows else None
        seq, prev = (before[2] + 1, before[HASH]) if before else (0, LANE.genesis(HOME).hash)
        term = self.term if term is None else term
        consumed = b"[%d]" % seq if n == 0 else b""
        record = Record(term, self.writer, seq, prev, n, of, kind, b"v", consumed, 1000 + seq)
        fields = (record.term, record.writer, record.seq, record.prev, record.n, record.of)
        rest = (record.kind, record.value, record.consumed, record.time_ms, record.hash)
        self.rows.append((*fields, *rest))

    def start(self, term: int, writer: str) -> None:
        self.term, self.writer = term, writer
        self.add(0, 1, STARTED)

    def step(self, of: int, torn_at: int = 9) -> None:
        for n in range(min(of, torn_at)):
            self.add(n, of)


NUMBERS = st.integers(0, 3)
MOVES = st.one_of(
    st.tuples(st.just("step"), st.integers(1, 4), st.just(9)),
    st.tuples(st.just("step"), st.integers(1, 4), st.just(9)),
    st.tuples(st.just("step"), st.integers(2, 4), st.integers(1, 3)),
    st.tuples(st.just("start"), st.integers(1, 4), st.sampled_from("ab")),
    st.tuples(st.just("next"), st.integers(1, 1), st.sampled_from("ab")),
    st.tuples(st.just("add"), NUMBERS, st.integers(-1, 3)),
    st.tuples(st.just("stranger"), NUMBERS, st.integers(0, 4)),
)


def file_of(moves: Sequence[tuple[str, int, object]]) -> File:
    file = File([])
    for name, number, other in moves:
        match name:
            case "step":
                file.step(number, int(str(other)))
            case "start":
                file.start(number, str(other))
            case "next":
                file.start(file.term + number, str(other))
            case "add":
                file.add(number, int(str(other)))
            case _:
                file.add(0, number, term=int(str(other)))
    return file


def walked(rows: Sequence[Row], page: int) -> list[Link]:
    walk, links = Walk(LANE, HOME), list[Link]()
    for first in range(0, len(rows), page):
        links += walk.follow(rows[first : first + page])
    return links


def fed(rows: Sequence[Row]) -> list[Link]:
    """Return what the rule itself makes of the same rows."""
    chain, links = Chain(LANE, HOME), list[Link]()
    seq, before = chain.tip
    for row in rows:
        record = Record(*row[:HASH])
        if record.hash != row[HASH]:
            raise damaged(LANE, record.seq, row[HASH])
        if (record.seq, record.prev) != (seq + 1, before):
            raise misplaced(LANE, record.seq, seq + 1)
        seq, before = record.seq, record.hash
        links += [(one.hash, one.consumed) for one in chain.feed(record)]
    return links


def outcome(read: Callable[[], list[Link]]) -> list[Link] | str:
    try:
        return read()
    except LaneDamagedError as error:
        return str(error)


@settings(deadline=None)
@given(st.lists(MOVES, max_size=14), st.integers(1, 5))
def test_any_rows_become_what_the_rule_makes_of_them(
    moves: list[tuple[str, int, object]], page: int
) -> None:
    rows = file_of(moves).rows
    assert outcome(lambda: walked(rows, page)) == outcome(lambda: fed(rows))


@settings(deadline=None)
@given(st.lists(MOVES, min_size=3, max_size=8), st.data())
def test_any_changed_field_is_found_where_it_was_changed(
    moves: list[tuple[str, int, object]], data: st.DataObject
) -> None:
    rows = file_of(moves).rows
    at = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.sampled_from(range(HASH + 1)))
    old = rows[at][column]
    new = old + 1 if isinstance(old, int) else old + type(old)(b"x" if old == b"" else old[:1])
    new = "x" if old == "" else new
    rows[at] = (*rows[at][:column], new, *rows[at][column + 1 :])
    said = outcome(lambda: walked(rows, 3))
    assert said == outcome(lambda: fed(rows))
    assert isinstance(said, str)


def test_steps_of_a_term_are_accepted_with_what_they_consumed() -> None:
    file = File([])
    file.start(1, "w")
    file.step(1)
    file.step(3)
    assert walked(file.rows, 2) == [(row[HASH], row[8]) for row in file.rows]


def test_a_step_that_was_torn_does_not_count() -> None:
    file = File([])
    file.start(1, "w")
    file.step(3, torn_at=2)
    assert len(walked(file.rows, 10)) == 1


def test_a_row_that_is_missing_is_named() -> None:
    file = File([])
    file.start(1, "w")
    for _ in range(4):
        file.step(1)
    del file.rows[2]
    with pytest.raises(LaneDamagedError, match=r"km\.trader\.v1/2: record 2 is missing before 3"):
        walked(file.rows, 10)
