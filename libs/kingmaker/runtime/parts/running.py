"""Has a stretch decided in parts, each in a process of its own, and joins what they found."""

import os
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from typing import Self

from kingmaker.runtime.models.child import Child, Command
from kingmaker.runtime.models.errors import ChildDiedError, ChildHungError
from kingmaker.runtime.parts.words import Found, Place, Stretch, Task
from kingmaker.runtime.redecide import Share

PARTS_MAX = 8
PART_RECORDS_MIN = 1_000  # less is not worth a process
LOOK_SECONDS = 0.25
STALLED_SECONDS_MAX = 120.0  # at one step: every model that is asked has ten
FOREVER = float("inf")
WORKER = Command("kingmaker.runtime.parts.worker", memory_bytes_max=4 << 30)

type Progress = Callable[[int], None]


class PartLostError(Exception):
    """A process ended or stood still before it had said what it found."""


class Parts:
    """Processes that decide at once; they are started when needed, the first before, and kept.

    The first difference in the order of the lane is the one that counts, whichever part is first
    to find one. What a part that was lost would have said is never guessed.
    """

    def __init__(
        self,
        place: Place,
        count: int | None = None,
        command: Command = WORKER,
        stalled_seconds_max: float = STALLED_SECONDS_MAX,
    ) -> None:
        """Start nothing yet; `with` starts the first.

        Default of `count`: one for each core that the owner leaves, as far as they are worth it.
        """
        self._place, self._command, self._count = place, command, count
        self._stalled_seconds_max = stalled_seconds_max
        self._threads = ThreadPoolExecutor(count or PARTS_MAX, "part")
        self._children: dict[int, Child] = {}
        self._first: Future[Child] | None = None
        self._waiting: list[Future[Found]] = []

    def __enter__(self) -> Self:
        """Use it in a `with` block: it has processes to end. The first starts while others look."""
        self._first = self._threads.submit(self._child, 0)
        return self

    def __exit__(self, *_: object) -> None:
        """End them."""
        self.close()

    @property
    def pids(self) -> list[int]:
        """The numbers of the processes that run."""
        return [child.pid for child in list(self._children.values())]

    def begin(self, stretch: Stretch) -> None:
        """Let the parts of a stretch be decided, and go on meanwhile."""
        self.drop()
        worth = 1 + stretch.until // PART_RECORDS_MIN
        count = self._count or min(max(1, cores() - 1), PARTS_MAX, worth)
        self._waiting = [
            self._threads.submit(self._decide, number, Task(self._place, stretch, share))
            for number, share in enumerate([Share(number, count) for number in range(count)])
        ]

    def result(self, progress: Progress = lambda _seq: None) -> Found:
        """Wait for what was begun. Raise PartLostError where it cannot be told."""
        assert self._waiting, "nothing was begun"
        found = Found()
        try:
            for number, part in enumerate(self._waiting):
                self._await(number, part, progress)
                found = found.followed_by(part.result())
                if found.difference:
                    break
        except (ChildDiedError, ChildHungError, OSError) as lost:
            raise PartLostError(f"a part was lost: {lost}") from lost
        finally:
            self.drop()
        return found

    def drop(self) -> None:
        """Ask for nothing any more: what still decides is ended."""
        for number, part in enumerate(self._waiting):
            while not (part.done() or part.cancel()):
                self._end(number)
                wait_for([part], LOOK_SECONDS)
        self._waiting = []

    def close(self) -> None:
        """End all processes."""
        self.drop()
        if self._first is not None:
            wait_for([self._first])
        for child in self._children.values():
            child.close()
        self._children.clear()
        self._threads.shutdown()

    def _decide(self, number: int, task: Task) -> Found:
        """Ask a process, in a thread of its own; a process that fails is forgotten."""
        if number == 0 and self._first is not None:
            wait_for([self._first])  # whatever became of it: there is a process now, or none
        child = self._child(number)
        try:
            return Found.decode(child.ask(task.encode(), FOREVER))
        except (ChildDiedError, ChildHungError):
            del self._children[number]
            raise

    def _child(self, number: int) -> Child:
        """Return a process that is ready, started if there is none."""
        child = self._children.get(number)
        if child is None:
            child = self._children[number] = Child(self._command)
        return child

    def _await(self, number: int, part: Future[Found], progress: Progress) -> None:
        """Wait for a part; one that stands still is ended."""
        at, since = -1, time.monotonic()
        while not part.done():
            wait_for([part], LOOK_SECONDS)
            now_at = self._at(number)
            if now_at != at:
                at, since = now_at, time.monotonic()
                progress(max(at, 0))
            elif time.monotonic() - since > self._stalled_seconds_max:
                self._end(number)

    def _at(self, number: int) -> int:
        child = self._children.get(number)
        at = child.at if child else None
        return -1 if at is None else at

    def _end(self, number: int) -> None:
        child = self._children.get(number)
        if child:
            child.end()


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # Linux; macOS has no such mask
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
