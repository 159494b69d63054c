"""Risk's settings, as a decider reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kingmaker.contracts.settings_texts import (
    MINUTES_OF_DAY,
    flag,
    one_of,
    read_or,
    real,
    whole,
)
from kingmaker.risk.guard import Limits, Rules
from kingmaker.risk.references import LOG_KL, RULES

MINUTE_MS = 60_000
MAX_AHEAD = "governance.max_ahead_minutes"
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
    minutes = read_or(values, MAX_AHEAD, 0.0, real(0.0, MINUTES_OF_DAY))
    usual = Policy()
    return Policy(
        ahead_ms_max=int(minutes * MINUTE_MS),
        guard=read_or(values, GUARD, usual.guard, flag),
        rules=Rules(
            reduced=_limits(values, "reduced", usual.rules.reduced),
            paused=_limits(values, "paused", usual.rules.paused),
        ),
        drift=read_or(values, DRIFT, usual.drift, flag),
        drift_rule=read_or(values, DRIFT_RULE, usual.drift_rule, one_of(*RULES)),
        drift_sigmas=read_or(values, "drift.sigmas", usual.drift_sigmas, real(0.0, SIGMAS_MAX)),
    )


def _limits(values: Mapping[str, str], level: str, usual: Limits) -> Limits:
    key, share = f"guard.{level}", real(0.0, 1.0)
    return Limits(
        read_or(values, f"{key}_win_rate", usual.win_rate, share),
        read_or(values, f"{key}_drawdown", usual.drawdown, share),
        read_or(values, f"{key}_losses", usual.losses, whole(0, LOSSES_MAX)),
    )
