"""How one setting is read from text: what it is, or what was expected in its place."""

import pytest

from kingmaker.contracts import settings_texts
from kingmaker.contracts.settings_texts import Read


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (settings_texts.flag, "1", True),
        (settings_texts.flag, "0", False),
        (settings_texts.whole(1, 9), "9", 9),
        (settings_texts.real(-1.0, 1.0), "-1", -1.0),
        (settings_texts.one_of("a", "b"), "b", "b"),
        (settings_texts.minute_of_day, "23:59", 1439),
    ],
)
def test_what_is_allowed_is_read(read: Read[object], text: str, value: object) -> None:
    found = read("a.key", text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("read", "text", "remedy"),
    [
        (settings_texts.flag, "yes", "give one of 0, 1"),
        (settings_texts.whole(1, 9), "0", "give a whole number from 1 to 9"),
        (settings_texts.whole(1, 9), "4.0", "give a whole number from 1 to 9"),
        (settings_texts.whole(1, 9), "٤", "give a whole number from 1 to 9"),
        (settings_texts.real(0.0, 1.0), "nan", "give a number from 0 to 1"),
        (settings_texts.real(0.0, 1.0), "1.01", "give a number from 0 to 1"),
        (settings_texts.one_of("a", "b"), "", "give one of a, b"),
        (settings_texts.minute_of_day, "1:5", "as HH:MM"),
        (settings_texts.minute_of_day, "24:00", "from 00:00 to 23:59"),
        (settings_texts.minute_of_day, "00:60", "from 00:00 to 23:59"),
    ],
)
def test_a_wrong_text_names_key_value_and_remedy(
    read: Read[object], text: str, remedy: str
) -> None:
    with pytest.raises(ValueError, match=remedy) as refused:
        read("a.key", text)
    assert f"a.key={text!r}" in str(refused.value)


def test_names_are_read_once_each_in_order_of_the_alphabet() -> None:
    assert settings_texts.names_of("a.key", " b, a,b,", ("a", "b", "c")) == ("a", "b")
    assert settings_texts.names(" b, a,b,") == ("b", "a", "b")
    with pytest.raises(ValueError, match=r"a\.key='d': give names of a, b, c"):
        settings_texts.names_of("a.key", "d", ("a", "b", "c"))


def test_what_is_not_set_is_as_usual() -> None:
    read = settings_texts.whole(1, 9)
    assert settings_texts.read_or({}, "a.key", 5, read) == 5
    assert settings_texts.read_or({"a.key": "6"}, "a.key", 5, read) == 6
