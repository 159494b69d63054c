"""What the guide to judging one's own returns says to type can be typed, and answers so."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "judge-your-own-returns.md"
TEXT = GUIDE.read_text(encoding="utf-8")
PROGRAMS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
COMMANDS = re.findall(r"^    (.*kingmaker judge .*)$", TEXT, re.MULTILINE)
[SHOWN] = re.findall(r"```text\n(.*?)```", TEXT, re.DOTALL)
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files that the first program of the guide makes."""
    made = tmp_path_factory.mktemp("guide")
    subprocess.run([sys.executable, "-c", PROGRAMS[0]], cwd=made, check=True)  # noqa: S603 - our own guide
    return made


def typed(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": PATH}
    return subprocess.run(  # noqa: S603 - our own guide
        ["bash", "-c", command],  # noqa: S607 - whichever a person has
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_guide_gives_a_verdict(command: str, folder: Path) -> None:
    said = typed(command, folder)
    assert said.returncode in {0, 3}, said.stderr
    assert said.stderr == ""
    assert said.stdout or ">" in command


def test_the_first_answer_is_the_one_that_is_shown(folder: Path) -> None:
    """But for the gates that are not asked: another service may add one."""
    shown, said = SHOWN.splitlines(), typed(COMMANDS[0], folder).stdout.splitlines()
    assert [one for one in said if "not asked" not in one] == [
        one for one in shown if "not asked" not in one
    ]
    assert len(said) == len(shown)


def test_the_share_of_nulls_that_the_guide_tells_is_the_one_that_comes(folder: Path) -> None:
    said = typed("kingmaker judge streams.npy --alpha 0.05", folder).stdout
    assert "14 promoted (2.80%)" in said
    assert "promotes 14 of them, 2.8 %" in TEXT


def test_the_guide_says_many_commands_and_its_programs_run(folder: Path) -> None:
    assert len(COMMANDS) > 8
    done = subprocess.run(  # noqa: S603 - our own guide
        [sys.executable, "-c", PROGRAMS[1]], cwd=folder, capture_output=True, text=True, check=True
    )
    promoted, row, _, nulls = done.stdout.split()
    assert (promoted, int(row) > 0, int(nulls)) == ("True", True, 0)
