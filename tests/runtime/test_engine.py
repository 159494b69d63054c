"""An engine starts, catches up, asks models in rounds, and leaves when it is refused."""

from collections.abc import Sequence

import pytest

from kingmaker.kernel.host import ROUNDS_MAX
from kingmaker.kernel.lane import Draft, Lane, LaneDamagedError, Pen, frame
from kingmaker.kernel.service import Answer, Answers, Input, Question, Service, no_window
from kingmaker.runtime.engine import Engine, TooManyRoundsError
from kingmaker.runtime.history import accepted
from kingmaker.runtime.log import NotAcceptedError
from kingmaker.runtime.memory_log import MemoryLog
from tests.kernel.counting import (
    COMMANDS,
    MESSAGES,
    SOURCE,
    Added,
    Counted,
    Json,
    Message,
    command,
    counter,
)

FIRST, URGENT = Lane("km.bulk.v1"), Lane("km.urgent.v1")


def speak(log: MemoryLog, lane: Lane, *numbers: int) -> None:
    """Write one step a number upstream, in a term of its own."""
    records = list(accepted(log, lane))
    tip = records[-1].position if records else lane.genesis(log.incarnation)
    pen = Pen((records[-1].term if records else 0) + 1, "upstream")
    steps = [frame(tip, pen, [Draft("km.Started", b"{}")])]
    for number in numbers:
        draft = MESSAGES.encode(Added(number))
        steps.append(frame(steps[-1][-1].position, pen, [draft]))
    for step in steps:
        log.append(lane, step)


def started(log: MemoryLog) -> Engine:
    engine = Engine(counter(), log)
    engine.start("test")
    return engine


def asking(rounds: int) -> Service[tuple[str, ...], None, Message, Counted]:
    """Return a service that asks one model a round, so many times."""

    def ask(_s: object, _w: None, _m: Message, answers: Answers) -> Sequence[Question]:
        number = len(answers)
        return [Question(f"q{number}", "m", {"x": (1.0,)})] if number < rounds else ()

    def decide(_s: object, _w: None, _m: Message, answers: Answers) -> Sequence[Counted]:
        return [Counted(len(answers))]

    return Service(
        name="asking",
        reads=(),
        initial=(),
        decide=decide,
        evolve=lambda state, _event: state,
        messages=MESSAGES,
        events=Json(Counted),
        window=no_window,
        ask=ask,
    )


def answered(questions: Sequence[Question]) -> Answers:
    return {question.key: Answer({"y": (1.0,)}) for question in questions}


def test_a_service_that_asks_for_ever_is_stopped_by_name() -> None:
    engine = Engine(asking(ROUNDS_MAX + 1), MemoryLog(), answered)
    engine.start("test")
    with pytest.raises(TooManyRoundsError, match=r"km\.asking\.v1/0: still asks models after 9"):
        engine.offer(command(0, b'{"number": 1}'))


def test_answers_are_gathered_round_by_round() -> None:
    log = MemoryLog()
    engine = Engine(asking(6), log, answered)
    engine.start("test")
    engine.offer(command(0, b'{"number": 1}'))
    engine.stage()
    assert [r.value for r in accepted(log, engine.lane)][1:] == [b'{"total": 6}']


def test_a_service_that_was_given_nobody_to_ask_says_so() -> None:
    engine = Engine(asking(1), MemoryLog())
    engine.start("test")
    with pytest.raises(AssertionError, match="nobody is there to answer q0"):
        engine.offer(command(0, b'{"number": 1}'))


def test_an_engine_that_was_overtaken_leaves() -> None:
    log = MemoryLog()
    speak(log, SOURCE, 2)
    old, _new = started(log), started(log)
    old.drain()
    with pytest.raises(NotAcceptedError, match=r"km\.counter\.v1/0: the append .* is FENCED"):
        old.stage()


def test_draining_stops_at_every_decision() -> None:
    log = MemoryLog()
    speak(log, SOURCE, 1, 1, 2, 1, 4)
    engine = started(log)
    assert engine.drain()
    assert engine.host.consumption.position(SOURCE).seq == 3
    assert engine.drain()
    assert engine.host.consumption.position(SOURCE).seq == 5
    assert not engine.drain()
    assert engine.host.state == 6


def test_urgent_lanes_come_first() -> None:
    log = MemoryLog()
    speak(log, SOURCE, 4)
    speak(log, Lane("km.other.v1"), 2)
    engine = started(log)
    engine.drain()
    engine.stage()
    assert [r.value for r in accepted(log, engine.lane)][1:] == [b'{"total": 4}']


def test_an_urgent_lane_is_heard_to_its_end_though_its_beginning_was_read_before() -> None:
    """Found by the simulation, seed 386: what a start had read hid what came later."""
    log = MemoryLog()
    speak(log, SOURCE, 4, 1)
    started(log).stage()
    first = started(log)
    first.drain()
    first.stage()  # a restart that consumed one event of the page it read, and knows the rest
    engine = started(log)
    speak(log, SOURCE, 6)
    speak(log, Lane("km.other.v1"), 2)
    while engine.drain():
        engine.stage()
    totals = [r.value for r in accepted(log, engine.lane) if r.kind == "Counted.v1"]
    assert totals == [b'{"total": 4}', b'{"total": 10}', b'{"total": 12}']


def test_a_restart_takes_up_where_it_was() -> None:
    log = MemoryLog()
    speak(log, SOURCE, 2, 1, 4, 6, 3)
    engine = started(log)
    engine.drain()
    engine.drain()
    engine.stage()
    window = engine.host.window
    again = started(log)
    assert (again.host.state, again.host.window) == (6, window)
    while again.drain():
        pass
    assert again.host.state == 12


def test_a_window_holds_copied_commands_in_their_place() -> None:
    log = MemoryLog()
    speak(log, SOURCE, 2, 4)
    engine = started(log)
    engine.drain()
    engine.offer(command(5, b'{"number": 8}'))
    engine.drain()
    engine.stage()
    again = started(log)
    assert again.host.window == engine.host.window == (2, 8, 4)
    assert again.host.consumption.position(COMMANDS).seq == 5


def test_a_snapshot_that_is_lost_or_damaged_costs_time_and_nothing_else() -> None:
    log = MemoryLog()
    speak(log, SOURCE, 2, 4)
    engine = started(log)
    engine.drain()
    snapshot = engine.host.take_snapshot()
    engine.drain()
    engine.stage()
    for kept in ({}, {"0" * 64: b"of nobody"}, {snapshot.digest: snapshot.content}):
        again = Engine(counter(), log)
        again.start("test", kept)
        assert (again.host.state, again.host.window) == (6, (2, 4))


def test_a_snapshot_announced_by_a_zombie_restores_nothing() -> None:
    log = MemoryLog()
    speak(log, SOURCE, 2, 4)
    zombie, engine = started(log), started(log)
    zombie.drain()
    snapshot = zombie.host.take_snapshot()
    with pytest.raises(NotAcceptedError):
        zombie.stage()
    while engine.drain():
        engine.stage()
    again = Engine(counter(), log)
    again.start("test", {snapshot.digest: snapshot.content})
    assert again.host.state == engine.host.state == 6


def test_a_source_that_is_shorter_than_what_was_consumed_is_refused() -> None:
    log, restored = MemoryLog(), MemoryLog()
    speak(log, SOURCE, 2, 4)
    engine = started(log)
    while engine.drain():
        engine.stage()
    restored.append(engine.lane, log.read(engine.lane, 0)[0])
    speak(restored, SOURCE, 2)
    with pytest.raises(LaneDamagedError, match=r"km\.source\.v1/0: ends at event 1, but event 2"):
        started(restored)


def test_a_late_and_double_tick_changes_nothing() -> None:
    engine = started(MemoryLog())
    assert engine.offer(Input.of_tick(100))
    assert not engine.offer(Input.of_tick(100))


def test_a_snapshot_of_states_of_another_shape_is_not_used() -> None:
    host = started(MemoryLog()).host
    assert host.fits(host.take_snapshot().content)
    for content in (b'["_Frozen","another shape","","","",0]', b'["_Frozen","","",""]', b"{"):
        assert not host.fits(content)
