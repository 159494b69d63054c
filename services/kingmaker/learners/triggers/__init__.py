"""Why a training starts, one file each: a module here that defines `TRIGGER` is a trigger.

To add one, add a file. Where several would start the same slot at once, the first by `rank` names
the cause. Two rules hold for all of them: a slot has one training at a time, and one in six hours.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kingmaker.learners.policy import Policy
from kingmaker.learners.tuned import Tuned

HOUR_MS = 3_600_000
BY_EXPERIENCE = frozenset({"cvar_ppo", "s15_rl_policy"})  # these do not wait for a night
ENOUGH_NEW = 64  # trades: fewer teach nothing that the training before did not know

type Numbers = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a trigger may look at, of one slot; times are UTC milliseconds of market time."""

    policy: Policy
    now_ms: int
    night: bool  # this is the first tick of a night
    trades: int  # closed, of the slot's desk
    new_trades: int  # since the last training of the slot
    enough_new: bool  # whether so many can teach something
    trades_needed: int
    started_ms: int | None  # when that began
    scheduled_ms: int | None  # when the last scheduled one began
    since_ms: int | None  # when the champion of the slot began to reign, as far as is known
    expected: float | None  # net return a trade that the champion was admitted with
    nets: Sequence[float]  # of the latest trades of its reign
    noted: Mapping[str, Numbers]  # what risk said since the last training of the slot, by cause
    component: str = ""
    tuning_ms: int | None = None  # when the weekly search fired last
    tuned: Tuned | None = None  # the last search of the slot


@dataclass(frozen=True, slots=True)
class Trigger:
    """One cause. Pure: `due` returns the numbers that make it due, None where it is not."""

    name: str
    rank: int
    due: Callable[[Seen], Numbers | None]
    concerns: Callable[[str], bool] = lambda _component: True  # by component
    waits: bool = True  # for trades: with too few new ones there is nothing to learn from
    anew: bool = False  # whether it may learn from trades that were learned from before


def discover() -> tuple[Trigger, ...]:
    """Return every trigger of this package, by rank."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    found = [importlib.import_module(f"{__name__}.{name}").TRIGGER for name in names]
    return tuple(sorted(found, key=lambda trigger: (trigger.rank, trigger.name)))


def concerning(component: str, triggers: Sequence[Trigger]) -> tuple[Trigger, ...]:
    """Return those of a component."""
    return tuple(trigger for trigger in triggers if trigger.concerns(component))


def cause(triggers: Sequence[Trigger], seen: Seen) -> tuple[str, Numbers] | None:
    """Return the first cause that is due, and its numbers."""
    if seen.trades < seen.trades_needed:
        return None
    for trigger in triggers:
        numbers = trigger.due(seen) if seen.enough_new or not trigger.waits else None
        if numbers is not None:
            return trigger.name, numbers
    return None
