"""Republishes beside the loop: a thread of its own that nobody waits for, and that stops nobody.

What goes wrong there, a topic that is missing or a broker that is slow, is told by /readyz; it
begins again, behind what the topic has.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import Protocol, Self

from aiokafka.errors import KafkaError

from kingmaker.contracts.envelope import EnvelopeError
from kingmaker.kernel.lane import LaneDamagedError
from kingmaker.runtime.kafka.published import TopicMissingError
from kingmaker.runtime.live.health import Health

WAIT_S = 0.5  # for news; then whether to end is looked at
AGAIN_S = 5.0  # after a fault
DRAIN_S = 5.0  # how long an end may take: the rest is published by the next process

FAULTS = (
    KafkaError,
    TimeoutError,
    OSError,
    AssertionError,  # of a producer that is dead after its first error
    TopicMissingError,
    LaneDamagedError,
    EnvelopeError,
)


class Follower(Protocol):
    """A republisher, as it is seen here."""

    @property
    def name(self) -> str:
        """What it is called in /readyz."""
        ...

    async def start(self) -> None:
        """Find out where to go on."""
        ...

    async def turn(self, wait_s: float) -> int:
        """Publish what came; return how many records came, public or not."""
        ...

    async def stop(self) -> None:
        """Let go."""
        ...


type Make = Callable[[], Follower]


class Publishing:
    """All republishers of one process."""

    def __init__(self, makers: Sequence[Make], health: Health) -> None:
        """Start nothing yet. After a fault each is made anew: a producer does not survive one."""
        self._makers, self._health = makers, health
        self._ending = threading.Event()
        # A daemon: a client that hangs on a dead broker must not keep the process alive.
        self._thread = threading.Thread(target=self._run, name="publishing", daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        if self._makers:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Publish what is there, for a few seconds at most, and end."""
        self._ending.set()
        if self._makers:
            self._thread.join(DRAIN_S)

    def _run(self) -> None:
        loop = asyncio.new_event_loop()
        loop.set_exception_handler(lambda _loop, _context: None)  # of calls that were left behind
        try:
            loop.run_until_complete(self._follow_all())
        except BaseException as fault:
            self._health.notes[self._thread.name] = _told(self._thread.name, fault)
            raise
        finally:
            loop.close()

    async def _follow_all(self) -> None:
        await asyncio.gather(*(self._follow(make) for make in self._makers))

    async def _follow(self, make: Make) -> None:
        while True:
            follower = make()
            try:
                await follower.start()
                self._health.notes.pop(follower.name, None)
                while await follower.turn(WAIT_S) or not self._ending.is_set():
                    pass
            except FAULTS as fault:
                self._health.notes[follower.name] = _told(follower.name, fault)
            await follower.stop()
            if self._ending.is_set():
                return
            await self._rest()

    async def _rest(self) -> None:
        for _ in range(int(AGAIN_S / WAIT_S)):
            if not self._ending.is_set():
                await asyncio.sleep(WAIT_S)


def _told(name: str, fault: BaseException) -> str:
    said = str(fault) or type(fault).__name__
    begun = said if said.startswith(name) else f"{name}: {said}"
    return f"{begun.rstrip('.')}. Until then nothing is republished there, and nothing is lost."
