"""Promotion's settings, as its decider reads them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from kingmaker.market.hours import CALENDARS
from kingmaker.promotion.roles import NEEDED

P_MAX = 0.05  # no setting loosens it
MINUTE_MS = 60_000
SWITCHES = {"1": True, "true": True, "on": True, "0": False, "false": False, "off": False}
MARKET_HOURS = ("closed_or_flat", "closed", "any")
PER_TEST = "per_test"  # a mode outside the budget
MODES = ("e_lond", "fwer", PER_TEST)
NAIVE_T, CLASSIC = "naive_t", "classic"
P_METHODS = ("e_process", NAIVE_T)
SHARPE_RULES = ("sign_safe", CLASSIC)
CANARY_RULES = ("edetector_and_15pct", "edetector", "classic_15pct")


@dataclass(frozen=True, slots=True)
class Policy:
    """What people may set; the defaults are the classic ones where there were any."""

    auto: bool = True
    min_trades: int = 50  # pairs of the present segment
    min_taken: int = 20  # trades that the challenger took
    p_method: str = "e_process"
    sharpe_rule: str = "sign_safe"
    sharpe_improvement: float = 0.10  # relative
    min_sharpe: float | None = None  # per pair; None: the gate is off
    max_drawdown_tolerance: float = 0.05  # relative; 0 is strict
    win_rate_tolerance: float = 0.0  # absolute
    max_faults: int = 0  # of its whole trial, that a crowned challenger may have had
    latency_ms_max: float = 0.0  # of 99 of 100 answers; 0: off, or none is measured
    confidence_threshold: float = 0.65
    alpha: float = 0.05
    budget_mode: str = "e_lond"
    budget_tests: int = 10  # N, trials expected in a window
    budget_window_days: int = 90
    trials_per_slot_max: int = 3
    trials_per_origin_max: int = 1
    trial_pairs_max: int = 5_000
    trial_faults_max: int = 3  # in a row
    start_after_trades: int = 0  # that the desk has closed before a trial opens
    cool_down_minutes: float = 60.0  # after a rollback that came by itself
    market_hours: str = "closed_or_flat"
    calendar: str = "24x7"
    holding_minutes_max: float = 720.0  # how long a position of the desk may stay open
    direct: bool = True
    canary_rule: str = "edetector_and_15pct"
    canary_minutes: float = 0.0  # of market time that a reign is watched; 0: all of it
    canary_tolerance: float = 0.15  # relative; of the 15 % rule
    canary_slack: float = 0.0  # of the detector: a share of the dethroned's Sharpe ratio
    canary_hard_drawdown: float = 0.0  # fraction of the capital base; 0: off
    canary_hard_loss: float = 0.0  # likewise
    champion_faults_max: int = 3  # in a row
    approval_minutes: float = 1_440.0  # how long an approval holds, of market time
    four_eyes: tuple[str, ...] = ()  # commands that need two signatures
    four_eyes_minutes: float = 30.0  # between the two
    ahead_minutes_max: float = 0.0  # that a command may be issued ahead; 0: not compared

    @property
    def p_max(self) -> float:
        """No trial is judged at a level above it; the confidence threshold can only tighten it."""
        return min(P_MAX, 1.0 - self.confidence_threshold)

    @property
    def ahead_ms_max(self) -> int:
        """How far ahead of the recorded time a command may be issued; 0: not compared."""
        return int(self.ahead_minutes_max * MINUTE_MS)


type Read = Callable[[str], Any]


def _switch(text: str) -> bool:
    return SWITCHES[text.strip().lower()]


def _one_of(allowed: tuple[str, ...]) -> Read:
    def read(text: str) -> str:
        return allowed[allowed.index(text)]

    return read


def _number(low: float, high: float) -> Read:
    def read(text: str) -> float:
        value = float(text)
        if not (isfinite(value) and low <= value <= high):
            raise ValueError
        return value

    return read


def _number_or_nothing(low: float, high: float) -> Read:
    number = _number(low, high)

    def read(text: str) -> float | None:
        return number(text) if text else None

    return read


def _count(low: int, high: int) -> Read:
    def read(text: str) -> int:
        value = int(text)
        if not low <= value <= high:
            raise ValueError
        return value

    return read


def _names(text: str) -> tuple[str, ...]:
    names = tuple(sorted({name.strip() for name in text.split(",") if name.strip()}))
    if not set(names) <= set(NEEDED):
        raise ValueError
    return names


_SWITCH = (_switch, "1/0, true/false, on/off")
KEYS: dict[str, tuple[str, Read, str]] = {
    "promotion.auto": ("auto", *_SWITCH),
    "promotion.min_trades": ("min_trades", _count(2, 100_000), "2..100000"),
    "promotion.min_taken": ("min_taken", _count(0, 100_000), "0..100000"),
    "promotion.p_method": ("p_method", _one_of(P_METHODS), ", ".join(P_METHODS)),
    "promotion.sharpe_rule": ("sharpe_rule", _one_of(SHARPE_RULES), ", ".join(SHARPE_RULES)),
    "promotion.min_sharpe": ("min_sharpe", _number_or_nothing(-10.0, 10.0), "-10..10 or nothing"),
    "promotion.win_rate_tolerance": ("win_rate_tolerance", _number(0.0, 1.0), "0..1"),
    "promotion.max_faults": ("max_faults", _count(0, 1_000), "0..1000"),
    "promotion.max_latency_ms": ("latency_ms_max", _number(0.0, 60_000.0), "0..60000"),
    "promotion.sharpe_improvement": ("sharpe_improvement", _number(0.0, 10.0), "0..10"),
    "promotion.max_drawdown_tolerance": ("max_drawdown_tolerance", _number(0.0, 10.0), "0..10"),
    "promotion.confidence_threshold": (
        "confidence_threshold",
        _number(0.0, 0.999999),
        "0..0.999999",
    ),
    "promotion.alpha": ("alpha", _number(1e-9, P_MAX), "1e-9..0.05"),
    "promotion.budget.mode": ("budget_mode", _one_of(MODES), ", ".join(MODES)),
    "promotion.budget.tests": ("budget_tests", _count(1, 1_000), "1..1000"),
    "promotion.budget.window_days": ("budget_window_days", _count(1, 3_650), "1..3650"),
    "promotion.max_trials_per_slot": ("trials_per_slot_max", _count(1, 100), "1..100"),
    "promotion.max_trials_per_origin": ("trials_per_origin_max", _count(1, 100), "1..100"),
    "trial.max_pairs": ("trial_pairs_max", _count(50, 1_000_000), "50..1000000"),
    "trial.max_faults": ("trial_faults_max", _count(1, 1_000), "1..1000"),
    "trial.start_after_trades": ("start_after_trades", _count(0, 1_000_000), "0..1000000"),
    "promotion.cool_down_minutes": ("cool_down_minutes", _number(0.0, 1e6), "0..1000000"),
    "promotion.market_hours": ("market_hours", _one_of(MARKET_HOURS), ", ".join(MARKET_HOURS)),
    "market.calendar": ("calendar", _one_of(CALENDARS), ", ".join(CALENDARS)),
    "promotion.max_holding_minutes": ("holding_minutes_max", _number(0.0, 4_320.0), "0..4320"),
    "promotion.direct": ("direct", *_SWITCH),
    "canary.rule": ("canary_rule", _one_of(CANARY_RULES), ", ".join(CANARY_RULES)),
    "canary.minutes": ("canary_minutes", _number(0.0, 1e6), "0..1000000"),
    "canary.tolerance": ("canary_tolerance", _number(0.0, 1.0), "0..1"),
    "canary.slack": ("canary_slack", _number(0.0, 1.0), "0..1"),
    "canary.hard_drawdown": ("canary_hard_drawdown", _number(0.0, 100.0), "0..100"),
    "canary.hard_loss": ("canary_hard_loss", _number(0.0, 100.0), "0..100"),
    "canary.max_faults": ("champion_faults_max", _count(1, 1_000), "1..1000"),
    "promotion.approval_minutes": ("approval_minutes", _number(0.0, 1e6), "0..1000000"),
    "governance.four_eyes": ("four_eyes", _names, ", ".join(NEEDED)),
    "governance.max_ahead_minutes": ("ahead_minutes_max", _number(0.0, 1_440.0), "0..1440"),
    "governance.four_eyes_minutes": ("four_eyes_minutes", _number(0.0, 1_440.0), "0..1440"),
}


def from_values(values: Mapping[str, str]) -> Policy:
    """Read the settings; ValueError names the key, the value and what is allowed."""
    found = {}
    for key, (name, read, allowed) in KEYS.items():
        if key in values:
            try:
                found[name] = read(values[key])
            except (KeyError, ValueError):
                raise ValueError(f"{key} is {values[key]!r}; allowed: {allowed}") from None
    return Policy(**found)
