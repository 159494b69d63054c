"""Keys: good from their beginning to their end, and never again once revoked."""

from dataclasses import replace

import pytest

from kingmaker.governance.keys import Key, KeyRevoked, KeyTrusted, Trusted, fault_of, is_news, learn

KEY = Key("k", "00", "opal", "operator", not_before_ms=10, not_after_ms=20)
REVOKED = KeyRevoked("k", 15, "by", "ada", "it leaked", "c", 12)


@pytest.mark.parametrize(
    ("now_ms", "fault"), [(9, "not valid before"), (10, ""), (20, ""), (21, "expired key")]
)
def test_a_key_is_good_from_its_beginning_to_its_end(now_ms: int, fault: str) -> None:
    said = fault_of(Trusted(KEY), now_ms)
    assert fault in said
    assert bool(said) == bool(fault)


def test_an_end_is_the_first_moment_at_which_it_may_not_sign() -> None:
    keys = learn(learn({}, KeyTrusted(KEY, "", "", "", "", 0)), REVOKED)
    assert fault_of(keys["k"], 14) == ""
    assert "revoked key k of opal, since 15" in fault_of(keys["k"], 15)


def test_what_is_learned_of_one_key_changes_no_other() -> None:
    other = KeyTrusted(Key("o", "11", "ada", "admin", 0, 0), "", "", "", "", 0)
    before = learn(learn({}, other), KeyTrusted(KEY, "", "", "", "", 0))
    assert learn(before, REVOKED)["o"] == before["o"]


def test_what_several_say_of_a_key_is_news_once_and_an_earlier_end_is_news_again() -> None:
    trusted = KeyTrusted(KEY, "", "", "", "", 0)
    assert is_news({}, trusted)
    assert not is_news({}, REVOKED), "of a stranger nothing is repeated"
    known = learn({}, trusted)
    assert not is_news(known, trusted)
    assert is_news(known, REVOKED)
    ended = learn(known, REVOKED)
    assert [is_news(ended, replace(REVOKED, from_ms=at)) for at in (14, 15, 16)] == [
        True,
        False,
        False,
    ]
