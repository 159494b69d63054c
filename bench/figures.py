"""What a measurement says: a number, what it should be, and how it came about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

NAME_WIDTH, VALUE_WIDTH, GOAL_WIDTH = 50, 12, 14


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound on a figure; it is compared and told, never asserted."""

    bound: float
    at_least: bool = False

    def is_met(self, value: float) -> bool:
        """Tell whether a value is on the right side."""
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self) -> str:
        """Return `>= 0.5`."""
        return f"{'>=' if self.at_least else '<='} {self.bound:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report; `notes` say what stands behind it."""

    name: str
    value: float
    unit: str = ""
    goal: Goal | None = None
    notes: Sequence[str] = field(default=())

    @property
    def verdict(self) -> str:
        """Return met, missed, or nothing where there is no goal."""
        if self.goal is None:
            return ""
        return "met" if self.goal.is_met(self.value) else "MISSED"

    def lines(self) -> Iterator[str]:
        """Yield the figure, then its notes."""
        value = f"{self.value:,.4g}" if self.value < 1000 else f"{self.value:,.0f}"  # noqa: PLR2004 - four digits
        goal = f"goal {self.goal}" if self.goal else ""
        shown = f"{value}{' ' if self.unit else ''}{self.unit}"
        line = f"{self.name:<{NAME_WIDTH}} {shown:>{VALUE_WIDTH}}   {goal:<{GOAL_WIDTH}}"
        yield f"{line} {self.verdict}".rstrip()
        yield from (f"    {note}" for note in self.notes)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A measurement that this machine cannot make, and what it would need."""

    name: str
    remedy: str

    def lines(self) -> Iterator[str]:
        """Yield one line."""
        yield f"{self.name:<{NAME_WIDTH}} skipped: {self.remedy}"
