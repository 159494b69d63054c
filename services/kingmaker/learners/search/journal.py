"""Where a search keeps its trials, so that another process can go on where one was killed.

A file of Optuna's journal. It is held by a lock of the system, which ends with its process, since
a lock that is a file outlives a kill. What a crash tore off is dropped: that trial is made again.
"""

import fcntl
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from optuna.storages import BaseStorage, InMemoryStorage, JournalStorage
from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock

WAIT_S = 30.0  # for a process that is about to end: it was killed, or nobody hears it
POLL_S = 0.1


class JournalInUseError(Exception):
    """Another process goes on with this search."""


class _Held(JournalFileOpenLock):
    """No lock: the whole file is held already."""

    def acquire(self) -> bool:
        return True

    def release(self) -> None:
        return


@contextmanager
def opened(path: Path | None) -> Iterator[BaseStorage]:
    """Open the journal of a search for this process alone; None keeps nothing."""
    if path is None:
        yield InMemoryStorage()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        _hold(file, path)
        file.truncate(_sound_bytes(file))
        yield JournalStorage(JournalFileBackend(str(path), lock_obj=_Held(str(path))))


def _hold(file: IO[bytes], path: Path) -> None:
    until = time.monotonic() + WAIT_S
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise JournalInUseError(
                    f"{path}: another process has held this search for {WAIT_S:g} s; end it, or"
                    f" wait until it is done"
                ) from None
            time.sleep(POLL_S)
        else:
            return


def _sound_bytes(file: IO[bytes]) -> int:
    """Return the length of the lines that are whole, up to the first that is not."""
    file.seek(0)
    length = 0
    for line in file:
        try:
            whole = line.endswith(b"\n") and isinstance(json.loads(line), dict)
        except ValueError:
            whole = False
        if not whole:
            break
        length += len(line)
    return length
