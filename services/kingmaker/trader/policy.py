"""The trader's settings, as a decider reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Self

from kingmaker.kernel.frozen import quick, replace
from kingmaker.revisions.rules import revised_components
from kingmaker.trader import stages

HOUR_MS = 3_600_000
# key -> field: a change of these touches decisions, and is watched
STEPS = {
    "signals.confluence_min": "confluence_min",
    "exits.max_holding": "max_holding",
    "outcomes.price_tolerance": "price_tolerance",
    "outcomes.max_signal_age_hours": "max_signal_age_hours",
    "signals.stages": "stages",
}
BASIS_POINT = 1e-4
CALENDARS = ("24x7", "fx", "cme_futures", "us_equities")
HOLE_BARS_MAX = 3  # of a market that never closes: a longer hole begins a new series
HOLE_HOURS_MAX = 72  # of a market that closes: a long weekend
HOLDING_BARS_MAX = 96  # as many bars as the window is sure to hold


@quick
@dataclass(frozen=True, slots=True)
class Steps:
    """The settings that touch decisions, as a set: where one changes, the set before is kept."""

    confluence_min: float
    max_holding: int
    price_tolerance: float
    max_signal_age_hours: int
    stages: str = ""  # of signal quality, by commas

    @property
    def max_age_ms(self) -> int:
        """How long after its entry a trade is left in any case."""
        return self.max_signal_age_hours * HOUR_MS

    def texts(self) -> dict[str, str]:
        """Return the set by key, as settings write it."""
        return {key: str(getattr(self, name)) for key, name in STEPS.items()}


@quick
@dataclass(frozen=True, slots=True)
class Policy:
    """Costs are a side and in basis points; the holding time is in bars."""

    fee_bp: float = 4.0
    half_spread_bp: float = 0.5
    slippage_bp: float = 0.5
    confluence_min: float = 0.70  # weighted share of agreeing confidence
    max_holding: int = 12
    price_tolerance: float = 0.001  # a level counts as hit this close to it
    max_signal_age_hours: int = 72
    calendar: str = "24x7"
    champion_faults_max: int = 3  # in a row: then it is lost
    stages: str = ""  # of signal quality that a signal must pass, by commas
    revisions: tuple[str, ...] = ()  # components whose models learn from every trade

    @classmethod
    def from_values(cls, values: Mapping[str, str]) -> Self:
        """Read the keys of the trader; raise ValueError naming key, value and range."""
        default = cls()
        return cls(
            _real(values, "costs.fee_bp", default.fee_bp, 1000.0),
            _real(values, "costs.half_spread_bp", default.half_spread_bp, 1000.0),
            _real(values, "costs.slippage_bp", default.slippage_bp, 1000.0),
            _real(values, "signals.confluence_min", default.confluence_min, 1.0),
            _whole(values, "exits.max_holding", default.max_holding, HOLDING_BARS_MAX),
            _real(values, "outcomes.price_tolerance", default.price_tolerance, 0.01),
            _whole(values, "outcomes.max_signal_age_hours", default.max_signal_age_hours, 8760),
            _calendar(values, default.calendar),
            _whole(values, "canary.max_faults", default.champion_faults_max, 1000),
            _stages(values, default.stages),
            revised_components("learning.revisions", values.get("learning.revisions", "")),
        )

    @property
    def steps(self) -> Steps:
        """The settings that touch decisions."""
        return Steps(
            self.confluence_min,
            self.max_holding,
            self.price_tolerance,
            self.max_signal_age_hours,
            self.stages,
        )

    def with_steps(self, values: Mapping[str, str]) -> Self:
        """Return the policy with other values of such settings, by key."""
        read = self.from_values(values)
        return replace(
            self, **{name: getattr(read, name) for key, name in STEPS.items() if key in values}
        )

    @property
    def fee(self) -> float:
        """Fraction of the notional, a side."""
        return self.fee_bp * BASIS_POINT

    @property
    def impact(self) -> float:
        """Half spread and slippage: fraction of the price, against us, a side."""
        return (self.half_spread_bp + self.slippage_bp) * BASIS_POINT

    @property
    def max_age_ms(self) -> int:
        """How long after its entry a trade is left in any case."""
        return self.max_signal_age_hours * HOUR_MS

    def hole_ms_max(self, interval_ms: int) -> int:
        """Return the longest hole that features may look across."""
        if self.calendar == "24x7":
            return HOLE_BARS_MAX * interval_ms
        return HOLE_HOURS_MAX * HOUR_MS


def _real(values: Mapping[str, str], key: str, default: float, high: float) -> float:
    if key not in values:
        return default
    try:
        number = float(values[key])
    except ValueError:
        number = float("nan")
    if not isfinite(number) or not 0.0 <= number <= high:
        raise ValueError(f"{key}={values[key]!r}: give a number from 0 to {high:g}")
    return number


def _whole(values: Mapping[str, str], key: str, default: int, high: int) -> int:
    if key not in values:
        return default
    text = values[key]
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= high):
        raise ValueError(f"{key}={text!r}: give a whole number from 1 to {high}")
    return int(text)


def _stages(values: Mapping[str, str], default: str) -> str:
    text = values.get("signals.stages", default)
    names, known = [name.strip() for name in text.split(",") if name.strip()], stages.discover()
    if not set(names) <= set(known):
        raise ValueError(f"signals.stages={text!r}: give names of {', '.join(known)}, or nothing")
    return ",".join(names)


def _calendar(values: Mapping[str, str], default: str) -> str:
    calendar = values.get("market.calendar", default)
    if calendar not in CALENDARS:
        raise ValueError(f"market.calendar={calendar!r}: give one of {', '.join(CALENDARS)}")
    return calendar
