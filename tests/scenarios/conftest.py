"""The whole demo, played once for all scenarios that look at what it left behind."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kingmaker.runtime.bars import DEMO
from kingmaker.runtime.home import Home
from tests.scenarios.playing import Stage, stage


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Return the demo, played to its end. Read it; to change it, take a copy."""
    played = stage(tmp_path_factory.mktemp("demo") / "home", DEMO)
    played.play()
    return played


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[Stage], Stage]:
    """Return a home of one's own with the same history."""

    def copy(original: Stage) -> Stage:
        shutil.copytree(original.home.path, tmp_path / "copy")
        return Stage(Home(tmp_path / "copy"), original.settings)

    return copy
