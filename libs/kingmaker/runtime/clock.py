"""The scheduler that owns time in replay, demo, backtest and simulation.

The clock waits: at each market time every lane is drained until nothing moves, and every effect due
by then is delivered, however long it took in truth. So a slow machine and a crash change nothing.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from kingmaker.kernel.lane import Draft, Lane
from kingmaker.kernel.service import Effect, Input, Step
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.log import Log, NotAcceptedError, Verdict

MOVES_MAX = 100_000
COMMIT_EVERY_S = 0.05  # wall time; commit points change no history
WAIT_S = 0.05  # wall time; then whoever may act while the clock waits is looked at again

type Inputs = Sequence[tuple[Engine, Input]]
type Show = Callable[[Lane, Step[Any]], None]


class UnsettledError(Exception):
    """Services keep answering each other: the clock would never go on."""


class Reactor(Protocol):
    """Does the work of one kind of effect."""

    def begin(self, effect: Effect) -> None:
        """Start the work, if it is worth starting early; the request is durable."""
        ...

    def finish(self, effect: Effect) -> Draft:
        """Return the fact that answers the effect, waiting for the work if need be."""
        ...


@runtime_checkable
class Slow(Protocol):
    """A reactor whose work people may wait for, and end."""

    def wait(self, effect: Effect, seconds: float) -> bool:
        """Begin the work if need be; tell whether it is over within so many seconds."""
        ...


@runtime_checkable
class Stoppable(Protocol):
    """A reactor whose work can be ended."""

    def stop(self, effect_id: str) -> None:
        """End work that nobody waits for any longer; its answer would be dropped."""
        ...


def nothing_happens() -> bool:
    """Tell that nothing came in while the clock waited."""
    return False


class Clock:
    """Moves all engines from one market time to the next.

    `engines` upstream first. At any moment the first one that has news goes on, until it decides
    something: so the order of all consumption follows from what is in the lanes, and a restart
    takes it up where it was. With `eager` every turn is recorded at once, as a store needs that
    does not commit all lanes together.
    """

    def __init__(
        self,
        engines: Sequence[Engine],
        log: Log,
        reactors: Mapping[str, Reactor],
        *,
        eager: bool = False,
        show: Show = lambda _lane, _step: None,
    ) -> None:
        """Order the engines once."""
        self._engines, self._log, self._reactors = engines, log, reactors
        self._eager, self._show = eager, show
        self._rank = {id(engine): rank for rank, engine in enumerate(engines)}
        self._readers: dict[Lane, list[int]] = defaultdict(list)
        for rank, engine in enumerate(engines):
            for lane in engine.service.reads:
                self._readers[lane].append(rank)
        self._dirty = set(range(len(engines)))
        self._begun: dict[str, str] = {}  # kind by effect
        self._open: dict[int, Sequence[Effect]] = {}
        self._committed_at = 0.0
        self.meanwhile: Callable[[], bool] = nothing_happens  # tells whether it gave an input

    @property
    def now_ms(self) -> int:
        """The market time in progress, as the logs tell it; 0 before the first."""
        return max(engine.host.time_ms for engine in self._engines)

    @property
    def next_due_ms(self) -> int | None:
        """When the next open effect is due."""
        return min((effect.due_ms for _, effect in self._open_effects()), default=None)

    def move_to(self, time_ms: int, inputs: Iterable[tuple[Engine, Input]] = ()) -> None:
        """Tick, hand out `inputs`, settle; commit when it is time to."""
        tick = Input.of_tick(time_ms)
        for engine in self._engines:
            if engine.service.clocked:
                engine.offer(tick)
                self._turn_ends(engine)
        for engine, item in inputs:
            engine.offer(item)
            self._turn_ends(engine)
        self._settle(time_ms)
        if self._eager or time.monotonic() - self._committed_at > COMMIT_EVERY_S:
            self.commit()

    def give(self, engine: Engine, item: Input) -> None:
        """Give one input to one engine, and let nobody else go on."""
        engine.offer(item)
        self._turn_ends(engine)

    def hand(self, engine: Engine, item: Input) -> None:
        """Hand one input to one engine between market times, and settle."""
        self.give(engine, item)
        self._settle(max(self.now_ms, item.time_ms))
        self.commit()

    def commit(self) -> None:
        """Record what decided nothing, make everything durable, tell it, start its effects."""
        for engine in self._engines:
            engine.host.flush()
            self._stage(engine)
        if self._log.commit() is not Verdict.ACCEPTED:
            raise NotAcceptedError(
                "the commit was refused: another process writes to this log. Only one may run."
            )
        self._committed_at = time.monotonic()
        for engine in self._engines:
            accepted, engine.accepted = engine.accepted, []
            for step in accepted:
                self._show(engine.lane, step)
        self._work()

    def _work(self) -> None:
        """Start the effects that were asked for; stop those that nobody waits for any longer."""
        wanted = {effect.id: effect for _, effect in self._open_effects()}
        for name in [name for name in self._begun if name not in wanted]:
            reactor = self._reactors[self._begun.pop(name)]
            if isinstance(reactor, Stoppable):
                reactor.stop(name)
        for name, effect in wanted.items():
            if name not in self._begun:
                self._begun[name] = effect.kind
                self._reactors[effect.kind].begin(effect)

    def _settle(self, time_ms: int) -> None:
        """Drain every lane and deliver every effect that is due, one by one."""
        for _ in range(MOVES_MAX):
            while self._dirty:
                rank = self._next_to_go_on(self._dirty)
                engine = self._engines[rank]
                if engine.drain():
                    self._turn_ends(engine)
                else:
                    self._dirty.discard(rank)
            if not self._deliver_next(time_ms):
                return
        busy = [str(engine.lane) for engine in self._engines if engine.open_effects()]
        raise UnsettledError(f"at {time_ms} ms nothing settles; effects are open in {busy}")

    def _next_to_go_on(self, with_news: set[int]) -> int:
        return min(with_news)

    def _turn_ends(self, engine: Engine) -> None:
        if self._eager:
            engine.host.flush()
        self._stage(engine)

    def _stage(self, engine: Engine) -> None:
        if not engine.stage():
            return
        self._dirty.update(self._readers[engine.lane])
        self._open.pop(self._rank[id(engine)], None)

    def _deliver_next(self, time_ms: int) -> bool:
        """Answer the effect that is due first, by due time and id; tell whether there was one."""
        due = [row for row in self._open_effects() if row[1].due_ms <= time_ms]
        if not due:
            return False
        engine, effect = min(due, key=lambda row: (row[1].due_ms, row[1].id))
        self.commit()
        if self._is_interrupted(effect):
            return True
        fact = self._reactors[effect.kind].finish(effect)
        self._begun.pop(effect.id, None)
        lane = Lane(f"km.{engine.service.name}.facts.v1", engine.service.index)
        number = engine.host.consumption.position(lane).seq + 1
        engine.offer(Input(lane, number, fact.kind, fact.value, time_ms=time_ms))
        self._turn_ends(engine)
        return True

    def _is_interrupted(self, effect: Effect) -> bool:
        """Wait for slow work; tell whether something came in that must be settled before."""
        reactor = self._reactors[effect.kind]
        if isinstance(reactor, Slow):
            while not reactor.wait(effect, WAIT_S):
                if self.meanwhile():
                    return True
        return False

    def _open_effects(self) -> Sequence[tuple[Engine, Effect]]:
        """Return every open effect; a state is asked again only when it may have changed."""
        rows: list[tuple[Engine, Effect]] = []
        for rank, engine in enumerate(self._engines):
            if rank not in self._open:
                self._open[rank] = engine.open_effects()
            rows.extend([(engine, effect) for effect in self._open[rank]])
        return rows
