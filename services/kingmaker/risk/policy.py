"""Risk's settings, as a decider reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

MINUTE_MS = 60_000
MAX_AHEAD, MAX_AHEAD_MINUTES = "governance.max_ahead_minutes", 1_440.0


@dataclass(frozen=True, slots=True)
class Policy:
    """How far ahead of the recorded time a command may be issued; 0: not compared."""

    ahead_ms_max: int = 0


def from_values(values: Mapping[str, str]) -> Policy:
    """Read the settings; ValueError names the key, the value and what is allowed."""
    text = values.get(MAX_AHEAD, "0")
    try:
        minutes = float(text)
    except ValueError:
        minutes = float("nan")
    if not isfinite(minutes) or not 0.0 <= minutes <= MAX_AHEAD_MINUTES:
        raise ValueError(f"{MAX_AHEAD} is {text!r}; allowed: 0..{MAX_AHEAD_MINUTES:g}")
    return Policy(int(minutes * MINUTE_MS))
