"""What learning from history goes by: `historical.*`, and the calendar of every desk.

Off by default (docs/decisions/0059): a person may still ask for a run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from kingmaker.contracts.settings_texts import flag, one_of, read_or
from kingmaker.market.hours import CALENDARS, closed_on

ENABLED, INTENSITY = "historical.enabled", "historical.intensity"
CALENDAR_OF, HOLIDAYS_OF = "market.calendar@", "market.holidays@"
DAYS = {"INTENSIVE": 90, "DEFAULT": 45}  # back from the last bar


@dataclass(frozen=True, slots=True)
class HistoryPolicy:
    """Whether the calendar starts runs, how far back they look, and when each market is open."""

    enabled: bool = False
    intensity: str = "INTENSIVE"
    calendars: dict[str, str] = field(default_factory=dict)  # by desk

    @classmethod
    def from_values(cls, values: Mapping[str, str]) -> Self:
        """Read the keys; raise ValueError naming key, value and range."""
        enabled = read_or(values, ENABLED, cls().enabled, flag)
        intensity = read_or(values, INTENSITY, cls().intensity, one_of(*DAYS))
        calendars = {
            key.removeprefix(CALENDAR_OF): one_of(*CALENDARS)(key, values[key])
            for key in sorted(values)
            if key.startswith(CALENDAR_OF)
        }
        for desk, calendar in calendars.items():
            key = HOLIDAYS_OF + desk
            calendars[desk] = closed_on(calendar, values.get(key, ""), key)
        return cls(enabled, intensity, calendars)

    @property
    def days(self) -> int:
        """How far back a run looks."""
        return DAYS[self.intensity]

    def calendar(self, desk: str) -> str:
        """Return when the market of a desk is open."""
        return self.calendars.get(desk, CALENDARS[0])
