"""Work that a state waits for: in turn or beside it, answered once, again after a restart."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from kingmaker.kernel.lane import Draft, Lane
from kingmaker.kernel.service import Answers, Effect, Input, Service, no_window
from kingmaker.runtime.engine import AnyService, Engine
from kingmaker.runtime.live.effects import Effects
from kingmaker.runtime.memory_log import MemoryLog
from tests.kernel.counting import Added, Counted, Json


def asking(kind: str, due_ms: int) -> AnyService:
    """Wait for one effect until a fact counts."""

    def decide(total: int, _w: None, heard: Added, _a: Answers) -> Sequence[Counted]:
        return [Counted(total + heard.number)]

    return Service(
        name="asking",
        reads=(),
        initial=0,
        decide=decide,
        evolve=lambda _total, counted: counted.total,
        messages=Json(Added),
        events=Json(Counted),
        window=no_window,
        effects=lambda total: () if total else (Effect("e-1", kind, due_ms, None),),
    )


@dataclass
class Worker:
    """Count what is asked; wait for `go`."""

    go: threading.Event = field(default_factory=threading.Event)
    asked: list[str] = field(default_factory=list)

    def begin(self, effect: Effect) -> None:
        raise AssertionError(effect)

    def finish(self, effect: Effect) -> Draft:
        self.asked.append(effect.id)
        assert self.go.wait(10), "nobody let it go on"
        return Json[Added](Added).encode(Added(5))


@pytest.fixture
def worker() -> Worker:
    return Worker()


def started(kind: str, due_ms: int = 0) -> Engine:
    engine = Engine(asking(kind, due_ms), MemoryLog())
    engine.start("test")
    return engine


def test_quick_work_is_done_in_turn_and_its_fact_numbered_on(worker: Worker) -> None:
    worker.go.set()
    engine, effects = started("quick"), Effects({"quick": worker})
    (fact,) = effects.facts(engine, 7)
    assert (fact.lane, fact.number, fact.kind) == (Lane("km.asking.facts.v1"), 0, "Added.v1")
    assert fact.time_ms == 7
    assert engine.offer(fact)
    assert list(effects.facts(engine, 8)) == []
    effects.close()


def test_work_is_not_begun_in_turn_before_it_is_due_unless_no_clock_runs(worker: Worker) -> None:
    worker.go.set()
    engine, effects = started("quick", due_ms=100), Effects({"quick": worker})
    assert (list(effects.facts(engine, 99)), worker.asked) == ([], [])
    (fact,) = effects.facts(engine, None)
    assert fact.time_ms == 100
    effects.close()


def test_slow_work_goes_on_beside_and_is_begun_once(worker: Worker) -> None:
    engine = started("slow")
    effects = Effects({"slow": worker}, slow=frozenset({"slow"}))
    assert list(effects.facts(engine, 1)) == []
    assert list(effects.facts(engine, 2)) == []
    worker.go.set()
    facts: list[Input] = []
    while not facts:
        facts = list(effects.facts(engine, 3))
    assert (worker.asked, len(facts)) == (["e-1"], 1)
    effects.close()


def test_what_was_not_answered_is_asked_again_by_the_next_process(worker: Worker) -> None:
    worker.go.set()
    for _ in range(2):  # the first process dies before it hands the fact over
        effects = Effects({"quick": worker})
        assert len(list(effects.facts(started("quick"), 1))) == 1
        effects.close()
    assert worker.asked == ["e-1", "e-1"]


@dataclass
class Killed(Worker):
    """Work that ends when it is stopped."""

    stopped: list[str] = field(default_factory=list)

    def stop(self, effect_id: str) -> None:
        self.stopped.append(effect_id)
        self.go.set()


def test_work_that_a_person_ended_is_stopped_and_its_answer_dropped() -> None:
    killed = Killed()
    engine, effects = started("slow"), Effects({"slow": killed}, frozenset({"slow"}))
    assert list(effects.facts(engine, 7)) == []
    ended = Json[Added](Added).encode(Added(1))
    assert engine.offer(Input(Lane("km.asking.commands.v1"), 0, ended.kind, ended.value))
    assert list(effects.facts(engine, 8)) == []
    assert killed.stopped == ["e-1"]
    effects.close()
