"""What the rule strategies read of every bar: few and cheap numbers of its last 24."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from operator import mul

BARS = 25  # bars that the gauges look at
ATR_BARS = 14
BAND_BARS = 20  # of the z-score and of the channel
FAST_BARS = 12
SLOW_BARS = 24
ROOT_FAST = sqrt(FAST_BARS)
ROOT_SLOW = sqrt(SLOW_BARS)


@dataclass(slots=True)
class Gauges:
    """One bar's numbers. Moves are in units of what a random walk of that length makes."""

    close: float
    atr: float  # average true range, in price
    z: float  # standard deviations of the close from its mean; 0 where nothing moves
    channel: int  # 1: closed above the highest high of the 20 bars before, -1: below the lowest low
    fast_move: float  # over 12 bars
    slow_move: float  # over 24 bars
    body: float  # of the candle, in ATR; wicks likewise
    wick_up: float
    wick_down: float


def read(
    opens: Sequence[float],
    highs: Sequence[float],
    lows: Sequence[float],
    closes: Sequence[float],
    ranges: Sequence[float],
) -> Gauges | None:
    """Return the gauges of the newest bar (oldest bar first); None without a scale."""
    if len(closes) < BARS:
        return None
    open_, high, low, close = opens[-1], highs[-1], lows[-1], closes[-1]
    atr = fsum(ranges[-ATR_BARS:]) / ATR_BARS
    if atr <= 0.0 or close <= 0.0:
        return None
    band = closes[-BAND_BARS:]
    mean = fsum(band) / BAND_BARS
    away = [x - mean for x in band]
    deviation = sqrt(fsum(map(mul, away, away)) / BAND_BARS)
    above = close > max(highs[-BAND_BARS - 1 : -1])
    below = close < min(lows[-BAND_BARS - 1 : -1])
    return Gauges(
        close,
        atr,
        (close - mean) / deviation if deviation > 0.0 else 0.0,
        1 if above else -1 if below else 0,
        (close - closes[-1 - FAST_BARS]) / (atr * ROOT_FAST),
        (close - closes[-1 - SLOW_BARS]) / (atr * ROOT_SLOW),
        (close - open_) / atr,
        (high - max(open_, close)) / atr,
        (min(open_, close) - low) / atr,
    )
