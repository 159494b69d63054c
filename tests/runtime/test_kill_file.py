"""What risk is told of the file KILL: what is seen first, then every change, once."""

from pathlib import Path

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.kill_file import NAME, TEXT_LENGTH_MAX, KillFile
from kingmaker.runtime.memory_log import MemoryLog
from kingmaker.runtime.services import build_services


@pytest.fixture
def risk() -> Engine:
    return engine_of("risk")


def engine_of(name: str) -> Engine:
    [service] = [one for one in build_services([Desk("d", 0)]) if one.name == name]
    engine = Engine(service, MemoryLog())
    engine.start("test")
    return engine


def told(file: KillFile, engine: Engine) -> list[str]:
    """Return what an engine is told and takes, by name."""
    items = list(file.take(engine))
    for item in items:
        engine.offer(item)
    return [item.kind.rpartition(".")[2] for item in items]


def test_what_is_there_is_told_and_then_what_changes(risk: Engine, tmp_path: Path) -> None:
    file, path = KillFile(tmp_path), tmp_path / NAME
    assert told(file, risk) == ["KillFileGone"], "it may have been removed while nobody looked"
    assert told(file, risk) == []
    path.write_text("fills look wrong\nand more\n", encoding="utf-8")
    assert told(file, risk) == ["KillFileFound"]
    assert risk.host.state.kill.reason == "fills look wrong"
    assert told(file, risk) == []
    path.unlink()
    assert told(file, risk) == ["KillFileGone"]
    assert risk.host.state.kill is not None


def test_a_process_that_starts_beside_it_tells_it_and_is_believed_once(
    risk: Engine, tmp_path: Path
) -> None:
    (tmp_path / NAME).touch()
    assert told(KillFile(tmp_path), risk) == ["KillFileFound"]
    assert told(KillFile(tmp_path), risk) == ["KillFileFound"]
    assert risk.host.state.last.number == 1


def test_a_link_that_leads_nowhere_lies_there_too(risk: Engine, tmp_path: Path) -> None:
    (tmp_path / NAME).symlink_to(tmp_path / "gone")
    assert told(KillFile(tmp_path), risk) == ["KillFileFound"]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x" * 10_000, b""])
def test_whatever_it_holds_it_kills(content: bytes, risk: Engine, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(content)
    [item] = KillFile(tmp_path).take(risk)
    found = message_class("kingmaker.risk.v1", "KillFileFound").FromString(item.value)
    assert len(found.text) <= TEXT_LENGTH_MAX  # type: ignore[attr-defined] # a field of it
    assert risk.offer(item)


def test_a_folder_of_that_name_kills_as_well(risk: Engine, tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    assert told(KillFile(tmp_path), risk) == ["KillFileFound"]


def test_nobody_but_risk_is_told(tmp_path: Path) -> None:
    (tmp_path / NAME).touch()
    assert told(KillFile(tmp_path), engine_of("feed")) == []
