"""A market made to measure: it climbs in steps, and volume tells which steps hold.

At every fourth bar it breaks upward. With high volume the price goes on, with low volume it falls
back: who reads the volume leaves the losing half alone. Seeded; prices of one symbol.
"""

import random
from collections.abc import Iterator

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.lane import Draft

BAR_MS = 300_000
CYCLE = 4
HOLDS_RATE = 0.3
UP, DOWN = 0.5, 0.9  # of a step, after the break: up if it holds, down if not
NOISE = 0.02
USUAL, HIGH, LOW = 10.0, 30.0, 3.0
BAR_READ = "kingmaker.feed.v1.BarRead"

type Ohlcv = tuple[float, float, float, float, float]


def bars(seed: int, phase: int) -> Iterator[Ohlcv]:
    """Yield bars for ever; `phase` shifts the breaks."""
    draw = random.Random(f"{seed}/{phase}")  # noqa: S311 - a market, not secrets
    level, before, holds = 100.0, 100.0, True
    number = phase
    while True:
        place = number % CYCLE
        volume = USUAL
        if place == 0:
            level, holds = level + 1.0, draw.random() < HOLDS_RATE
            volume = HIGH if holds else LOW
        drift = 0.0 if place == 0 else UP if holds else -DOWN
        close = level + drift + draw.uniform(-NOISE, NOISE)
        top, bottom = max(before, close), min(before, close)
        yield before, top + NOISE, bottom - NOISE, close, volume + draw.random()
        before = close
        number += 1


def row(symbol: str, open_ms: int, bar: Ohlcv) -> Draft:
    """Return a bar as its source hands it over."""
    open_, high, low, close, volume = bar
    message = message_class("kingmaker.feed.v1", "BarRead")(
        symbol=symbol,
        interval_ms=BAR_MS,
        open_ms=open_ms,
        open=open_,
        high=high,
        low=low,
        close=close,
        volume=volume,
    )
    return Draft(BAR_READ, message.SerializeToString(deterministic=True))
