"""A market that nothing foretells: every price is a fair game, and costs nothing to trade.

Each bar is 64 small steps of one size whose mean is zero; volume is drawn apart. So no feature says
anything of what follows, whatever is traded earns nothing on average, and whoever trades otherwise
than the champion is no better: the null hypothesis of a trial, by construction.
"""

from collections.abc import Iterator

import numpy as np

from tests.simulation.market import Ohlcv

STEPS = 64  # a bar: an exit inside it is filled near its level, as the simulation of trades assumes
DEVIATION = 0.005  # of a bar's return
VOLUME = 10.0
# What makes trading free: a cost would make whoever trades less truly better.
FREE = {
    "costs.fee_bp": "0",
    "costs.half_spread_bp": "0",
    "costs.slippage_bp": "0",
    "outcomes.price_tolerance": "0",
}


def bars(seed: int, symbol: int, count: int) -> Iterator[Ohlcv]:
    """Yield so many bars of a symbol."""
    random = np.random.default_rng((seed, symbol))
    steps = 1.0 + DEVIATION / np.sqrt(STEPS) * random.standard_normal((count, STEPS))
    volumes = VOLUME * np.exp(random.standard_normal(count))
    before = 100.0
    for row, volume in zip(steps, volumes.tolist(), strict=True):
        path = before * row.cumprod()
        high, low, close = float(path.max()), float(path.min()), float(path[-1])
        yield before, max(before, high), min(before, low), close, volume
        before = close
