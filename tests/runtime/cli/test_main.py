"""The entry: wrong words, faults in one paragraph, and what is not imported."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from kingmaker.runtime.cli import service
from kingmaker.runtime.cli.main import COMMANDS, main
from kingmaker.runtime.release import RELEASE
from tests.runtime.cli.conftest import Call

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["chmpion"], "Did you mean"),
        (["champion", "shw"], 'Did you mean "show"'),
        (["champion", "show", "--hme", "x"], "Did you mean --home"),
        (["rollback", "x"], "--reason"),
        (["up", "--demo", "--data", "x.csv"], "exclude each other"),
        (["champion", "show", "-o", "yaml"], "yaml"),
    ],
)
def test_wrong_words_end_with_2_and_a_remedy(call: Call, words: list[str], said: str) -> None:
    called = call(*words)
    assert called.code == 2
    assert said in called.err
    assert called.out == ""


def test_a_command_without_a_kingdom_says_how_to_begin_one(call: Call) -> None:
    called = call("champion", "show")
    assert called.code == 2
    assert "Begin one with `kingmaker up --demo`" in called.err


def test_no_fault_is_a_traceback(call: Call, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "manifest.json").write_text("{", encoding="utf-8")
    called = call("champion", "show", "--home", str(home))
    assert called.code == 1
    assert called.err.startswith("error: ")
    assert "Traceback" not in called.err


@pytest.mark.parametrize("name", [name for name, _, _ in COMMANDS])
def test_every_command_has_help(call: Call, name: str) -> None:
    called = call(name, "--help")
    assert called.code == 0
    assert "Usage: kingmaker" in called.out


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == RELEASE


def test_the_version_is_told_before_anything_is_imported() -> None:
    said = _python("main(['--version'])")
    assert said.stdout.startswith(f"kingmaker {RELEASE}\n")
    assert "cyclopts" not in said.stderr


def test_a_command_imports_only_what_it_needs() -> None:
    said = _python("main(['service', 'ls'])")
    assert "cyclopts" in said.stderr
    heavy = {"pydantic", "structlog", "numpy", "onnxruntime", "google.protobuf", "rich"}
    assert not heavy & set(said.stderr.split())


def test_an_interrupt_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_topic: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(service, "_row", interrupted)
    with pytest.raises(SystemExit) as ended:
        main(["service", "ls"])
    assert ended.value.code == 130


def _python(statement: str) -> subprocess.CompletedProcess[str]:
    """Run a statement in a new process; its modules come on standard error."""
    program = (
        "import sys\nfrom kingmaker.runtime.cli.main import main\n"
        f"try:\n    {statement}\nfinally:\n    print(*sys.modules, file=sys.stderr)\n"
    )
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
