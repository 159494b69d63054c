"""Which records a service may pass over: those that an admin named, by place and hash."""

import pytest

from kingmaker.promotion.exceptions import SKIPS_MAX
from kingmaker.promotion.said import SkipAllowed
from tests.people import ADA, OPAL
from tests.services.promotion.story import START_MS, begun, kinds, refusal_of, sign, skip_input


def test_an_admin_allows_it_and_what_was_signed_is_kept() -> None:
    story = begun()
    signed = sign(skip_input())
    taken, allowed = story.hear_bare(signed)
    assert kinds([taken]) == ["CommandTaken"]
    assert allowed == SkipAllowed(
        *("trader", 0, "km.feed.v1", 0, 17, "ab" * 32, "ada", "a bad record", "s1", ADA.key_id),
        *(signed.payload, signed.signature, START_MS),
    )
    assert story.state.skips == (allowed,)


def test_an_operator_does_not() -> None:
    assert "wrong role" in refusal_of(begun().hear_bare(sign(skip_input(), OPAL)))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"service": ""}, "name the service"),
        ({"topic": "km.feed.commands"}, "topic of events"),
        ({"topic": ""}, "topic of events"),
        ({"hash": "AB" * 32}, "64 hexadecimal"),
        ({"hash": "ab"}, "64 hexadecimal"),
        ({"seq": -1}, "not negative"),
    ],
)
def test_it_names_exactly_one_record(changes: dict[str, object], reason: str) -> None:
    assert reason in refusal_of(begun().hear(skip_input(**changes)))  # type: ignore[arg-type] # named fields


def test_a_record_is_named_once_and_there_is_an_end() -> None:
    story = begun()
    story.hear(skip_input())
    assert "already" in refusal_of(story.hear(skip_input("s2")))
    for number in range(SKIPS_MAX - 1):
        story.hear(skip_input(f"more-{number}", seq=100 + number))
    assert "that is the end" in refusal_of(story.hear(skip_input("last", seq=9)))
