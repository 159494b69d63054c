"""The 24 market features of a closed bar, computed from exactly 96 bars and nothing else.

Every window is summed anew, with `fsum`, which rounds once: no bit depends on when the process
started or on the Python. Scales: prices in average true ranges, counts in shares; all but the ratio
and the calendar lie in -5..5.
"""

from collections.abc import Sequence
from math import fsum, sqrt
from operator import mul, sub

from kingmaker.contracts.models import FEATURES

BARS = 96  # the window
LIMIT = 5.0
RATIO_MAX = 6.0
ATR_BARS, ATR_LONG_BARS = 14, 72
RETURN_BARS = (1, 3, 6, 12, 24, 48)
RETURN_ROOTS = tuple(sqrt(bars) for bars in RETURN_BARS)
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
# Of 24 hours: sine and cosine to 12 digits, written out: the C library's differ by machine.
QUARTER = (0.0, 0.258819045103, 0.5, 0.707106781187, 0.866025403784, 0.965925826289, 1.0)
HALF = (*QUARTER, *QUARTER[-2:0:-1])
SINES = (*HALF, *[0.0 - x for x in HALF])
COSINES = (*SINES[6:], *SINES[:6])

type Row = tuple[float, ...]

NAMES = (
    *("volatility_ratio", "return_1", "return_3", "return_6", "return_12", "return_24"),
    *("return_48", "body", "wick_up", "wick_down", "range", "z_20", "z_48", "place_20"),
    *("place_96", "rsi_14", "efficiency_12", "atr_percent", "deviation_20", "volume"),
    *("volume_6", "hour_sine", "hour_cosine", "weekend"),
)
assert len(NAMES) == FEATURES, "models count the features"


def row(  # noqa: PLR0913 - one column of bars each
    open_ms: int,
    *,
    opens: Sequence[float],
    highs: Sequence[float],
    lows: Sequence[float],
    closes: Sequence[float],
    volumes: Sequence[float],
    ranges: Sequence[float],
) -> Row | None:
    """Return the features of the last of 96 bars, which opened at `open_ms`; None without a scale.

    `ranges` are true ranges. Columns are oldest first.
    """
    assert len(closes) == BARS, f"{len(closes)} bars, not {BARS}"
    close = closes[-1]
    atr = fsum(ranges[-ATR_BARS:]) / ATR_BARS
    if atr <= 0.0 or close <= 0.0:
        return None
    band, deviation = _band(closes, 20)
    wide_band, _ = _band(closes, 48)
    long_atr = fsum(ranges[-ATR_LONG_BARS:]) / ATR_LONG_BARS
    return (
        min(atr / long_atr, RATIO_MAX),
        *_returns(closes, atr),
        *_candle(opens[-1], highs[-1], lows[-1], close, atr),
        band,
        wide_band,
        _place(highs[-20:], lows[-20:], close),
        _place(highs, lows, close),
        _direction(closes[-15:]),
        abs(_direction(closes[-13:])),
        min(100.0 * atr / close, LIMIT),
        min(deviation / atr, LIMIT),
        *_volume(volumes),
        *_calendar(open_ms),
    )


def _returns(closes: Sequence[float], atr: float) -> list[float]:
    """Return moves of several lengths, in units of what a random walk of that length makes."""
    close = closes[-1]
    return [
        _clip((close - closes[-1 - bars]) / (atr * root))
        for bars, root in zip(RETURN_BARS, RETURN_ROOTS, strict=True)
    ]


def _candle(open_: float, high: float, low: float, close: float, atr: float) -> tuple[float, ...]:
    return (
        _clip((close - open_) / atr),
        min((high - max(open_, close)) / atr, LIMIT),
        min((min(open_, close) - low) / atr, LIMIT),
        min((high - low) / atr, LIMIT),
    )


def _band(closes: Sequence[float], bars: int) -> tuple[float, float]:
    """Return how many deviations the close lies from its mean, and the deviation."""
    part = closes[-bars:]
    mean = fsum(part) / bars
    away = [x - mean for x in part]
    deviation = sqrt(fsum(map(mul, away, away)) / bars)
    return _clip((closes[-1] - mean) / deviation) if deviation > 0.0 else 0.0, deviation


def _place(highs: Sequence[float], lows: Sequence[float], close: float) -> float:
    """Return where the close lies between lowest (-1) and highest (1)."""
    high, low = max(highs), min(lows)
    return 2.0 * (close - low) / (high - low) - 1.0 if high > low else 0.0


def _direction(closes: Sequence[float]) -> float:
    """Return the way gone straight, as a share of the way gone; its sign is the direction."""
    way = fsum(map(abs, map(sub, closes[1:], closes)))
    return (closes[-1] - closes[0]) / way if way > 0.0 else 0.0


def _volume(volumes: Sequence[float]) -> tuple[float, float]:
    usual = fsum(volumes[-48:]) / 48
    if usual <= 0.0:
        return 0.0, 0.0
    return min(volumes[-1] / usual - 1.0, LIMIT), min(fsum(volumes[-6:]) / 6 / usual - 1.0, LIMIT)


def _calendar(open_ms: int) -> tuple[float, float, float]:
    hour = open_ms // HOUR_MS % 24
    weekday = (open_ms // DAY_MS + 3) % 7  # 1970-01-01 was a Thursday; Monday is 0
    return SINES[hour], COSINES[hour], float(weekday >= 5)  # noqa: PLR2004 - Saturday


def _clip(x: float) -> float:
    return -LIMIT if x < -LIMIT else min(x, LIMIT)
