"""Two services, one after the other: the same history on every log, however often they die."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import pytest

from kingmaker.kernel.host import PROCESS_KINDS
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.kernel.service import Answers, Input, Service, Tick, no_window
from kingmaker.runtime.engine import AnyService, Engine
from kingmaker.runtime.log import Log, Tail, Verdict
from tests.conformance import stores
from tests.conformance.stores import Store

TICKS = range(1, 41)


@dataclass(frozen=True, slots=True)
class Struck:
    """The bell tells the hour."""

    hour: int


@dataclass(frozen=True, slots=True)
class Counted:
    """The counter heard the bell."""

    hour: int
    total: int


class Json[T]:
    """The smallest codec."""

    def __init__(self, *classes: type[T]) -> None:
        self._classes = {cls.__name__: cls for cls in classes}

    def encode(self, message: T) -> Draft:
        return Draft(type(message).__name__, json.dumps(asdict(message)).encode())  # type: ignore[call-overload] # a dataclass

    def decode(self, kind: str, value: bytes) -> T | None:
        cls = self._classes.get(kind)
        return cls(**json.loads(value)) if cls else None


def bell(name: str) -> AnyService:
    """Strike at every third tick."""

    def decide(_: int, _w: None, tick: Tick, _a: Answers) -> Sequence[Struck]:
        return () if tick.time_ms % 3 else (Struck(tick.time_ms),)

    return Service(
        name=f"bell-{name}",
        reads=(),
        initial=0,
        decide=decide,
        evolve=lambda hour, _: hour,
        messages=Json(),
        events=Json(Struck),
        window=no_window,
        clocked=True,
    )


def counter(name: str, heard: Lane) -> AnyService:
    """Count what the bell said, in the state."""

    def decide(total: int, _w: None, struck: Struck, _a: Answers) -> Sequence[Counted]:
        return (Counted(struck.hour, total + 1), Counted(-struck.hour, total + 1))

    return Service(
        name=f"counter-{name}",
        reads=(heard,),
        initial=0,
        decide=decide,
        evolve=lambda _, counted: counted.total,
        messages=Json(Struck),
        events=Json(Counted),
        window=no_window,
    )


@pytest.fixture
def services(store: Store) -> tuple[AnyService, AnyService]:
    name = str(uuid.uuid4())
    source = bell(name)
    follower = counter(name, source.lane)
    store.declare(source.lane.topic)
    store.declare(follower.lane.topic)
    return source, follower


def play(store: Store, services: Sequence[AnyService], deaths: Sequence[int] = ()) -> None:
    """Offer the ticks; at `deaths` the process is dropped amid its work, and another goes on."""
    log, engines = started(store, services)
    for time_ms in TICKS:
        settle(log, engines, time_ms)
        if time_ms in deaths:
            engines[0].offer(Input.of_tick(time_ms + 1))  # decided, never appended
            log, engines = started(store, services)


def started(store: Store, services: Sequence[AnyService]) -> tuple[Log, list[Engine]]:
    log = store.open()
    engines = [Engine(service, log) for service in services]
    for engine in engines:
        engine.start("test")
    return log, engines


def settle(log: Log, engines: Sequence[Engine], time_ms: int) -> None:
    engines[0].offer(Input.of_tick(time_ms))
    while any(engine.stage() or engine.drain() for engine in engines):
        pass
    assert log.commit() is Verdict.ACCEPTED


def history(log: Log, services: Sequence[AnyService]) -> list[tuple[str, bytes]]:
    """Return what the services said, without what tells of the process."""
    told: list[tuple[str, bytes]] = []
    for service in services:
        tail = Tail(log, service.lane)
        while news := tail.poll():
            told += [(r.kind, r.value) for r in news if r.kind not in PROCESS_KINDS]
    return told


def test_every_log_holds_the_same_history(
    store: Store, services: tuple[AnyService, AnyService]
) -> None:
    play(store, services)
    told = history(store.open(), services)
    assert [kind for kind, _ in told] == ["Struck"] * 13 + ["Counted"] * 26
    assert json.loads(told[-1][1]) == {"hour": -39, "total": 13}


def test_a_process_that_dies_changes_nothing(
    store: Store, services: tuple[AnyService, AnyService]
) -> None:
    undisturbed = stores.memory()
    play(undisturbed, services)
    play(store, services, deaths=(2, 3, 14, 38))
    assert history(store.open(), services) == history(undisturbed.open(), services)


def test_a_restart_after_the_end_decides_nothing(
    store: Store, services: tuple[AnyService, AnyService]
) -> None:
    play(store, services)
    before = history(store.open(), services)
    play(store, services)
    assert history(store.open(), services) == before
