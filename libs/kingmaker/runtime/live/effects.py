"""Does the work that a state waits for, and hands the facts that answer it to its service."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from kingmaker.kernel.lane import Draft
from kingmaker.kernel.service import Effect, Input
from kingmaker.runtime.clock import Reactor, Stoppable
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.first_inputs import facts_of, next_input

WORKERS = 4


class Effects:
    """The reactors of a process. Those of `slow` work beside it; the others in its turn.

    A fact is handed over when the work is done and its declared time has come. One that is lost
    with the process is produced again: the effect is still open in the state.
    """

    def __init__(self, reactors: Mapping[str, Reactor], slow: frozenset[str] = frozenset()) -> None:
        """Start nothing yet."""
        self._reactors, self._slow = reactors, slow
        self._begun: dict[str, tuple[Effect, Future[Draft]]] = {}
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="effect")
        self._open: dict[int, tuple[object, Sequence[Effect]]] = {}

    def facts(self, engine: Engine, now_ms: int | None) -> Iterator[Input]:
        """Begin what was asked for; yield what is answered and due, one by one.

        Without a `now_ms` nobody's clock runs here: what is done is due, and takes time there.
        """
        self._stop_what_nobody_waits_for(engine)
        for effect in self._asked_for(engine):
            if effect.kind in self._slow:
                self._begin(effect)
            is_due = now_ms is None or effect.due_ms <= now_ms
            if is_due and self._is_done(effect):
                draft = self._finish(effect)
                time_ms = max(now_ms or effect.due_ms, engine.host.time_ms)
                yield next_input(engine, facts_of(engine), draft, time_ms)

    def close(self) -> None:
        """Wait for nobody: what was not answered is begun again by the next process."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _asked_for(self, engine: Engine) -> Sequence[Effect]:
        """Return the open effects; a state that is the same object waits for the same ones."""
        state = engine.host.state
        known = self._open.get(id(engine))
        if known is None or known[0] is not state:
            known = self._open[id(engine)] = (state, engine.open_effects())
        return known[1]

    def _begin(self, effect: Effect) -> None:
        if effect.id not in self._begun:
            reactor = self._reactors[effect.kind]
            self._begun[effect.id] = effect, self._pool.submit(reactor.finish, effect)

    def _stop_what_nobody_waits_for(self, engine: Engine) -> None:
        """End work whose effect was open in this state and is no longer: a person ended it."""
        known = self._open.get(id(engine))
        before = {effect.id for effect in known[1]} if known else set()
        wanted = {effect.id for effect in self._asked_for(engine)}
        for name in (before - wanted) & self._begun.keys():
            effect, _ = self._begun.pop(name)
            reactor = self._reactors[effect.kind]
            if isinstance(reactor, Stoppable):
                reactor.stop(name)

    def _is_done(self, effect: Effect) -> bool:
        return effect.kind not in self._slow or self._begun[effect.id][1].done()

    def _finish(self, effect: Effect) -> Draft:
        if effect.kind in self._slow:
            return self._begun.pop(effect.id)[1].result()
        return self._reactors[effect.kind].finish(effect)
