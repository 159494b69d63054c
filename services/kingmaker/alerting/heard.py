"""What alerting hears from risk; all the rest stands in `domain`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModeChanged:
    """A desk trades in this mode from here on; `kill` numbers the change that began the kill."""

    desk: str
    number: int
    mode: str
    flatten: bool
    kill: int
    actor: str
    reason: str
    time_ms: int
    key_owner: str = ""  # whose key signed it


@dataclass(frozen=True, slots=True)
class GuardChanged:
    """The performance guard of a desk took a step, on what it saw of the latest trades."""

    desk: str
    number: int
    level: str
    before: str
    cause: str
    size: float
    trades: int
    win_rate: float
    drawdown: float
    losses: int
    time_ms: int


@dataclass(frozen=True, slots=True)
class DriftDetected:
    """A feature of a symbol no longer looks like what was learned from."""

    desk: str
    number: int
    symbol: str
    feature: str
    score: float
    threshold: float
    until_ms: int
    training: str
    time_ms: int
