"""The performance guard: how the champion's latest trades went, and the step that follows.

NORMAL, REDUCED (half size), PAUSED (no new position). It looks at the latest 50 trades once there
are 20. It steps down as soon as a limit is reached, by two steps where the worse one is. It takes
one step back when the latest 20 trades since its last change keep within the limits of NORMAL;
these 20 stay in sight and older ones are forgiven, or the next trade would step down again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kingmaker.kernel.frozen import quick

NORMAL, REDUCED, PAUSED = "normal", "reduced", "paused"
LEVELS = (NORMAL, REDUCED, PAUSED)  # from good to bad
SIZES = {NORMAL: 1.0, REDUCED: 0.5, PAUSED: 0.0}  # share of a position that the account takes
WIN_RATE, DRAWDOWN, LOSSES = "win_rate", "drawdown", "losses"  # causes of a step down
RECOVERED, SETTINGS = "recovered", "settings"  # and of a step back


@dataclass(frozen=True, slots=True)
class Limits:
    """What is too bad: a win rate below, a drawdown or losses in a row from here on."""

    win_rate: float
    drawdown: float  # fraction of the capital base
    losses: int


@dataclass(frozen=True, slots=True)
class Rules:
    """How the guard judges; counts of trades."""

    reduced: Limits = Limits(0.45, 0.05, 6)
    paused: Limits = Limits(0.35, 0.10, 10)
    looked_at: int = 50
    needed: int = 20
    good: int = 20  # for a step back


@quick
@dataclass(frozen=True, slots=True)
class Guard:
    """Where the guard stands."""

    level: str = NORMAL
    nets: tuple[float, ...] = ()  # of the latest trades, fractions of the capital base
    since: int = 0  # trades since the last change
    trades: int = 0  # so far
    changes: int = 0
    changed_ms: int = 0
    awaited: tuple[str, ...] = ()  # that the account left alone: their simulations count


@dataclass(frozen=True, slots=True)
class Measure:
    """How trades went."""

    trades: int
    win_rate: float
    drawdown: float
    losses: int  # in a row, up to the last


def measure(nets: Sequence[float]) -> Measure:
    """Measure trades, oldest first; one that made nothing is no win."""
    equity = peak = drawdown = 0.0
    wins = losses = 0
    for net in nets:
        equity += net
        peak = max(peak, equity)
        drawdown = max(drawdown, peak - equity)
        wins += net > 0.0
        losses = 0 if net > 0.0 else losses + 1
    return Measure(len(nets), wins / len(nets) if nets else 1.0, drawdown, losses)


def broken(found: Measure, limits: Limits) -> str:
    """Return the first limit that is broken; "" where all hold."""
    if found.win_rate < limits.win_rate:
        return WIN_RATE
    if found.drawdown >= limits.drawdown:
        return DRAWDOWN
    return LOSSES if found.losses >= limits.losses else ""


def step(guard: Guard, rules: Rules) -> tuple[str, str, Measure] | None:
    """Return the level that follows from the trades so far, why, and on what; None: it stays."""
    found = measure(guard.nets)
    if found.trades >= rules.needed:
        for level, limits in ((PAUSED, rules.paused), (REDUCED, rules.reduced)):
            if LEVELS.index(level) > LEVELS.index(guard.level) and (why := broken(found, limits)):
                return level, why, found
    if guard.level == NORMAL or guard.since < rules.good:
        return None
    latest = measure(guard.nets[-rules.good :])
    if broken(latest, rules.reduced):
        return None
    return LEVELS[LEVELS.index(guard.level) - 1], RECOVERED, latest
