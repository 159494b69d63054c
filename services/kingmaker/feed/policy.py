"""The feed's settings, as a decider reads them."""

from collections.abc import Mapping
from dataclasses import dataclass

from kingmaker.contracts.settings_texts import one_of, read_or
from kingmaker.market.hours import CALENDARS, closed_on

CALENDAR, HOLIDAYS = "market.calendar", "market.holidays"


@dataclass(frozen=True, slots=True)
class Policy:
    """When the desk's market is open: a calendar of `kingmaker.market.hours`."""

    calendar: str = "24x7"


def from_values(values: Mapping[str, str]) -> Policy:
    """Read the settings; ValueError names the key, the value and what is allowed."""
    calendar = read_or(values, CALENDAR, Policy().calendar, one_of(*CALENDARS))
    return Policy(closed_on(calendar, values.get(HOLIDAYS, "")))
