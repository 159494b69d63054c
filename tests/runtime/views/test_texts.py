"""Text of strangers, made fit for every database."""

import json

import pytest

from kingmaker.runtime.views.texts import (
    KEY_CHARACTERS_MAX,
    as_json,
    as_key,
    as_moment,
    as_value,
    plain,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BTC", "BTC"),
        ("\u00e9", "\u00e9"),
        ("a\0b", "a\ufffdb"),
        ("\u00e9\0\ud800", "\u00e9\ufffd?"),
    ],
)
def test_text_loses_what_no_database_takes_and_nothing_else(text: str, expected: str) -> None:
    assert plain(text) == as_value(text) == expected


def test_two_keys_that_differ_stay_two() -> None:
    unfit = ["a\0", "a\ufffd", "a" * KEY_CHARACTERS_MAX, "a" * (KEY_CHARACTERS_MAX + 1), "a" * 9999]
    made = [as_key(text) for text in unfit]
    assert len(set(made)) == len(unfit)
    assert all(len(str(key)) <= KEY_CHARACTERS_MAX for key in made)
    assert as_key("t-0001@main") == "t-0001@main"
    assert as_key(7) == 7


def test_what_is_no_number_is_no_value() -> None:
    assert as_value(float("nan")) is None
    assert as_value(float("inf")) == float("inf")
    assert json.loads(as_json({"a": float("nan"), "b": float("-inf"), "c\0": 1.5})) == {
        "a": None,
        "b": None,
        "c\ufffd": 1.5,
    }


def test_a_moment_beyond_the_calendar_is_its_end() -> None:
    assert as_moment(1_503_295_200_123).isoformat() == "2017-08-21T06:00:00.123000+00:00"
    assert as_moment(2**62).year == 9999
    assert as_moment(-5).year == 1970
