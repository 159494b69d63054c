"""A few weeks of hourly EURUSD through the whole product: seconds, and everything but a trial."""

from pathlib import Path

from kingmaker.runtime.bars import DEMO
from tests.scenarios.playing import Stage, stage

TIMES = 600  # market times
EURUSD = DEMO[2]


def unplayed(path: Path) -> Stage:
    """Return a home with nothing in it."""
    return stage(path / "home", [EURUSD])


def played(path: Path, times: int = TIMES) -> Stage:
    """Return a home with a few weeks in it."""
    fresh = unplayed(path)
    fresh.play(times)
    return fresh
