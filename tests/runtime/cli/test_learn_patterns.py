"""`kingmaker learn patterns`; of one that learned on: tests/scenarios/test_revised_by_the_hour."""

import pytest

from kingmaker.runtime.home import Home
from tests.runtime.cli.conftest import Call


@pytest.mark.parametrize("like", ["0", "17"])
def test_a_count_that_is_none_is_refused(call: Call, crowned: Home, like: str) -> None:
    called = call("learn", "patterns", f"--like={like}", home=crowned)
    assert called.code == 2
    assert f"--like {like}: give 1 to 16" in called.err


def test_a_desk_that_is_none_is_named(call: Call, crowned: Home) -> None:
    called = call("learn", "patterns", "elm", home=crowned)
    assert called.code == 2
    assert "no desk is called 'elm'" in called.err


def test_the_bootstrap_has_no_library_and_says_what_makes_one(call: Call, crowned: Home) -> None:
    called = call("learn", "patterns", home=crowned)
    assert called.code == 0
    assert "holds no library that can be looked up" in called.out
    found = call("learn", "patterns", "-o", "json", home=crowned).json
    assert (found["patterns"], found["keep"], found["windows"]) == (0, None, [])


def test_bytes_that_are_gone_are_named_with_their_remedy(call: Call, own: Home) -> None:
    for file in own.artifacts.rglob("*"):
        if file.is_file():
            file.unlink()
    called = call("learn", "patterns", home=own)
    assert called.code == 3
    assert "cannot be read" in called.err
    assert "kingmaker model verify" in called.err
