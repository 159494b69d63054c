"""Scenarios as transcripts that a person can read: `transcripts/*.txt`.

A change of a transcript is a change of what the court does. `pytest --rewrite` writes them anew;
what must be so whatever they say is asserted beside each story.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scenarios import stories

TRANSCRIPTS = Path(__file__).parent / "transcripts"
STORIES: dict[str, Callable[[], str]] = {
    name.removeprefix("tell_"): story
    for name, story in sorted(vars(stories).items())
    if name.startswith("tell_")
}


@pytest.mark.parametrize("name", STORIES)
def test_the_story_goes_as_its_transcript_says(name: str, pytestconfig: pytest.Config) -> None:
    text, path = STORIES[name](), TRANSCRIPTS / f"{name}.txt"
    if pytestconfig.getoption("--rewrite"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), (
        "if this is meant: pytest --rewrite, and say why"
    )


def test_every_transcript_has_its_story() -> None:
    assert {path.stem for path in TRANSCRIPTS.glob("*")} == set(STORIES)
