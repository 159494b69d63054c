"""The life of a service's process: inputs as they come, urgent before bulk, until told to end.

    begin()            replay, take over, hear the settings, load what the state serves with
    turn()             time, commands and facts, effects, lanes; what was decided is appended;
                       who is told by another lane whom to believe hears that one first
    end()              record what waits, leave snapshots and anchors behind

A lane whose own records cannot be read stops, and says why; the others of the process go on.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from kingmaker.kernel.lane import Lane, LaneDamagedError
from kingmaker.kernel.service import CLOCK, Input, UndecodableError
from kingmaker.runtime.anchors import Anchors
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.live.effects import Effects
from kingmaker.runtime.live.foreign import ForeignInputs
from kingmaker.runtime.live.health import Health
from kingmaker.runtime.live.watching import Watching
from kingmaker.runtime.log import Log, NotAcceptedError, Verdict
from kingmaker.runtime.release import RELEASE
from kingmaker.runtime.snapshots import SnapshotStore

TURN_STEPS_MAX = 64  # in one append; then urgent inputs are looked at again
QUIET_S = 1.0  # inputs that decided nothing are recorded at least this often
SNAPSHOT_EVERY_S = 300.0
MS = 1000
CLOCKS_APART_MS_MAX = 300_000  # of two machines of a cluster: more than any delay explains
HOUR_MS = 3_600_000
# By promotion: a revocation counts before an order.
TOLD_WHOM_TO_BELIEVE = frozenset({"risk", "learners"})

type First = Callable[[Engine], Iterator[Input]]
type Now = Callable[[Engine], int]


class Source(Protocol):
    """What a feed reads from outside: bars that are known now."""

    def take(self, engine: Engine) -> Iterator[Input]:
        """Yield what is to be heard next."""
        ...

    @property
    def is_over(self) -> bool:
        """Whether nothing will ever come."""
        ...


class Nothing:
    """The source of every service but the feed."""

    is_over = True

    def take(self, _engine: Engine) -> Iterator[Input]:
        """Yield nothing."""
        return iter(())


def wall_ms(_engine: Engine) -> int:
    """Return the time of this machine."""
    return time.time_ns() // 1_000_000


def market_ms(engine: Engine) -> int:
    """Return the time of what was consumed."""
    return engine.host.time_ms


@dataclass
class Parts:
    """What a loop is made of."""

    log: Log
    engines: Sequence[Engine]
    effects: Effects
    foreign: ForeignInputs
    anchors: Anchors
    snapshots: SnapshotStore
    health: Health
    first: First = lambda _engine: iter(())  # what is heard at every start
    source: Source = field(default_factory=Nothing)
    now: Now = wall_ms
    loaded: Callable[[], Sequence[str]] = tuple  # digests that can be asked
    checked: Callable[[Lane], None] = lambda _lane: None  # after a lane's replay: its anchor
    watching: Watching | None = None  # looks at all of it, and changes nothing


class Loop:
    """All lanes of one process."""

    def __init__(self, parts: Parts) -> None:
        """Read nothing yet."""
        self._parts = parts
        self.stopped: dict[Lane, str] = {}
        self._flushed_at = self._snapshot_at = time.monotonic()
        self._caught_up = False

    def begin(self) -> None:
        """Start every lane. Raise NotAcceptedError where another process took one over."""
        for engine in self._parts.engines:
            self._guarded(engine, self._begin)
        self._parts.health.started = True

    def turn(self) -> bool:
        """Go once round; tell whether anything moved."""
        moved = False
        for engine in self._running():
            moved |= self._guarded(engine, self._turn)
        self._caught_up |= not moved
        if time.monotonic() - self._flushed_at > QUIET_S:
            self._every_second()
        self._parts.health.beat()
        return moved

    def end(self) -> None:
        """Leave everything recorded, with a snapshot and an anchor of each lane.

        Anchors come first, too: a store that takes no snapshot must not cost them.
        """
        self._drop_anchors()
        self._take_snapshots()
        self._drop_anchors()

    @property
    def is_over(self) -> bool:
        """Whether all bars were played and everything they caused was consumed here."""
        return self._caught_up and self._parts.source.is_over

    def _begin(self, engine: Engine) -> bool:
        parts = self._parts
        engine.start(RELEASE, parts.snapshots.newest(engine.lane))
        parts.checked(engine.lane)
        parts.foreign.require(engine)
        for item in parts.first(engine):
            engine.offer(item)
        return self._append(engine)

    def _turn(self, engine: Engine) -> bool:
        self._tick(engine)
        moved = False
        if engine.service.name in TOLD_WHOM_TO_BELIEVE:
            steps = self._drain(engine)
            moved |= steps > 0
            if steps == TURN_STEPS_MAX:
                return moved  # there is more: nobody is obeyed before it is known
        for item in self._outside(engine):
            engine.offer(item)
            moved = True
        moved |= self._append(engine)
        now = None if self._parts.now is market_ms else self._parts.now(engine)
        for fact in self._parts.effects.facts(engine, now):
            engine.offer(fact)
            moved |= self._append(engine)
        return moved | (self._drain(engine) > 0)

    def _drain(self, engine: Engine) -> int:
        """Consume what the lanes hold, up to a limit; return how many times there was something."""
        steps = 0
        while steps < TURN_STEPS_MAX and engine.drain():
            steps += 1
        self._append(engine)
        return steps

    def _tick(self, engine: Engine) -> None:
        """Inject the wall's time, at most once a second; market time comes with the inputs.

        A process that comes back hears it before anything from outside: what a person asks for is
        held against the time of the last tick.
        """
        if not engine.service.clocked or self._parts.now is market_ms:
            return
        now = self._parts.now(engine)
        if now - engine.host.consumption.position(CLOCK).seq >= MS:
            engine.offer(Input.of_tick(now))

    def _outside(self, engine: Engine) -> Iterator[Input]:
        """Yield what this process sees by itself, the file KILL above all; then what is asked."""
        yield from self._parts.source.take(engine)
        now = max(self._parts.now(engine), engine.host.time_ms)
        yield from self._parts.foreign.take(engine, now)

    def _append(self, engine: Engine) -> bool:
        began = time.monotonic()
        appended = engine.stage()
        if appended and self._parts.log.commit() is not Verdict.ACCEPTED:
            raise NotAcceptedError(f"{engine.lane}: the commit was refused: start again.")
        if appended and self._parts.watching:
            self._parts.watching.accepted(engine, time.monotonic() - began)
        engine.accepted.clear()
        return appended

    def _guarded(self, engine: Engine, work: Callable[[Engine], bool]) -> bool:
        """Work on one lane; where it cannot be read, it stops and nothing else does."""
        try:
            return work(engine)
        except (LaneDamagedError, UndecodableError) as error:
            self.stopped[engine.lane] = str(error)
            return False

    def _running(self) -> list[Engine]:
        return [engine for engine in self._parts.engines if engine.lane not in self.stopped]

    def _every_second(self) -> None:
        self._flushed_at = time.monotonic()
        for engine in self._running():
            engine.host.flush()
            self._append(engine)
        self._drop_anchors()
        if time.monotonic() - self._snapshot_at > SNAPSHOT_EVERY_S:
            self._take_snapshots()
        self._tell_health()

    def _tell_health(self) -> None:
        health, running = self._parts.health, self._running()
        health.lanes = {str(engine.lane): engine.host.tip.seq for engine in running}
        missing, disputed = self._missing_models(running), self._disputed_clocks(running)
        if self.stopped:
            health.reason = "; ".join(self.stopped.values())
        elif missing:
            health.reason = f"not loaded yet: {', '.join(missing)}"
        elif disputed:
            health.reason = "; ".join(disputed)
        else:
            health.reason = "caught up" if self._caught_up else "catching up"
        health.ready = self._caught_up and not (self.stopped or missing or disputed)
        if self._parts.watching:
            self._parts.watching.look(self._parts.engines, health, self.stopped)

    def _missing_models(self, engines: Sequence[Engine]) -> list[str]:
        served = {digest for one in engines for digest in one.service.models(one.host.state)}
        return sorted(served - set(self._parts.loaded()))

    def _disputed_clocks(self, engines: Sequence[Engine]) -> list[str]:
        """Tell whose recorded time lies ahead of this machine's: one of two clocks is wrong."""
        if self._parts.now is market_ms:
            return []
        ahead = {engine.lane: engine.host.time_ms - self._parts.now(engine) for engine in engines}
        return [
            f"{lane}: what it consumed is {lead / HOUR_MS:.1f} hours ahead of this machine's clock."
            f" Set this clock by NTP; if it is right, that of whoever feeds this lane ran ahead,"
            f" and the lane keeps that time until ours has come there. Orders and writers go by"
            f" numbers, not by clocks: nothing is lost"
            for lane, lead in ahead.items()
            if lead > CLOCKS_APART_MS_MAX
        ]

    def _take_snapshots(self) -> None:
        self._snapshot_at = time.monotonic()
        for engine in self._running():
            taken = engine.host.take_snapshot()
            self._append(engine)
            self._parts.snapshots.keep(engine.lane, taken)

    def _drop_anchors(self) -> None:
        tips = {engine.lane: engine.host.tip for engine in self._running()}
        if tips:
            self._parts.anchors.drop(tips)
