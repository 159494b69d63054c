"""Markets made up with a fixed seed, and trades in them: what they hide is known."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kingmaker.contracts.models import FEATURES, PATTERN_WINDOW, REGIMES
from kingmaker.learners.bars import by_symbol
from kingmaker.market import features
from tests.services.learners.trades import HOUR_MS, Bar, Given, Trade, trades

STEPS = 8  # within a bar
SPREADS = (0.001, 0.003, 0.009)  # of a bar's return: calm, normal, crisis
VOLUMES = (1.0, 2.0, 5.0)
# A double bottom, at the 32 closes that end with a signal.
SHAPE = -np.abs(np.sin(np.linspace(0.0, 2.0 * np.pi, PATTERN_WINDOW))) * np.linspace(
    1.0, 0.6, PATTERN_WINDOW
)

type Floats = NDArray[np.float64]
type States = NDArray[np.int64]


def regimes(count: int, stay: float, seed: int) -> States:
    """Return a chain of states, each left with chance 1 - `stay`; 0 is one state for good."""
    random = np.random.default_rng(seed)
    leaves, states = random.random(count) >= stay, np.ones(count, np.int64)
    for bar in range(1, count):
        moved = (states[bar - 1] + random.integers(1, REGIMES)) % REGIMES
        states[bar] = moved if leaves[bar] and stay > 0.0 else states[bar - 1]
    return states


def market(states: States, seed: int, symbol: str = "BTC") -> list[Bar]:
    """Return hourly bars of a random walk that is as wild as its states."""
    random = np.random.default_rng(seed)
    spread = np.take(SPREADS, states)[:, None] / np.sqrt(STEPS)
    walk = np.exp(np.cumsum(random.standard_normal((len(states), STEPS)) * spread)) * 100.0
    path = walk.reshape(-1, STEPS)
    volumes = np.take(VOLUMES, states) * np.exp(0.3 * random.standard_normal(len(states)))
    return [
        _bar(symbol, number, path[number], path[max(0, number - 1), -1], volumes[number])
        for number in range(len(states))
    ]


def trades_in(bars: Sequence[Bar], every: int = 6, seed: int = 2) -> list[Trade]:
    """Return trades decided at the close of every so many bars, pure chance."""
    [here] = by_symbol(bars)
    places = np.arange(features.BARS, len(bars), every)
    seen = here.features(places)
    plain = trades(len(places), skill=0.0, seed=seed)
    return [
        _at(trade, bars[place], row)
        for trade, place, row in zip(plain, places.tolist(), seen, strict=True)
    ]


def shaped(bars: list[Bar], trade: Trade, noise: float, random: np.random.Generator) -> Trade:
    """Draw the shape into the closes before a trade, and let prices rise by one risk after it."""
    end = trade.decided_ms // HOUR_MS
    window = SHAPE + noise * random.standard_normal(PATTERN_WINDOW)
    for place, height in zip(range(end - PATTERN_WINDOW, end), window, strict=True):
        close = float(100.0 * (1.0 + 0.01 * height))
        bars[place] = replace(bars[place], close=close)
    return replace(trade, signal_net=trade.direction * trade.risk)


def shape_world(count: int, share: float, seed: int, noise: float = 0.05) -> Given:
    """Return trades in a random walk; the shape stands before a share of them."""
    random = np.random.default_rng(seed)
    every = PATTERN_WINDOW + 4
    bars = market(regimes(features.BARS + count * every, 0.0, seed), seed)
    found = trades_in(bars, every, seed)
    closed = [
        shaped(bars, trade, noise, random) if random.random() < share else trade for trade in found
    ]
    return Given(closed, bars)


def _bar(symbol: str, number: int, path: Floats, before: float, volume: float) -> Bar:
    close = float(path[-1])
    high, low = max(before, float(path.max())), min(before, float(path.min()))
    opened = number * HOUR_MS
    return Bar(symbol, opened, close, HOUR_MS, float(before), high, low, float(volume))


def _at(trade: Trade, bar: Bar, row: Floats) -> Trade:
    """Return the trade as decided at the close of a bar with these features."""
    decided_ms = bar.open_ms + bar.interval_ms
    rest = list(trade.setup[2 * FEATURES :])
    return replace(
        trade,
        opportunity=f"{bar.symbol}-{decided_ms}",
        symbol=bar.symbol,
        decided_ms=decided_ms,
        time_ms=decided_ms + 5 * HOUR_MS,
        bucket=decided_ms // (12 * HOUR_MS),
        setup=[*row.tolist(), *(trade.direction * row).tolist(), *rest],
        contexts=[0.0] * len(trade.contexts),
    )
