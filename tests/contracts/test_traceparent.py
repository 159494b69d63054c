"""The ids of a trace follow from the ids of events."""

import re

import pytest

from kingmaker.contracts.traceparent import following, read

BAR, OPPORTUNITY = "km.feed.v1/0/41", "km.trader.v1/0/7"


def test_the_form_is_that_of_the_w3c() -> None:
    assert re.fullmatch(rb"00-[0-9a-f]{32}-[0-9a-f]{16}-01", following(BAR))


def test_what_follows_from_an_event_is_in_its_trace_under_an_id_of_its_own() -> None:
    first = following(BAR)
    second = following(OPPORTUNITY, first)
    told, caused = read(first), read(second)
    assert told is not None
    assert caused is not None
    assert caused.trace == told.trace
    assert caused.span != told.span


def test_the_same_event_has_the_same_ids_whoever_asks() -> None:
    assert following(BAR) == following(BAR)
    assert following(BAR) != following("km.feed.v1/0/42")
    assert read(following(OPPORTUNITY)) is not None


@pytest.mark.parametrize(
    "header",
    [b"", b"nonsense", b"01-" + b"a" * 32 + b"-" + b"b" * 16 + b"-01", b"00-" + b"A" * 32 + b"-x"],
)
def test_a_header_that_is_none_begins_a_trace(header: bytes) -> None:
    assert read(header) is None
    assert following(BAR, header) == following(BAR)


def test_ids_of_zeros_are_none() -> None:
    assert read(b"00-" + b"0" * 32 + b"-" + b"b" * 16 + b"-01") is None
    assert read(b"00-" + b"a" * 32 + b"-" + b"0" * 16 + b"-01") is None
