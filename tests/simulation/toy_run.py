"""Plays the toys on any log, and starts them anew after every crash."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from kingmaker.kernel.host import PROCESS_KINDS
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.kernel.service import Answer, Answers, Effect, Input, Question
from kingmaker.runtime.clock import Clock
from kingmaker.runtime.engine import AnyService, Engine
from kingmaker.runtime.history import accepted
from kingmaker.runtime.log import Log, NotAcceptedError
from kingmaker.runtime.memory_log import CrashError
from tests.kernel.counting import Json
from tests.simulation.toy_promotion import Freeze, RollBack, promotion
from tests.simulation.toy_trader import BarRead, ModelLoaded, ModelOffered, feed, trader

BARS = 40
STARTS_MAX = 10_000
MODELS = {"fade": -1.0, "follow": 1.0}
SCRIPT: dict[int, tuple[str, ModelOffered | Freeze | RollBack]] = {
    1: ("toy-trader", ModelOffered("follow", 1_000)),
    14: ("toy-promotion", Freeze("ada")),
    22: ("toy-promotion", Freeze("ada")),
    27: ("toy-promotion", RollBack("ada")),
}
COMMANDS = Json[ModelOffered | Freeze | RollBack](ModelOffered, Freeze, RollBack)

type History = dict[str, list[tuple[str, bytes]]]


def services() -> list[AnyService]:
    """Return the toys, upstream first."""
    return [feed(), trader(), promotion()]


def price(bar: int) -> float:
    """Return a market that trends: nine bars up, three down."""
    cycle, bar_of_cycle = divmod(bar, 12)
    return 100.0 + 6 * cycle + min(bar_of_cycle, 18 - bar_of_cycle)


def answer(questions: Sequence[Question]) -> Answers:
    """Answer as models would."""
    return {
        q.key: Answer({"score": (MODELS[q.model] * float(q.inputs["features"][1]),)})  # type: ignore[arg-type] # a row
        for q in questions
    }


@dataclass
class Loading:
    """The reactor; it may be asked for the same work again after a crash."""

    begun: list[str] = field(default_factory=list)

    def begin(self, effect: Effect) -> None:
        self.begun.append(effect.id)

    def finish(self, effect: Effect) -> Draft:
        return Json[ModelLoaded](ModelLoaded).encode(ModelLoaded(effect.payload.model))


@dataclass
class Play:
    """The toys on one log, until time has run to its end."""

    log: Log
    snapshots: bool = False
    crashes: int = 0
    kept: dict[Lane, dict[str, bytes]] = field(default_factory=dict)
    engines: list[Engine] = field(default_factory=list)

    def to_the_end(self) -> History:
        """Start the whole process anew after every crash."""
        for start in range(STARTS_MAX):
            try:
                self._run(f"start-{start}")
            except (CrashError, NotAcceptedError):
                self.crashes += 1
                continue
            return history(self.log)
        raise AssertionError("the services never come to the end")

    def _run(self, release: str) -> None:
        engines = [Engine(service, self.log, answer) for service in services()]
        for engine in engines:
            engine.start(release, self.kept.get(engine.lane))
        clock = Clock(engines, self.log, {"toy.load": Loading()}, eager=True)
        for bar in range(clock.now_ms // 1_000, BARS):
            clock.move_to(bar * 1_000, _inputs(bar, engines))
            if self.snapshots and bar % 7 == 0:
                self._take_snapshots(clock, engines)
        self.engines = engines

    def _take_snapshots(self, clock: Clock, engines: Sequence[Engine]) -> None:
        taken = [(engine.lane, engine.host.take_snapshot()) for engine in engines]
        clock.commit()
        for lane, snapshot in taken:
            self.kept[lane] = {snapshot.digest: snapshot.content}


def _inputs(bar: int, engines: Sequence[Engine]) -> list[tuple[Engine, Input]]:
    by_name = {engine.service.name: engine for engine in engines}
    draft = Json[BarRead](BarRead).encode(BarRead(bar * 1_000, price(bar)))
    inputs = [(by_name["toy-feed"], _input(Lane("km.toy-feed.facts.v1"), bar, draft))]
    if bar in SCRIPT:
        service, command = SCRIPT[bar]
        lane = Lane(f"km.{service}.commands.v1")
        inputs.append((by_name[service], _input(lane, bar, COMMANDS.encode(command))))
    return inputs


def _input(lane: Lane, number: int, draft: Draft) -> Input:
    return Input(lane, number, draft.kind, draft.value, time_ms=number * 1_000)


def history(log: Log) -> History:
    """Return what was decided, without where it stands: a crash moves the numbers."""
    return {
        service.name: [
            (record.kind, record.value)
            for record in accepted(log, service.lane)
            if record.kind not in PROCESS_KINDS
        ]
        for service in services()
    }
