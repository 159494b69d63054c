"""The clock waits for everything, delivers each effect at its time, and never runs ahead."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from kingmaker.kernel.lane import Draft, Lane
from kingmaker.kernel.service import Answers, Effect, Input, Service, Tick, no_window
from kingmaker.runtime.clock import Clock, UnsettledError
from kingmaker.runtime.engine import AnyService, Engine
from kingmaker.runtime.history import accepted
from kingmaker.runtime.log import NotAcceptedError
from kingmaker.runtime.memory_log import MemoryLog
from tests.kernel.counting import Json

WORK = Lane("km.worker.v1")
COMMANDS = Lane("km.worker.commands.v1")


@dataclass(frozen=True, slots=True)
class Ordered:
    """A command: do this until then."""

    id: str
    due_ms: int


@dataclass(frozen=True, slots=True)
class Asked:
    """An effect."""

    id: str
    due_ms: int


@dataclass(frozen=True, slots=True)
class Done:
    """The fact, and the event that says so."""

    id: str


@dataclass(frozen=True, slots=True)
class Echo:
    """What the listener says, and what it hears of itself through another."""

    of: str


type WorkerState = tuple[Asked, ...]


def worker() -> Service[WorkerState, None, Ordered | Done, Asked | Done]:
    """Ask for what is ordered; accept the first answer, drop the rest."""

    def decide(
        state: WorkerState, _w: None, heard: Ordered | Done, _a: Answers
    ) -> Sequence[Asked | Done]:
        if isinstance(heard, Ordered):
            return [Asked(heard.id, heard.due_ms)]
        return [heard] if any(asked.id == heard.id for asked in state) else []

    def evolve(state: WorkerState, said: Asked | Done) -> WorkerState:
        if isinstance(said, Asked):
            return (*state, said)
        return tuple(asked for asked in state if asked.id != said.id)

    return Service(
        name="worker",
        reads=(),
        initial=(),
        decide=decide,
        evolve=evolve,
        messages=Json[Ordered | Done](Ordered, Done),
        events=Json[Asked | Done](Asked, Done),
        window=no_window,
        effects=lambda state: [Effect(a.id, "work", a.due_ms, a) for a in state],
    )


def echo(name: str, heard: Lane) -> AnyService:
    """Answer everything."""

    def decide(_s: int, _w: None, _m: Echo | Done, _a: Answers) -> Sequence[Echo]:
        return [Echo(name)]

    return Service(
        name=name,
        reads=(heard,),
        initial=0,
        decide=decide,
        evolve=lambda count, _said: count + 1,
        messages=Json[Echo | Done](Echo, Done),
        events=Json(Echo),
        window=no_window,
    )


@dataclass
class Recorder:
    """A reactor that remembers what was begun and finished, and what was durable then."""

    log: MemoryLog
    begun: list[str] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)

    def begin(self, effect: Effect) -> None:
        assert effect.id in self._asked(), "work began before its request counted"
        self.begun.append(effect.id)

    def finish(self, effect: Effect) -> Draft:
        self.finished.append(effect.id)
        return Json[Done](Done).encode(Done(effect.id))

    def _asked(self) -> set[str]:
        return {
            r.value.decode().split('"')[3] for r in accepted(self.log, WORK) if "Asked" in r.kind
        }


def order(number: int, name: str, due_ms: int) -> Input:
    draft = Json[Ordered](Ordered).encode(Ordered(name, due_ms))
    return Input(COMMANDS, number, draft.kind, draft.value)


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


def clock_of(log: MemoryLog, *services: AnyService) -> tuple[Clock, list[Engine], Recorder]:
    engines = [Engine(service, log) for service in services]
    for engine in engines:
        engine.start("test")
    recorder = Recorder(log)
    return Clock(engines, log, {"work": recorder}, eager=True), engines, recorder


def kinds(log: MemoryLog, lane: Lane) -> list[str]:
    return [record.kind for record in accepted(log, lane)]


def test_services_that_answer_each_other_for_ever_are_named(
    log: MemoryLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kingmaker.runtime.clock.MOVES_MAX", 50)
    stubborn: AnyService = replace(worker(), effects=lambda _s: [Effect("e", "work", 0, None)])
    clock, _, recorder = clock_of(log, stubborn)
    monkeypatch.setattr(recorder, "begin", lambda _effect: None)
    with pytest.raises(UnsettledError, match=r"km\.worker\.v1/0"):
        clock.move_to(1)


def test_a_clock_whose_log_was_taken_over_stops(log: MemoryLog) -> None:
    clock, engines, _ = clock_of(log, worker())
    clock_of(log, worker())
    with pytest.raises(NotAcceptedError):
        clock.move_to(1, [(engines[0], order(0, "a", 5))])


def test_an_effect_is_answered_at_its_time_and_not_before(log: MemoryLog) -> None:
    clock, engines, recorder = clock_of(log, worker())
    clock.move_to(1, [(engines[0], order(0, "a", 5))])
    assert (recorder.begun, recorder.finished) == (["a"], [])
    assert clock.next_due_ms == 5
    clock.move_to(4)
    assert recorder.finished == []
    clock.move_to(5)
    assert recorder.finished == ["a"]
    assert clock.next_due_ms is None
    assert kinds(log, WORK)[1:] == ["Asked.v1", "Done.v1"]


def test_effects_are_answered_by_due_time_then_id(log: MemoryLog) -> None:
    clock, engines, recorder = clock_of(log, worker())
    names = [("c", 4), ("b", 3), ("a", 4), ("d", 3)]
    clock.move_to(1, [(engines[0], order(n, *name)) for n, name in enumerate(names)])
    clock.move_to(9)
    assert recorder.finished == ["b", "d", "a", "c"]


def test_everything_settles_between_two_effects(log: MemoryLog) -> None:
    listener = echo("listener", WORK)
    clock, engines, recorder = clock_of(log, worker(), listener)
    clock.move_to(1, [(engines[0], order(n, name, 2)) for n, name in enumerate("ab")])
    heard: list[int] = []
    finish = recorder.finish

    def spy(effect: Effect) -> Draft:
        heard.append(kinds(log, listener.lane).count("Echo.v1"))
        return finish(effect)

    recorder.finish = spy  # type: ignore[method-assign] # looks at the log before each answer
    clock.move_to(2)
    assert heard == [0, 1]


def test_an_effect_is_begun_again_by_the_next_process_and_answered_once(log: MemoryLog) -> None:
    clock, engines, _ = clock_of(log, worker())
    clock.move_to(1, [(engines[0], order(0, "a", 5))])
    clock, engines, recorder = clock_of(log, worker())
    clock.move_to(5)
    assert recorder.finished == ["a"]
    clock_of(log, worker())[0].move_to(6)
    assert kinds(log, WORK).count("Done.v1") == 1


def test_time_is_what_the_lanes_say(log: MemoryLog) -> None:
    clock, engines, _ = clock_of(log, worker())
    assert clock.now_ms == 0
    item = replace(order(0, "a", 5), time_ms=3)
    clock.hand(engines[0], item)
    assert clock.now_ms == 3
    assert clock_of(log, worker())[0].now_ms == 3


def test_only_those_hear_ticks_who_want_to(log: MemoryLog) -> None:
    heard: list[int] = []

    def decide(_s: int, _w: None, tick: Tick, _a: Answers) -> Sequence[Echo]:
        heard.append(tick.time_ms)
        return []

    bell: AnyService = replace(echo("bell", WORK), reads=(), decide=decide, clocked=True)
    clock, _, _ = clock_of(log, worker(), bell)
    clock.move_to(7)
    assert heard == [7]


def test_what_counts_is_shown_once_and_in_order(log: MemoryLog) -> None:
    shown: list[tuple[str, int]] = []
    engines = [Engine(service, log) for service in (worker(), echo("listener", WORK))]
    for engine in engines:
        engine.start("test")
    clock = Clock(
        engines,
        log,
        {"work": Recorder(log)},
        eager=True,
        show=lambda lane, step: shown.append((lane.topic, step.records[0].seq)),
    )
    clock.move_to(1, [(engines[0], order(0, "a", 1))])
    assert shown == sorted(set(shown), key=shown.index)
    assert [seq for topic, seq in shown if topic == WORK.topic] == [0, 1, 2]


@dataclass
class Slow(Recorder):
    """A reactor whose work is never over; it remembers what was stopped."""

    waited: int = 0
    stopped: list[str] = field(default_factory=list)

    def wait(self, effect: Effect, seconds: float) -> bool:
        assert (effect.id, seconds) == ("a", 0.05)
        self.waited += 1
        return self.waited > 3

    def stop(self, effect_id: str) -> None:
        self.stopped.append(effect_id)


def slow_clock(log: MemoryLog) -> tuple[Clock, Engine, Slow]:
    engine = Engine(worker(), log)
    engine.start("test")
    slow = Slow(log)
    return Clock([engine], log, {"work": slow}, eager=True), engine, slow


def test_who_may_act_is_heard_while_the_clock_waits_for_slow_work(log: MemoryLog) -> None:
    clock, engine, slow = slow_clock(log)
    looked: list[int] = []

    def nobody() -> bool:
        looked.append(slow.waited)
        return False

    clock.meanwhile = nobody
    clock.move_to(5, [(engine, order(0, "a", 5))])
    assert looked == [1, 2, 3]
    assert (slow.finished, slow.stopped) == (["a"], [])


def test_work_that_is_ended_meanwhile_is_stopped_and_never_answered(log: MemoryLog) -> None:
    clock, engine, slow = slow_clock(log)
    draft = Json[Done](Done).encode(Done("a"))

    def cancel() -> bool:
        clock.give(engine, Input(COMMANDS, 1, draft.kind, draft.value))
        return True

    clock.meanwhile = cancel
    clock.move_to(5, [(engine, order(0, "a", 5))])
    clock.commit()
    assert (slow.finished, slow.stopped) == ([], ["a"])
    assert kinds(log, WORK)[1:] == ["Asked.v1", "Done.v1"]


def test_work_of_the_same_name_is_begun_anew_after_it_was_stopped(log: MemoryLog) -> None:
    clock, engine, slow = slow_clock(log)
    draft = Json[Done](Done).encode(Done("a"))
    clock.move_to(1, [(engine, order(0, "a", 9))])
    clock.move_to(2, [(engine, Input(COMMANDS, 1, draft.kind, draft.value))])
    clock.commit()
    clock.move_to(3, [(engine, order(2, "a", 9))])
    clock.commit()
    assert (slow.begun, slow.stopped) == (["a", "a"], ["a"])
