"""What a person orders the learners to do: refused before it is sent, or on record."""

import pytest

from kingmaker.runtime.home import Home
from tests.runtime.cli import learned
from tests.runtime.cli.conftest import Call


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home whose heads learned. Only to be looked at."""
    return learned.home(tmp_path_factory.mktemp("learned"))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("run", "monthly", "--reason", "x"), "give daily, weekly or historical"),
        (("restore", "head_weights", "9999", "--reason", "x"), "versions 0 to 240, not 9999"),
        (("restore", "thresholds", "1", "--reason", "x"), "is a setting: signals.confluence"),
        (("restore", "moods", "1", "--reason", "x"), "'moods' is not learned here"),
    ],
)
def test_a_wrong_word_is_named_with_its_remedy(
    call: Call, home: Home, words: tuple[str, ...], why: str
) -> None:
    called = call("learn", *words, home=home)
    assert called.code == 2
    assert why in called.err


def test_a_job_is_refused_on_record_where_no_weight_is_learned(call: Call, own: Home) -> None:
    called = call("learn", "run", "daily", "--reason", "to see", home=own)
    assert called.code == 6
    assert "learning.head_weights is off" in called.err
