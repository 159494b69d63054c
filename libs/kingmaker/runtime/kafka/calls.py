"""Calls of aiokafka, each ended by its deadline whatever aiokafka does.

The loop runs in the thread that calls, and only while it calls: no hop between threads, no lock. A
group member would need heartbeats in between; Kingmaker has no groups.
"""

import asyncio
import logging
from collections.abc import Coroutine, Iterable
from contextlib import suppress


class Calls:
    """A loop of its own. Not for two threads."""

    def __init__(self) -> None:
        """Make the loop; nothing runs yet."""
        self._loop = asyncio.new_event_loop()
        # What matters of it we say ourselves; it repeats "not found" thousands of times a second.
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)

    def run[T](self, call: Coroutine[None, None, T], deadline_s: float) -> T:
        """Return what `call` returns. Raise TimeoutError after `deadline_s`, and leave it behind.

        `asyncio.timeout` would wait for what it cancels: aiokafka may hang where a broker is gone.
        """
        return self._loop.run_until_complete(within(deadline_s, call))

    def close(self, stops: Iterable[Coroutine[None, None, object]], deadline_s: float) -> None:
        """Let all `stops` run side by side until the deadline; what hangs ends with the process."""
        with suppress(TimeoutError):
            self.run(_all(list(stops)), deadline_s)
        self._loop.set_exception_handler(lambda _loop, _context: None)
        self._loop.close()


async def within[T](deadline_s: float, call: Coroutine[None, None, T]) -> T:
    """Return what `call` returns. Raise TimeoutError after `deadline_s`, and leave it behind."""
    task = asyncio.ensure_future(call)
    done, _ = await asyncio.wait({task}, timeout=deadline_s)
    if not done:
        task.cancel()
        raise TimeoutError
    return task.result()


async def _all(stops: list[Coroutine[None, None, object]]) -> None:
    await asyncio.gather(*stops, return_exceptions=True)
