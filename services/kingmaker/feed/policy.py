"""The feed's settings, as a decider reads them."""

from collections.abc import Mapping
from dataclasses import dataclass

from kingmaker.market.hours import CALENDARS

CALENDAR = "market.calendar"


@dataclass(frozen=True, slots=True)
class Policy:
    """When the desk's market is open: a name in `kingmaker.market.hours.CALENDARS`."""

    calendar: str = "24x7"


def from_values(values: Mapping[str, str]) -> Policy:
    """Read the settings; ValueError names the key, the value and what is allowed."""
    calendar = values.get(CALENDAR, Policy().calendar)
    if calendar not in CALENDARS:
        raise ValueError(f"{CALENDAR} is {calendar!r}; allowed: {', '.join(CALENDARS)}")
    return Policy(calendar)
