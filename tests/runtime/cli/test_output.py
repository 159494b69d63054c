"""Tables for people, JSON for programs."""

import json
from typing import Any

import pytest

from kingmaker.runtime.cli.output import Column, moment, one, percent, rows, table

COLUMNS = (Column("NAME", "name"), Column("N", "n", lambda n: f"{n:,}", right=True))
FOUND: list[dict[str, Any]] = [{"name": "a", "n": 1000}, {"name": "long", "n": None}]


def test_a_table_is_aligned_and_empty_cells_are_marked() -> None:
    assert table(FOUND, COLUMNS) == ["NAME      N", "a     1,000", "long      -"]


def test_json_is_one_list_and_jsonl_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    rows(FOUND, COLUMNS, "json")
    assert json.loads(capsys.readouterr().out) == FOUND
    rows(FOUND, COLUMNS, "jsonl")
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == FOUND
    one(FOUND[0], ["text"], "json")
    assert json.loads(capsys.readouterr().out) == FOUND[0]


def test_an_empty_table_says_on_standard_error_what_would_stand_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows([], COLUMNS, "table", "Nothing yet.")
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "Nothing yet.\n")


def test_times_and_shares_are_for_people() -> None:
    assert moment(1_713_708_000_000) == "2024-04-21 14:00"
    assert (moment(None), percent(None), percent(-0.0123)) == ("-", "-", "-1.23 %")
