"""The trader's settings, as a decider reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from kingmaker.contracts.settings_texts import names, one_of, read_or, real, whole
from kingmaker.kernel.frozen import quick, replace
from kingmaker.market.hours import CALENDARS
from kingmaker.revisions.rules import revised_components
from kingmaker.trader import stages

HOUR_MS = 3_600_000
MAX_AGE, AGE_HOURS_MAX = "outcomes.max_signal_age_hours", 8_760
# key -> field: a change of these touches decisions, and is watched
STEPS = {
    "signals.confluence_min": "confluence_min",
    "exits.max_holding": "max_holding",
    "outcomes.price_tolerance": "price_tolerance",
    MAX_AGE: "max_signal_age_hours",
    "signals.stages": "stages",
}
BASIS_POINT = 1e-4
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
        default, bp = cls(), real(0.0, 1000.0)
        return cls(
            read_or(values, "costs.fee_bp", default.fee_bp, bp),
            read_or(values, "costs.half_spread_bp", default.half_spread_bp, bp),
            read_or(values, "costs.slippage_bp", default.slippage_bp, bp),
            read_or(values, "signals.confluence_min", default.confluence_min, real(0.0, 1.0)),
            read_or(values, "exits.max_holding", default.max_holding, whole(1, HOLDING_BARS_MAX)),
            read_or(values, "outcomes.price_tolerance", default.price_tolerance, real(0.0, 0.01)),
            read_or(values, MAX_AGE, default.max_signal_age_hours, whole(1, AGE_HOURS_MAX)),
            read_or(values, "market.calendar", default.calendar, one_of(*CALENDARS)),
            read_or(values, "canary.max_faults", default.champion_faults_max, whole(1, 1000)),
            read_or(values, "signals.stages", default.stages, _stages),
            read_or(values, "learning.revisions", default.revisions, revised_components),
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


def _stages(key: str, text: str) -> str:
    chosen, known = names(text), stages.discover()
    if not set(chosen) <= set(known):
        raise ValueError(f"{key}={text!r}: give names of {', '.join(known)}, or nothing")
    return ",".join(chosen)
