"""Worlds of 5 min bars whose drift changes with the hour: easy to see in hours, hard in minutes."""

import numpy as np

from tests.services.learners.trades import HOUR_MS, Bar, Given
from tests.services.learners.worlds import decisions

STEP_MS = HOUR_MS // 12
EVERY = 16  # bars between two decisions


def bars_of(count: int, *, drift: float, seed: int, lasts: float = 0.95) -> list[Bar]:
    """Return bars whose drift, `drift` of the noise of a bar, lasts from hour to hour."""
    random = np.random.default_rng(seed)
    price, trend, bars = 100.0, 0.0, []
    for number in range(count):
        if number % 12 == 0:
            trend = lasts * trend + np.sqrt(1.0 - lasts**2) * random.standard_normal()
        moves = 0.004 * (drift * trend / 4.0 + random.standard_normal(4) / 2.0)
        path = price * np.exp(np.cumsum(moves))
        high, low = max(price, *path), min(price, *path)
        opened, price = price, float(path[-1])
        bars.append(
            Bar(
                "BTC",
                number * STEP_MS,
                price,
                interval_ms=STEP_MS,
                open=opened,
                high=high,
                low=low,
                volume=1.0,
            )
        )
    return bars


def given(bars: list[Bar], fee: float = 0.0005) -> Given:
    """Return these bars, and a trade every few of them whose features are the bars'."""
    return Given(decisions(bars, EVERY, fee=fee), bars)
