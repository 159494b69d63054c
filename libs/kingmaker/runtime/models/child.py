"""A process of our own that runs what may hang, crash or eat memory, at the end of a pipe."""

import mmap
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from kingmaker.runtime.models.errors import ChildDiedError, ChildHungError
from kingmaker.runtime.models.frames import PROGRESS_BYTES, ClosedError, LateError, Pipe

MEMORY_BYTES_MAX = 2 << 30  # address space; onnxruntime needs about 0.2 GiB before any model
START_SECONDS_MAX = 30.0
EXIT_SECONDS_MAX = 5.0
LAST_WORDS_MAX = 400
# What a child may know of our environment: no secret, and one thread for every library.
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True, slots=True)
class Command:
    """Which module the child runs, and how much address space it may take."""

    module: str
    memory_bytes_max: int = MEMORY_BYTES_MAX


class Child:
    """One child process; it ends when this end of the pipe is closed, however that happens."""

    def __init__(self, command: Command) -> None:
        """Start it and wait until it is ready. Raise ChildDiedError, ChildHungError."""
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the child
        with tempfile.TemporaryFile() as shared:
            shared.truncate(mmap.PAGESIZE)
            self._progress = mmap.mmap(shared.fileno(), mmap.PAGESIZE)
            self._process = _spawn(command, shared.fileno(), self._stderr.fileno())
        assert self._process.stdin, "a pipe was asked for"
        assert self._process.stdout, "a pipe was asked for"
        self._pipe = Pipe(self._process.stdout.fileno(), self._process.stdin.fileno())
        self._await(time.monotonic() + START_SECONDS_MAX)

    @property
    def at(self) -> int | None:
        """Which question of the last message it is at, from 0; None before the first."""
        at = int.from_bytes(self._progress[:PROGRESS_BYTES], "little")
        return at - 1 if at else None

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def ask(self, request: bytes, seconds: float) -> bytes:
        """Send a request and return its reply. Raise ChildHungError, ChildDiedError: it is gone."""
        until = time.monotonic() + seconds
        self._progress[:PROGRESS_BYTES] = bytes(PROGRESS_BYTES)
        try:
            self._pipe.send(request, until)
        except LateError as error:
            self.kill()
            raise ChildHungError(f"it did not read within {seconds:g} s") from error
        except ClosedError as error:
            raise self._died() from error
        return self._await(until)

    def kill(self) -> None:
        """End it at once, without asking it."""
        self._process.kill()
        self._release()

    def end(self) -> None:
        """End it from another thread than the one that asks: that one learns that it died."""
        self._process.kill()

    def close(self) -> None:
        """Let it end by itself; kill it if it does not."""
        assert self._process.stdin, "a pipe was asked for"
        self._process.stdin.close()
        try:
            self._process.wait(EXIT_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._release()

    def _await(self, until: float) -> bytes:
        try:
            return self._pipe.receive(until)
        except LateError as error:
            self.kill()
            raise ChildHungError("it gave no answer in time") from error
        except ClosedError as error:
            raise self._died() from error

    def _died(self) -> ChildDiedError:
        try:
            status = self._process.wait(EXIT_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        self._stderr.seek(0)
        last_words = self._stderr.read()[-LAST_WORDS_MAX:].decode(errors="replace").strip()
        self._release()
        return ChildDiedError(status, last_words)

    def _release(self) -> None:
        self._process.wait()
        for file in (self._process.stdin, self._process.stdout, self._stderr):
            if file:
                file.close()


def _spawn(command: Command, shared: int, stderr: int) -> "subprocess.Popen[bytes]":
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    arguments = [
        *(sys.executable, "-I", "-m", command.module),
        *(str(command.memory_bytes_max), str(shared)),
    ]
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module, no input from outside
        arguments,
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        pass_fds=(shared,),
        env=environment | ONE_THREAD,
        start_new_session=True,  # an interrupt from the keyboard is for the parent
    )
