"""Strategies, one file each: a module here that defines `STRATEGY` is an arm.

To change one, change its file; a new arm needs a place in `contracts.models.STRATEGIES`, since the
inputs of models count them.
"""

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kingmaker.contracts.models import STRATEGIES
from kingmaker.trader.gauges import Gauges


@dataclass(frozen=True, slots=True)
class Strategy:
    """A rule that wants a direction at every bar, and how far away it puts stop and target."""

    name: str
    stop_atr: float
    target_atr: float
    wants: Callable[[Gauges], int]  # 1 long, -1 short, 0 nothing
    reason: Callable[[Gauges], str]  # the numbers behind it


def discover() -> tuple[Strategy, ...]:
    """Return every strategy of this package, in the order in which models count arms."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    found = {}
    for name in names:
        strategy: Strategy = importlib.import_module(f"{__name__}.{name}").STRATEGY
        found[strategy.name] = strategy
    assert set(found) == set(STRATEGIES), f"models count {STRATEGIES}, here are {tuple(found)}"
    return tuple(found[name] for name in STRATEGIES)


def wants_of(arms: Sequence[Strategy], gauges: Gauges) -> tuple[int, ...]:
    """Return the direction that each arm wants."""
    return tuple([arm.wants(gauges) for arm in arms])
