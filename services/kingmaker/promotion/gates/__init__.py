"""Gates, one file each: a module here that defines `GATE` is a gate. To add one, add a file.

A gate on the evidence looks at what shadow measured; a gate of the desk looks at what may change
without a new pair (time, positions, freezes, reigns) and is asked again when it may have opened.
What people chose may make a gate advise only (it is shown and holds nobody back) or be silent.
"""

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from kingmaker.promotion.domain import Slot, State, Trial
from kingmaker.promotion.policy import Policy
from kingmaker.promotion.said import Evidence, Finding


@dataclass(frozen=True, slots=True)
class Case:
    """What a gate may look at; `now_ms` is market time."""

    state: State
    trial: Trial
    evidence: Evidence
    now_ms: int

    @property
    def slot(self) -> Slot:
        """The throne that the trial is about."""
        return self.state.slots[self.trial.slot]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a gate saw, what it asks for, from how many observations, and whether it holds."""

    value: float
    threshold: float
    n: int
    passed: bool


class Role(Enum):
    """What a gate does under the settings in force."""

    HOLDS = "holds"  # who does not pass it is held back
    ADVISES = "advises"  # it is shown, and holds nobody back
    SILENT = "silent"  # it is not asked


def always(_policy: Policy) -> Role:
    """Hold back under any settings."""
    return Role.HOLDS


@dataclass(frozen=True, slots=True)
class Gate:
    """Judges a case on current numbers. Pure. `of_desk`: it may open without a new pair."""

    name: str
    judge: Callable[[Case], Reading]
    of_desk: bool = False
    role: Callable[[Policy], Role] = always

    def find(self, case: Case) -> Finding:
        """Return the record of what it saw."""
        seen = self.judge(case)
        advises = self.role(case.state.policy) is Role.ADVISES
        value, threshold = float(seen.value), float(seen.threshold)
        return Finding(self.name, value, threshold, seen.n, seen.passed, advises)


def discover() -> tuple[Gate, ...]:
    """Return every gate of this package, in order of file names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(importlib.import_module(f"{__name__}.{name}").GATE for name in names)


def judge(gates: Sequence[Gate], case: Case) -> tuple[Finding, ...]:
    """Return what every gate found that is asked."""
    policy = case.state.policy
    return tuple(gate.find(case) for gate in gates if gate.role(policy) is not Role.SILENT)
