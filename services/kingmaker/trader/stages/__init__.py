"""Stages of signal quality, one file each: a module here that defines `STAGE` is one (C10).

Off unless `signals.stages` names them. They are rules of the account, the same for every branch:
what is open, and when a symbol was last entered, are the champion's. A signal that a stage blocks
is simulated like any other, so what was left alone is known, and the funnel counts it by stage.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from kingmaker.kernel.frozen import quick

CALM, NORMAL, CRISIS = range(3)  # as models count regimes


@quick
@dataclass(frozen=True, slots=True)
class Record:
    """What a strategy did on a symbol in a regime: closed signals, taken or not."""

    n: int = 0
    won: int = 0
    net: float = 0.0


@quick
@dataclass(frozen=True, slots=True)
class Past:
    """What stages look back on: `entered_ms` is the last entry by symbol, UTC milliseconds."""

    entered_ms: dict[str, int]
    records: dict[str, Record]  # by strategy/symbol/regime


@dataclass(frozen=True, slots=True)
class Candidate:
    """A signal that the heads agree on, before it is taken."""

    symbol: str
    strategy: str
    regime: int  # the likeliest
    time_ms: int
    open_signals: int
    past: Past

    @property
    def key(self) -> str:
        """Where its record stands."""
        return key_of(self.strategy, self.symbol, self.regime)


@dataclass(frozen=True, slots=True)
class Stage:
    """One question; `blocks` answers whether the candidate is left alone."""

    name: str
    blocks: Callable[[Candidate], bool]


@cache
def discover() -> Mapping[str, Stage]:
    """Return every stage of this package, by name, in order of names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    found = [importlib.import_module(f"{__name__}.{name}").STAGE for name in names]
    return {stage.name: stage for stage in found}


def first_that_blocks(wanted: str, candidate: Candidate) -> str:
    """Return the first of the named stages that blocks it; "" if none does."""
    every = discover()
    for name in wanted.split(","):
        if name and every[name].blocks(candidate):
            return name
    return ""


def key_of(strategy: str, symbol: str, regime: int) -> str:
    """Return under which key a record stands."""
    return f"{strategy}/{symbol}/{regime}"
