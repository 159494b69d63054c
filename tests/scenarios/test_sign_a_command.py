"""The how-to, word for word: what it makes is the record that the command line makes, and acts."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.cli.main import run
from kingmaker.runtime.cli.opening import remember_desks
from kingmaker.runtime.home import Home
from kingmaker.runtime.inbox import Inbox
from tests.architecture.source import ROOT
from tests.runtime.short_play import played
from tests.scenarios.playing import Stage

HOW_TO = ROOT / "docs/how-to/sign-a-command.md"
LINES_MAX = 25


def example(language: str, containing: str) -> str:
    """Return the block of the document that contains a word."""
    blocks = re.findall(rf"```{language}\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    [found] = [block for block in blocks if containing in block]
    return str(found)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    found = played(tmp_path, 5)
    desks = [desk.model_dump(exclude_none=True) for desk in found.settings.desks]
    remember_desks(found.home, desks)
    return found


@pytest.fixture
def produced(tmp_path: Path, stage: Stage) -> Path:
    """Return the signed bytes, made by the document's own words outside of Kingmaker."""
    home = ("--home", str(stage.home.path))
    assert run(["key", "new", "opal", "--role", "operator", "--reason", "a shift", *home]) == 0
    words = example("sh", "protoc").split()
    words[0:1] = [sys.executable, "-m", "grpc_tools.protoc"]
    words = [w.replace("-Iproto", f"-I{ROOT}/proto").replace("=.", f"={tmp_path}") for w in words]
    subprocess.run(words, check=True, cwd=ROOT)  # noqa: S603 - the document's words
    program, out = tmp_path / "freeze.py", tmp_path / "freeze.bin"
    program.write_text(example("python", "Freeze("))
    key = stage.home.path / "keys" / "opal.pem"
    subprocess.run(  # noqa: S603 - the document's words
        [sys.executable, str(program), str(key), str(out)],
        check=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    return out


def test_the_example_is_short_and_needs_nothing_of_kingmaker() -> None:
    program = example("python", "Freeze(")
    assert len(program.splitlines()) <= LINES_MAX
    assert "import kingmaker" not in program
    assert "from kingmaker" not in program


def test_what_the_example_makes_acts_by_the_command_line(stage: Stage, produced: Path) -> None:
    assert run(["command", "send", str(produced), "--home", str(stage.home.path)]) == 0
    [frozen] = stage.events("promotion", 0, "Frozen")
    assert (frozen.scope, frozen.actor, frozen.reason) == ("desk", "opal", "a storm is coming")


def test_what_the_example_makes_acts_by_the_inbox_alone(stage: Stage, produced: Path) -> None:
    inbox = Inbox(stage.home.inbox)
    statement = re.search(r"`(INSERT INTO commands [^`]*)`", HOW_TO.read_text(encoding="utf-8"))
    assert statement is not None
    inbox._db.execute(statement.group(1), (produced.read_bytes(),))
    inbox.close()
    stage.play(1)
    [frozen] = stage.events("promotion", 0, "Frozen")
    assert frozen.actor == "opal"


def test_the_command_line_makes_the_same_record(stage: Stage, produced: Path) -> None:
    home = ("--home", str(stage.home.path))
    key = ("--key", str(stage.home.path / "keys" / "opal.pem"))
    words = ("freeze", "--reason", "a storm is coming", "--actor", "opal")
    assert run([*words, *key, *home]) == 0
    by_hand = signed_in(produced.read_bytes())
    by_line = signed_in(last_command(stage.home))
    assert by_hand == by_line


def signed_in(value: bytes) -> tuple[object, ...]:
    """Return all that a record says, but for its id and its time."""
    signed = message_class("kingmaker.governance.v1", "Signed").FromString(value)
    command = message_class("kingmaker.promotion.v1", "Freeze").FromString(signed.payload)  # type: ignore[attr-defined] # generated at run time
    lasts = command.not_after_ms - command.issued_at_ms  # type: ignore[attr-defined] # generated at run time
    names = ("scope", "actor", "reason")
    said = tuple(getattr(command, name) for name in names)
    return (signed.key_id, signed.type, len(signed.signature), lasts, *said)  # type: ignore[attr-defined] # generated at run time


def last_command(home: Home) -> bytes:
    inbox = Inbox(home.inbox)
    taken = [one for one in inbox.take(0) if one.lane == Lane("km.promotion.commands.v1")]
    inbox.close()
    return taken[-1].value
