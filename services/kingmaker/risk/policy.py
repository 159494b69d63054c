"""Risk's settings, as a decider reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

from kingmaker.risk.guard import Limits, Rules
from kingmaker.risk.references import LOG_KL, RULES

MINUTE_MS = 60_000
MAX_AHEAD, MAX_AHEAD_MINUTES = "governance.max_ahead_minutes", 1_440.0
GUARD = "guard.enabled"
DRIFT, DRIFT_RULE = "drift.enabled", "drift.rule"
SIGMAS_MAX = 100.0
LOSSES_MAX = 50  # in a row, of a limit


@dataclass(frozen=True, slots=True)
class Policy:
    """What risk goes by; `ahead_ms_max` of commands: 0 compares nothing."""

    ahead_ms_max: int = 0
    guard: bool = False  # whether trades are judged at all
    rules: Rules = field(default_factory=Rules)
    drift: bool = False  # whether features are measured at all
    drift_rule: str = LOG_KL
    drift_sigmas: float = 3.0  # beyond what is usual


def from_values(values: Mapping[str, str]) -> Policy:
    """Read the settings; ValueError names the key, the value and what is allowed."""
    minutes = _number(values, MAX_AHEAD, 0.0, MAX_AHEAD_MINUTES)
    usual = Rules()
    return Policy(
        ahead_ms_max=int(minutes * MINUTE_MS),
        guard=_switch(values, GUARD),
        rules=Rules(
            reduced=_limits(values, "reduced", usual.reduced),
            paused=_limits(values, "paused", usual.paused),
        ),
        drift=_switch(values, DRIFT),
        drift_rule=_rule(values),
        drift_sigmas=_number(values, "drift.sigmas", 3.0, SIGMAS_MAX),
    )


def _limits(values: Mapping[str, str], level: str, usual: Limits) -> Limits:
    key = f"guard.{level}"
    return Limits(
        _number(values, f"{key}_win_rate", usual.win_rate, 1.0),
        _number(values, f"{key}_drawdown", usual.drawdown, 1.0),
        int(_number(values, f"{key}_losses", float(usual.losses), LOSSES_MAX)),
    )


def _number(values: Mapping[str, str], key: str, usual: float, most: float) -> float:
    text = values.get(key, str(usual))
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not isfinite(number) or not 0.0 <= number <= most:
        raise ValueError(f"{key} is {text!r}; allowed: 0..{most:g}")
    return number


def _switch(values: Mapping[str, str], key: str) -> bool:
    text = values.get(key, "0")
    if text not in {"0", "1"}:
        raise ValueError(f"{key} is {text!r}; allowed: 0, 1")
    return text == "1"


def _rule(values: Mapping[str, str]) -> str:
    text = values.get(DRIFT_RULE, LOG_KL)
    if text not in RULES:
        raise ValueError(f"{DRIFT_RULE} is {text!r}; allowed: {', '.join(RULES)}")
    return text
