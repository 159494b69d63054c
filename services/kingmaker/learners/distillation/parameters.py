"""What a distillation goes by: `distillation.*`, recorded in its `TrainingStarted`.

Every figure was fixed before the bench was run on the seeds that it reports; docs/decisions/0062.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.contracts.settings_texts import Read, real, whole

ORIGIN = "distilled"
STUDENT = "s15_rl_policy"
PREFIX = "distillation."
TOLD = "distillation_"  # before each name among the parameters of a training

assert STUDENT in COMPONENTS, "the student serves"


@dataclass(frozen=True, slots=True)
class Distillation:
    """Who teaches, for how long, and how much its word counts."""

    share: float = 0.5  # a of a*T^2*KL + (1-a)*TD
    temperature: float = 2.0  # T
    hours: int = 24  # closed ones that the teacher reads
    teacher_steps: int = 300
    teacher_bars_max: int = 40_000  # of each symbol, the latest, that it learns from

    @classmethod
    def from_values(cls, values: Mapping[str, str]) -> Self:
        """Read the keys; raise ValueError naming key, value and range."""
        given = {
            name: read(PREFIX + name, values[PREFIX + name])
            for name, read in READERS.items()
            if PREFIX + name in values
        }
        return cls(**given)  # type: ignore[arg-type] # each reader fits its field

    @classmethod
    def told(cls, parameters: Mapping[str, float]) -> Self | None:
        """Return what the parameters of a training say; None where it has no teacher."""
        if TOLD + "share" not in parameters:
            return None
        numbers = {one.name: parameters[TOLD + one.name] for one in fields(cls)}
        return cls(**(numbers | {name: int(numbers[name]) for name in WHOLE}))  # type: ignore[arg-type] # as above

    def parameters(self) -> dict[str, float]:
        """Return what a training with a teacher must know."""
        return {TOLD + one.name: float(getattr(self, one.name)) for one in fields(self)}


READERS: Mapping[str, Read[float]] = {
    "share": real(0.0, 1.0),
    "temperature": real(0.1, 20.0),
    "hours": whole(2, 168),
    "teacher_steps": whole(50, 100_000),
    "teacher_bars_max": whole(600, 1_000_000),
}
WHOLE = ("hours", "teacher_steps", "teacher_bars_max")
