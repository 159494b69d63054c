"""Lanes that are not what a consumer saw: refused at the next start, on every log."""

import uuid
from collections.abc import Sequence

import pytest

from kingmaker.kernel.lane import STARTED, Draft, Lane, LaneDamagedError, Pen, Record, frame
from kingmaker.kernel.service import Answers, Service, no_window
from kingmaker.runtime.engine import AnyService, Engine
from kingmaker.runtime.log import Log, Verdict
from kingmaker.runtime.memory_log import MemoryLog
from tests.conformance.stores import INCARNATION, Store
from tests.kernel.counting import Added, Counted, Json


def listener(source: Lane) -> AnyService:
    """Count every number heard."""

    def decide(total: int, _w: None, heard: Added, _a: Answers) -> Sequence[Counted]:
        return [Counted(total + heard.number)]

    return Service(
        name=f"listener-{uuid.uuid4()}",
        reads=(source,),
        initial=0,
        decide=decide,
        evolve=lambda _total, counted: counted.total,
        messages=Json(Added),
        events=Json(Counted),
        window=no_window,
    )


@pytest.fixture
def source(store: Store) -> Lane:
    topic = f"km.source-{uuid.uuid4()}.v1"
    store.declare(topic)
    return Lane(topic)


@pytest.fixture
def listening(store: Store, source: Lane) -> AnyService:
    service = listener(source)
    store.declare(service.lane.topic)
    return service


def spoken(lane: Lane, *numbers: int) -> list[tuple[Record, ...]]:
    """Return a start and a step a number."""
    steps = [frame(lane.genesis(INCARNATION), Pen(1, "w"), [Draft(STARTED, b"{}")])]
    for number in numbers:
        draft = Json[Added](Added).encode(Added(number))
        steps.append(frame(steps[-1][-1].position, Pen(1, "w"), [draft]))
    return steps


def write(log: Log, lane: Lane, steps: Sequence[tuple[Record, ...]]) -> None:
    for step in steps:
        assert log.append(lane, step) is Verdict.ACCEPTED
    assert log.commit() is Verdict.ACCEPTED


def listen(log: Log, service: AnyService) -> Engine:
    """Start, hear everything, record it."""
    engine = Engine(service, log)
    engine.start("test")
    while engine.drain():
        engine.stage()
    assert log.commit() is Verdict.ACCEPTED
    return engine


def test_a_source_that_lost_its_tail_is_refused_by_name(
    store: Store, source: Lane, listening: AnyService
) -> None:
    write(store.open(), source, spoken(source, 1, 2, 3))
    assert listen(store.open(), listening).host.state == 6
    restored = MemoryOf(store.open(), listening.lane)
    restored.write(source, spoken(source, 1, 2))
    with pytest.raises(LaneDamagedError, match=f"{source}: ends at event 2, but event 3 was"):
        Engine(listening, restored.log).start("test")


def test_a_source_whose_last_event_was_forged_is_refused_by_name(
    store: Store, source: Lane, listening: AnyService
) -> None:
    write(store.open(), source, spoken(source, 1, 2, 3))
    listen(store.open(), listening)
    restored = MemoryOf(store.open(), listening.lane)
    restored.write(source, spoken(source, 1, 2, 4))
    with pytest.raises(LaneDamagedError, match=f"{source}: event 3 is not the one consumed"):
        Engine(listening, restored.log).start("test")


def test_a_source_that_was_forged_and_went_on_is_refused_by_name(
    store: Store, source: Lane, listening: AnyService
) -> None:
    write(store.open(), source, spoken(source, 1, 2, 3))
    listen(store.open(), listening)
    restored = MemoryOf(store.open(), listening.lane)
    restored.write(source, spoken(source, 1, 5, 3, 4))
    with pytest.raises(LaneDamagedError, match=f"{source}: event 3 is not the one consumed"):
        Engine(listening, restored.log).start("test")


def test_a_restart_goes_on_with_what_it_did_not_hear(
    store: Store, source: Lane, listening: AnyService
) -> None:
    steps = spoken(source, 1, 2, 3, 4)
    write(store.open(), source, steps[:3])
    assert listen(store.open(), listening).host.state == 3
    write(store.open(), source, steps[3:])
    assert listen(store.open(), listening).host.state == 10
    assert listen(store.open(), listening).host.state == 10


class MemoryOf:
    """A store restored by hand: the consumer's lane from here, its source as somebody wants it."""

    def __init__(self, kept: Log, lane: Lane) -> None:
        self.log = MemoryLog(incarnation=INCARNATION)
        place = 0
        while (page := kept.read(lane, place))[0]:
            records, place = page
            self.log.append(lane, records)

    def write(self, lane: Lane, steps: Sequence[tuple[Record, ...]]) -> None:
        write(self.log, lane, steps)
