"""Processes that run models: confined, watched, and gone when nobody listens any more."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from kingmaker.runtime.models.challengers import WORKER, Challengers
from kingmaker.runtime.models.child import Child, Command
from kingmaker.runtime.models.errors import ChildDiedError, ChildHungError, ModelRefusedError
from kingmaker.runtime.models.examination import EXAMINER, Examination
from kingmaker.runtime.models.frames import UNLOAD, Packed
from kingmaker.runtime.models.layout import Layout
from kingmaker.runtime.models.patience import Patience
from kingmaker.runtime.models.watch import Watch
from tests.hostile import forge

ROOT = Path(__file__).parents[2]
NOBODY = UNLOAD + bytes(32)
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the memory limit is Linux's")


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that ended and waits to be collected does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def processor_ticks(pid: int) -> int:
    """Return how long a process has computed, in hundredths of a second."""
    status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return int(status[11]) + int(status[12])


def ends(pid: int) -> bool:
    """Wait until a process is gone."""
    for _ in range(600):
        if not is_alive(pid):
            return True
        time.sleep(0.05)
    return False


def test_a_module_that_does_not_start_says_why() -> None:
    with pytest.raises(ChildDiedError, match="No module named"):
        Child(Command("kingmaker.runtime.models.nowhere"))


@LINUX
def test_too_little_memory_to_start_is_no_verdict_on_the_bytes() -> None:
    made = forge.bundle(forge.linear())
    confined = Command(EXAMINER.module, 64 << 20)
    with (
        Examination(Patience(60.0, strict=True), confined) as examination,
        pytest.raises(ModelRefusedError, match="unavailable"),
    ):
        examination.examine_bundle(made, forge.digest_of(made), forge.COMPONENT)


def test_a_child_that_stands_still_is_killed() -> None:
    child = Child(WORKER)
    os.kill(child.pid, signal.SIGSTOP)
    with pytest.raises(ChildHungError):
        child.ask(NOBODY, 0.2)
    assert not is_alive(child.pid)


def test_a_child_that_dies_is_noticed_at_once() -> None:
    child = Child(WORKER)
    os.kill(child.pid, signal.SIGKILL)
    with pytest.raises(ChildDiedError) as caught:
        child.ask(NOBODY, 60.0)
    assert caught.value.status == -signal.SIGKILL
    assert child.at is None


def test_a_child_that_is_closed_ends_by_itself() -> None:
    child = Child(WORKER)
    assert child.ask(NOBODY, 60.0) == b""
    child.close()
    assert child._process.returncode == 0


def test_a_child_knows_no_secret_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KINGMAKER_SECRET", "canary")
    child = Child(WORKER)
    environment = Path(f"/proc/{child.pid}/environ")
    if environment.exists():
        assert b"canary" not in environment.read_bytes()
    child.close()


ORPHAN = """
from kingmaker.runtime.models.challengers import Challengers
from kingmaker.runtime.models.frames import Packed
from kingmaker.runtime.models.layout import Layout
from kingmaker.runtime.models.patience import Patience
from tests.hostile import forge
from tests.hostile.test_models import slow

made = forge.bundle(slow())
challengers = Challengers(Patience(600.0, strict=True))
challengers.load(forge.digest_of(made), forge.COMPONENT, made.model)
print(challengers.pid, flush=True)
row = Layout.of(forge.COMPONENT).pack(forge.row())
challengers.answer([Packed(forge.digest_of(made), (row,))])
"""


@LINUX
def test_a_child_ends_when_its_parent_is_killed_even_in_the_middle_of_a_model() -> None:
    command = [sys.executable, "-c", ORPHAN]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as parent:  # noqa: S603 - our own interpreter, no input from outside
        assert parent.stdout
        pid = int(parent.stdout.readline())
        begun = processor_ticks(pid)
        while processor_ticks(pid) < begun + 30:
            time.sleep(0.05)
        parent.kill()
    assert ends(pid)


def test_a_child_that_cannot_be_started_again_is_an_error_not_a_fault() -> None:
    made = forge.bundle(forge.linear(1.0))
    digest = forge.digest_of(made)
    challengers = Challengers(Patience(60.0, strict=True))
    challengers.load(digest, forge.COMPONENT, made.model)
    row = Layout.of(forge.COMPONENT).pack(forge.row())
    [reply] = challengers.answer([Packed(digest, (row,))])
    assert not reply.is_fault
    challengers._command = Command("kingmaker.runtime.models.nowhere")
    challengers.close()
    with pytest.raises(ChildDiedError):
        challengers.answer([Packed(digest, (row,))])


def test_a_sound_bundle_is_checked_once() -> None:
    made = forge.bundle(forge.linear())
    with Examination(Patience(60.0, strict=True)) as examination:
        examination.examine_bundle(made, forge.digest_of(made), forge.COMPONENT)
        examination.close()
        examination.examine_bundle(made, forge.digest_of(made), forge.COMPONENT)
        assert examination._child is None


def test_the_watch_stops_what_is_overdue_and_forgives_what_ended() -> None:
    options = SimpleNamespace(terminate=False)
    watch = Watch(options, 0.05)
    watch.begin()
    while not watch.fired:
        time.sleep(0.01)
    watch.end()
    assert options.terminate
    watch.begin()
    assert not options.terminate
    watch.end()
    time.sleep(0.2)
    assert not watch.fired
    watch.close()
