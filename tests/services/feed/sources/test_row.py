"""Rows; the tests of series hold the whole table of bad ones."""

import pytest

from kingmaker.feed.sources.row import BadRowError, parse, parse_time


def test_a_time_has_milliseconds() -> None:
    assert parse_time("2024-01-01T00:00:00.250Z") == 1_704_067_200_250
    assert parse_time("2024-01-01 00:00:00+00:00") == 1_704_067_200_000


def test_a_negative_time_is_refused() -> None:
    with pytest.raises(BadRowError):
        parse_time("-1")


def test_a_row_says_where_it_stands() -> None:
    row = parse("line 2", ["1704067200000", "1", "2", "0.5", "1.5", "7"])
    assert (row.place, row.prices, row.volume) == ("line 2", (1.0, 2.0, 0.5, 1.5), 7.0)
