"""Time that comes with the inputs: one tick before the first of each market time."""

from dataclasses import replace

from kingmaker.kernel.service import CLOCK
from kingmaker.runtime.live.engine import MarketEngine
from kingmaker.runtime.memory_log import MemoryLog
from tests.kernel.counting import added, counter


def test_a_tick_comes_before_the_first_input_of_a_time_and_is_recorded() -> None:
    engine = MarketEngine(counter(), MemoryLog())
    engine.start("test")
    items = [replace(item, time_ms=200) for item in added(1, 3)]
    assert engine.offer(items[0])  # the tick decided, the input did not
    assert engine.host.consumption.position(CLOCK).seq == 200
    assert not engine.offer(items[1])
    assert engine.stage()
    assert [step.events[0] for step in engine.accepted if step.events] != []


def test_who_hears_no_ticks_hears_none() -> None:
    service = replace(counter(), clocked=False)
    engine = MarketEngine(service, MemoryLog())
    engine.start("test")
    assert engine.offer(replace(added(2)[0], time_ms=300))
    assert engine.host.consumption.position(CLOCK).seq == -1
