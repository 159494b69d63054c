"""The child's end of the pipe: its memory limit, its progress, its end when the parent is gone."""

import mmap
import os
import resource
import sys
import threading
import time
from collections.abc import Callable
from typing import NoReturn

from kingmaker.runtime.models.frames import PROGRESS_BYTES, ClosedError, Pipe

PARENT_CHECK_SECONDS = 1.0
FOREVER = float("inf")

type Serve = Callable[[bytes, Callable[[int], None]], bytes]


def serve(prepare: Callable[[], Serve]) -> NoReturn:
    """Confine this process, then answer requests until the parent closes the pipe.

    `prepare` imports what is heavy, under the limit already; what it returns answers one request
    and may say which question it is at.
    """
    memory_bytes_max, shared = int(sys.argv[1]), int(sys.argv[2])
    if sys.platform == "linux":  # macOS refuses this limit; there the deadline alone protects
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes_max, memory_bytes_max))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    progress = mmap.mmap(shared, mmap.PAGESIZE)
    pipe = _take_pipe()
    answer = prepare()

    def tell(at: int) -> None:
        progress[:PROGRESS_BYTES] = (at + 1).to_bytes(PROGRESS_BYTES, "little")

    try:
        pipe.send(b"", FOREVER)
        while True:
            pipe.send(answer(pipe.receive(FOREVER), tell), FOREVER)
    except ClosedError:
        sys.exit(0)


def _take_pipe() -> Pipe:
    """Keep stdin and stdout for frames; what a library prints goes to stderr."""
    read_from, write_to = os.dup(0), os.dup(1)
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - a descriptor is wanted, no path
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    return Pipe(read_from, write_to)


def _end_with(parent: int) -> None:
    """End this process when its parent is gone, even in the middle of a model that hangs."""
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK_SECONDS)
    os._exit(1)
