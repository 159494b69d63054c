"""The 24 features: their meaning, and that they depend on 96 bars and nothing else."""

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean, pstdev

import pytest

from kingmaker.contracts.models import FEATURE_VOLATILITY_RATIO, FEATURES
from kingmaker.market import features
from kingmaker.trader.heard import BarClosed
from tests.services.trader.desk import walk


def row(bars: Sequence[BarClosed]) -> dict[str, float] | None:
    """Return the features of 96 bars, by name."""
    closes = [bar.close for bar in bars]
    before = [closes[0], *closes[:-1]]
    pairs = list(zip(bars, before, strict=True))
    found = features.row(
        bars[-1].open_ms,
        opens=[bar.open for bar in bars],
        highs=[bar.high for bar in bars],
        lows=[bar.low for bar in bars],
        closes=closes,
        volumes=[bar.volume for bar in bars],
        ranges=[max(bar.high, last) - min(bar.low, last) for bar, last in pairs],
    )
    return None if found is None else dict(zip(features.NAMES, found, strict=True))


def line(rise: float, count: int = 96, volume: float = 1.0) -> list[BarClosed]:
    """Return bars that rise by the same amount each."""
    return [
        BarClosed(
            "ASH", 1, i, 100 + rise * (i - 1), 100 + rise * i, 100 + rise * (i - 1), 0, volume
        )
        for i in range(count)
    ]


def closing(bars: list[BarClosed], rise: float) -> list[BarClosed]:
    """Let each bar close at its end of the line."""
    return [
        BarClosed(
            b.symbol, b.interval_ms, b.open_ms, b.open, b.high, b.low, 100 + rise * i, b.volume
        )
        for i, b in enumerate(bars)
    ]


def test_a_dead_market_has_no_features() -> None:
    assert row(closing(line(0.0), 0.0)) is None


def test_a_steady_rise_reads_as_one() -> None:
    found = row(closing(line(1.0), 1.0))
    assert found is not None
    assert found["volatility_ratio"] == 1.0
    assert found["return_24"] == pytest.approx(24 / math.sqrt(24))
    assert found["return_48"] == 5.0, "clipped"
    assert (found["body"], found["wick_up"], found["wick_down"], found["range"]) == (1, 0, 0, 1)
    assert (found["place_20"], found["place_96"]) == (1.0, 1.0)
    assert (found["rsi_14"], found["efficiency_12"]) == (1.0, 1.0)
    assert (found["volume"], found["volume_6"]) == (0.0, 0.0)
    assert (found["hour_sine"], found["hour_cosine"], found["weekend"]) == (0.0, 1.0, 0.0)


def test_the_regime_filter_reads_the_volatility_ratio() -> None:
    assert features.NAMES[FEATURE_VOLATILITY_RATIO] == "volatility_ratio"
    assert len(features.NAMES) == FEATURES == len(set(features.NAMES))


def test_the_features_are_what_they_are_called() -> None:
    """Compute each in the plainest way, from its definition."""
    bars = list(walk(150))[-96:]
    found = row(bars)
    assert found is not None
    closes = [bar.close for bar in bars]
    moves = [b - a for a, b in pairwise(closes)]
    ranges = [
        max(bar.high, last) - min(bar.low, last)
        for last, bar in zip(closes, bars[1:], strict=False)
    ]
    atr = fmean(ranges[-14:])
    last = bars[-1]
    volumes = [bar.volume for bar in bars]
    plain = {
        "volatility_ratio": atr / fmean(ranges[-72:]),
        "return_6": (closes[-1] - closes[-7]) / (atr * math.sqrt(6)),
        "return_48": (closes[-1] - closes[-49]) / (atr * math.sqrt(48)),
        "body": (last.close - last.open) / atr,
        "wick_up": (last.high - max(last.open, last.close)) / atr,
        "wick_down": (min(last.open, last.close) - last.low) / atr,
        "range": (last.high - last.low) / atr,
        "z_20": (last.close - fmean(closes[-20:])) / pstdev(closes[-20:]),
        "z_48": (last.close - fmean(closes[-48:])) / pstdev(closes[-48:]),
        "place_20": _place(bars[-20:]),
        "place_96": _place(bars),
        "rsi_14": sum(moves[-14:]) / sum(map(abs, moves[-14:])),
        "efficiency_12": abs(sum(moves[-12:])) / sum(map(abs, moves[-12:])),
        "atr_percent": 100 * atr / last.close,
        "deviation_20": pstdev(closes[-20:]) / atr,
        "volume": last.volume / fmean(volumes[-48:]) - 1,
        "volume_6": fmean(volumes[-6:]) / fmean(volumes[-48:]) - 1,
    }
    assert {name: found[name] for name in plain} == pytest.approx(plain)


def _place(bars: Sequence[BarClosed]) -> float:
    high, low = max(bar.high for bar in bars), min(bar.low for bar in bars)
    return 2 * (bars[-1].close - low) / (high - low) - 1


def test_the_weekend_is_saturday_and_sunday() -> None:
    week = {
        day: features.row(
            day * 86_400_000,
            opens=[1.0] * 96,
            highs=[2.0] * 96,
            lows=[1.0] * 96,
            closes=[1.5] * 96,
            volumes=[1.0] * 96,
            ranges=[1.0] * 96,
        )
        for day in range(7)
    }
    weekend = [day for day, found in week.items() if found and found[-1]]
    assert weekend == [2, 3], "1970-01-01 was a Thursday"


def test_no_volume_is_no_opinion() -> None:
    found = row(closing(line(1.0, volume=0.0), 1.0))
    assert found is not None
    assert (found["volume"], found["volume_6"]) == (0.0, 0.0)


def test_all_are_finite_and_within_their_bounds() -> None:
    bars = list(walk(400))
    for end in range(96, 400):
        found = row(bars[end - 96 : end])
        assert found is not None
        assert all(math.isfinite(x) for x in found.values())
        others = [x for name, x in found.items() if name != "volatility_ratio"]
        assert max(map(abs, others)) <= 5.0
        assert 0.0 <= found["volatility_ratio"] <= 6.0


def test_the_clock_is_that_of_the_hour_of_day() -> None:
    for hour in range(24):
        angle = 2 * math.pi * hour / 24
        assert features.SINES[hour] == pytest.approx(math.sin(angle), abs=1e-12)
        assert features.COSINES[hour] == pytest.approx(math.cos(angle), abs=1e-12)
