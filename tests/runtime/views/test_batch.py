"""Changes in memory: one row each, whatever order and number of events they came in."""

import json

import pytest

from kingmaker.kernel.lane import Lane
from kingmaker.runtime.views.batch import Batch, Folded
from kingmaker.runtime.views.changes import Add, Change, Learned, Set

LANE = Lane("km.trader.v1")


def batch(*changes: Change) -> Batch:
    made = Batch()
    made.take(changes, LANE, Folded(1, "a"))
    return made


def weights(value: float, event: str) -> Learned:
    return Learned("main", "head_weights", json.dumps({"HEAD_A": value}), 1_000, event)


def test_what_many_events_do_to_a_row_is_written_once() -> None:
    made = batch(
        Set("desks", ("main",), {"last_ms": 1}),
        Add("desks", ("main",), {"bars": 1}),
        Set("desks", ("main",), {"last_ms": 2}),
        Add("desks", ("main",), {"bars": 1}),
    )
    (upsert,) = made.upserts()
    assert (upsert.names, upsert.rows) == (("desk", "last_ms", "bars"), [("main", 2, 2)])
    assert (upsert.sets, upsert.adds) == (("last_ms",), ("bars",))


def test_rows_of_the_same_columns_are_sent_together() -> None:
    made = batch(
        *(Set("desks", (desk,), {"last_ms": 1}) for desk in "abc"),
        Set("desks", ("d",), {"market_open": 1}),
    )
    assert sorted(len(upsert.rows) for upsert in made.upserts()) == [1, 3]


def test_floats_are_added_one_by_one_to_what_is_there() -> None:
    amounts = (1e16, 1.0, -1e16, 0.3)
    made = batch(*(Add("lineups", ("main", "l"), {"net": amount}) for amount in amounts))
    assert made.needs == ("lineups",)
    made.settle({"lineups": [{"desk": "main", "lineup": "l", "net": 0.7}]})
    expected = 0.7
    for amount in amounts:
        expected += amount
    (upsert,) = made.upserts()
    assert upsert.rows == [("main", "l", expected)]
    assert expected != 0.7 + sum(amounts)


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_finite_number_counts_for_nothing_in_a_sum(odd: float) -> None:
    amounts = (0.25, odd, 0.5)
    made = batch(*(Add("lineups", ("main", "l"), {"net": amount}) for amount in amounts))
    made.settle({"lineups": []})
    (upsert,) = made.upserts()
    assert upsert.rows == [("main", "l", 0.75)]


def test_a_learned_state_is_the_next_version_and_tells_what_was_before() -> None:
    made = batch(weights(0.12, "e1"), weights(0.12, "e2"), weights(0.13, "e3"))
    made.settle({"active_learning_state": []})
    rows = {(upsert.table, row[:3]): row for upsert in made.upserts() for row in upsert.rows}
    versions = [key[1][2] for key in rows if key[0] == "learning_state"]
    assert versions == [1, 2]
    (last,) = (upsert for upsert in made.upserts() if upsert.table == "active_learning_state")
    assert last.rows == [("main", "head_weights", 2, '{"HEAD_A": 0.13}', 1_000)]
    events = [
        row for upsert in made.upserts() if upsert.table == "learning_events" for row in upsert.rows
    ]
    assert [row[0] for row in events] == ["e1", "e3"]
    assert events[1][3:5] == ('{"HEAD_A": 0.12}', '{"HEAD_A": 0.13}')


def test_a_state_that_is_active_already_is_no_new_version() -> None:
    made = batch(weights(0.12, "e1"))
    there = {"desk": "main", "state_type": "head_weights", "current_version": 4}
    made.settle({"active_learning_state": [there | {"state_data": '{"HEAD_A":0.12}'}]})
    assert list(made.upserts()) == []
