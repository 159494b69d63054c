"""What the heads learned, on the command line; `pytest --rewrite` writes the transcript anew."""

from pathlib import Path

import pytest

from kingmaker.runtime.home import Home
from tests.runtime.cli import learned
from tests.runtime.cli.conftest import Call

TRANSCRIPT = Path(__file__).with_name("learn.txt")
SCREENS = (
    ("performance",),
    ("weights",),
    ("weights", "--days", "2"),
    ("improvements",),
    ("checklist",),
    ("recommendations",),
    ("stats",),
    ("scheduler",),
    ("funnel",),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home whose heads learned. Only to be looked at."""
    return learned.home(tmp_path_factory.mktemp("learned"))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("weights", "--days", "0"), "give 1 to 365"),
        (("performance", "elm"), "no desk is called 'elm'"),
    ],
)
def test_a_wrong_word_is_named_with_its_remedy(
    call: Call, home: Home, words: tuple[str, ...], why: str
) -> None:
    called = call("learn", *words, home=home)
    assert called.code == 2
    assert why in called.err


def test_every_screen_is_what_was_agreed(
    call: Call, home: Home, pytestconfig: pytest.Config
) -> None:
    told = []
    for words in SCREENS:
        called = call("learn", *words, home=home)
        assert (called.code, called.err) == (0, "")
        told.append(f"$ kingmaker learn {' '.join(words)}\n{called.out}")
    text = "\n".join(told)
    if pytestconfig.getoption("--rewrite"):
        TRANSCRIPT.write_text(text, encoding="utf-8")
    assert text == TRANSCRIPT.read_text(encoding="utf-8")


def test_programs_get_every_number(call: Call, home: Home) -> None:
    [performance] = call("learn", "performance", "-o", "json", home=home).json
    assert set(performance) == {"desk", "overall", "heads", "learning"}
    assert performance["overall"]["win_rate"]["n"] == learned.OUTCOMES
    [weights] = call("learn", "weights", "-o", "json", home=home).json
    assert set(weights) == {"desk", "version", "current", "history"}
    assert sum(weights["current"].values()) == pytest.approx(1.0)
    assert weights["history"][-1]["version"] == weights["version"] == learned.OUTCOMES
    [week, *_] = call("learn", "improvements", "-o", "json", home=home).json
    assert week["reading"] == "baseline"
    told = call("learn", "recommendations", "-o", "json", home=home).json
    assert {row["head"]: row["confidence"] for row in told}["online_learning"] == "95 %"
    [stats] = call("learn", "stats", "-o", "json", home=home).json
    assert stats["coordinator"]["head_weight_updates"] == learned.OUTCOMES
    scheduler = call("learn", "scheduler", "-o", "json", home=home).json
    assert scheduler["total_jobs"] == 2
    assert [job["id"] for job in scheduler["jobs"]] == ["daily_learning", "weekly_retraining"]


def test_where_nothing_is_learned_it_says_so_and_shows_votes_all_the_same(
    call: Call, tmp_path: Path
) -> None:
    off = learned.home(tmp_path, on=False)
    called = call("learn", "performance", home=off)
    assert called.code == 0
    assert "learning.head_weights is off" in called.err
    assert "240 signals" in called.out
    [weights] = call("learn", "weights", "-o", "json", home=off).json
    assert (weights["version"], weights["history"]) == (0, [])
