"""Homes that were really played, and the command line called as a person calls it."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kingmaker.runtime.cli.main import run
from kingmaker.runtime.cli.opening import remember_desks
from kingmaker.runtime.cli.smoke import DESKS, Seen, play
from kingmaker.runtime.home import Home

UNTIL_TRIAL = 4  # acts of the smoke run: then a challenger is on trial


@dataclass(frozen=True, slots=True)
class Called:
    """What a command left: its exit code and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Standard output, read."""
        return json.loads(self.out)


type Call = Callable[..., Called]


@pytest.fixture
def call(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Call:
    """Return what calls the command line, from a folder of its own and without variables."""
    for name in ("KINGMAKER_HOME", "KINGMAKER__HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def called(*words: str, home: Home | None = None) -> Called:
        capsys.readouterr()
        code = run([*words, *(("--home", str(home.path)) if home else ())])
        said = capsys.readouterr()
        return Called(code, said.out, said.err)

    return called


def _played(folder: Path, acts: int | None = None) -> Home:
    home = Home(folder / "home")
    play(home, Seen(), acts)
    remember_desks(home, [desk.model_dump(exclude_none=True) for desk in DESKS])
    return home


@pytest.fixture(scope="session")
def crowned(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home with a coronation by command and a rollback. Only to be looked at."""
    return _played(tmp_path_factory.mktemp("crowned"))


@pytest.fixture(scope="session")
def on_trial(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home with a challenger on trial. Only to be looked at."""
    return _played(tmp_path_factory.mktemp("trial"), UNTIL_TRIAL)


@pytest.fixture
def own(crowned: Home, tmp_path: Path) -> Home:
    """Return a copy that a test may change."""
    return Home(Path(shutil.copytree(crowned.path, tmp_path / "own")))


@pytest.fixture
def own_trial(on_trial: Home, tmp_path: Path) -> Home:
    """Return a copy of a home with a challenger on trial, that a test may change."""
    return Home(Path(shutil.copytree(on_trial.path, tmp_path / "own")))
