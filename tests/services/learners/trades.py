"""Closed trades made up with a fixed seed: the first feature says which of them win."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kingmaker.contracts.models import CONTEXT, FEATURES, REGIMES, SETUP, STRATEGIES
from kingmaker.learners.bars import SymbolBar
from kingmaker.learners.experience import JUDGED, SCORES, Resolved

HOUR_MS = 3_600_000
HELD_MS = 5 * HOUR_MS
ARMS = len(STRATEGIES)


@dataclass(frozen=True, slots=True)
class Trade:
    """An `OpportunityResolved`, as far as learners read it."""

    opportunity: str
    time_ms: int
    decided_ms: int
    bucket: int
    setup: Sequence[float]
    contexts: Sequence[float]
    arm: int
    signal_net: float
    risk: float
    symbol: str = "BTC"
    direction: int = 1
    interval_ms: int = HOUR_MS
    target_distance: float = 0.015
    fee: float = 0.0005
    impact: float = 0.0001
    price_tolerance: float = 0.001
    max_age_ms: int = 72 * HOUR_MS
    scores: Sequence[float] = (0.0,) * SCORES
    judged: Sequence[float] = (0.0,) * JUDGED


@dataclass(frozen=True, slots=True)
class Bar:
    """One `BarClosed` of the feed."""

    symbol: str
    open_ms: int
    close: float
    interval_ms: int = HOUR_MS
    open: float = 1.0
    high: float = 2.0
    low: float = 1.0
    volume: float = 1.0


@dataclass(frozen=True, slots=True)
class Given:
    """Sources that hold just this."""

    closed: Sequence[Resolved]
    market: Sequence[SymbolBar] = ()

    def trades(self) -> Sequence[Resolved]:
        """Return the trades."""
        return self.closed

    def bars(self) -> Sequence[SymbolBar]:
        """Return the bars."""
        return self.market


def trades(count: int, *, skill: float = 2.0, seed: int = 1) -> list[Trade]:
    """Return trades in order of decision; `skill` 0 makes them pure chance."""
    random = np.random.default_rng(seed)
    return [_trade(number, random, skill) for number in range(count)]


def broken(trade: Trade, value: float) -> Trade:
    """Return the trade with one number replaced."""
    return replace(trade, setup=[value, *trade.setup[1:]])


def _trade(number: int, random: np.random.Generator, skill: float) -> Trade:
    features = random.standard_normal(FEATURES)
    arm = int(random.integers(0, ARMS - 1))
    direction = float(random.choice([-1.0, 1.0]))
    regime = np.full(REGIMES, 1.0 / REGIMES)
    won = random.random() < 1.0 / (1.0 + np.exp(-skill * features[0]))
    setup = np.concatenate([features, direction * features, np.eye(ARMS)[arm], regime])
    contexts = np.zeros((ARMS, CONTEXT))
    for place in range(ARMS):
        fired = float(place in (arm, ARMS - 1))
        contexts[place] = np.concatenate(
            [features, np.eye(ARMS)[place], regime, [direction * fired, fired]]
        )
    assert len(setup) == SETUP, "a setup row is complete"
    decided_ms = number * HOUR_MS
    return Trade(
        f"BTC-{decided_ms}",
        decided_ms + HELD_MS,
        decided_ms,
        number // 12,
        setup.tolist(),
        contexts.ravel().tolist(),
        arm,
        0.01 if won else -0.01,
        0.01,
        direction=int(direction),
    )
