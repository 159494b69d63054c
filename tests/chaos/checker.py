"""The invariant checker: an offline reader of a whole log, after every test that harmed anything.

It applies the lane rule to every lane, and shows the steps of all lanes to the watchers of the
simulation in an order in which they may have happened: a step after everything it consumed.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from kingmaker.contracts.desks import COMPONENTS, Desk, slot_of
from kingmaker.kernel.consumption import decode
from kingmaker.kernel.host import PROCESS_KINDS
from kingmaker.kernel.lane import Lane, Record
from kingmaker.kernel.service import Consumed, Run
from kingmaker.runtime.engine import AnyService
from kingmaker.runtime.history import accepted
from kingmaker.runtime.log import Log
from kingmaker.runtime.services import build_services
from tests.simulation.crown_invariants import CrownWatch
from tests.simulation.invariants import LaneWatch

type Step = tuple[Record, ...]


def check(log: Log, desks: Sequence[Desk], *, settled: bool = True) -> CrownWatch:
    """Raise AssertionError where a promise is broken; return what reigns.

    A log is settled once everybody has heard everything.
    """
    services = build_services(desks)
    lanes, crowns = LaneWatch(services), CrownWatch()
    for lane, step, consumed in causal(log, services):
        lanes.see(lane, step, consumed)
        crowns.see(lane, step, consumed)
    if settled:
        lanes.end()
        crowns.end()
    for desk in desks:
        reigning = set(crowns.desks[desk.index].thrones)
        assert reigning == {slot_of(component, desk.name) for component in COMPONENTS}
    return crowns


def check_lanes(log: Log, services: Sequence[AnyService]) -> None:
    """Raise AssertionError where a step is torn, lost or doubled, or an input consumed twice."""
    lanes = LaneWatch(services)
    for lane, step, consumed in causal(log, services):
        lanes.see(lane, step, consumed)
    lanes.end()


def causal(
    log: Log, services: Sequence[AnyService]
) -> Iterator[tuple[Lane, Step, tuple[Consumed, ...]]]:
    """Yield every accepted step after those that it consumed."""
    waiting = {service.lane: _steps(log, service.lane) for service in services}
    heads = {lane: next(steps, None) for lane, steps in waiting.items()}
    shown = dict.fromkeys(heads, -1)
    while any(heads.values()):
        moved = False
        for lane in list(heads):
            while (step := heads[lane]) is not None:
                consumed = decode(step[0].consumed)
                runs = [item for item in consumed if isinstance(item, Run)]
                if any(run.last > shown[run.lane] for run in runs):
                    break
                yield lane, step, consumed
                shown[lane], heads[lane], moved = step[-1].seq, next(waiting[lane], None), True
        assert moved, f"L4 somebody consumed what was never said: {heads}"


def kinds(log: Log, lane: Lane) -> Counter[str]:
    """Count what a service said, by short name."""
    return Counter(
        record.kind.rpartition(".")[2]
        for record in accepted(log, lane)
        if record.kind not in PROCESS_KINDS
    )


def _steps(log: Log, lane: Lane) -> Iterator[Step]:
    step: list[Record] = []
    for record in accepted(log, lane):
        step.append(record)
        if len(step) == record.of:
            yield tuple(step)
            step = []
