"""A world whose traders learn on, trade by trade or by the hour."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from kingmaker.contracts.desks import component_of
from kingmaker.kernel.lane import Draft
from kingmaker.kernel.service import Effect
from kingmaker.revisions import Declaration
from kingmaker.runtime.clock import Clock
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.log import Log
from tests.simulation.places import bare_world
from tests.simulation.world import REACTORS, Work, World, message

LEARNED = "learning.revisions"


@dataclass(frozen=True)
class Declaring(Work):
    """Loads models that say how they learn: declarations by component."""

    declared: Mapping[str, Declaration]

    def finish(self, effect: Effect) -> Draft:
        asked = effect.payload
        found = effect.kind == "trader.load" and self.declared.get(component_of(asked.slot))
        if not found:
            return super().finish(effect)
        return message(
            "kingmaker.trader.v1.ModelLoaded",
            digest=asked.digest,
            attempt=asked.attempt,
            rule=found.rule,
            parameters=found.parameters,
            numbers=found.numbers,
        )


def clock_of(declared: Mapping[str, Declaration]) -> Callable[[Sequence[Engine], Log], Clock]:
    """Return what makes the clock of a life whose models say how they learn."""
    reactors = dict.fromkeys(REACTORS, Declaring(declared))
    return lambda engines, log: Clock(engines, log, reactors, eager=True)


def world_that_learns(place: str, *components: str) -> World:
    """Return a world of the simulation whose traders let these components learn on."""
    bare = bare_world(place)
    values = dict(bare.policy["trader"]) | {LEARNED: ",".join(components)}
    apply = message("kingmaker.policy.v1.ApplyPolicy", hash=repr(values), values=values)
    return World(
        {
            time_ms: [
                (service, lane, replace(item, value=apply.value))
                if (service, item.kind) == ("trader", apply.kind)
                else (service, lane, item)
                for service, lane, item in here
            ]
            for time_ms, here in bare.happenings.items()
        },
        bare.policy,
    )
