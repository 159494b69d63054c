"""The 24 features: their meaning, and that they depend on 96 bars and nothing else."""

import math
from collections.abc import Sequence

import pytest

from kingmaker.contracts.models import FEATURE_VOLATILITY_RATIO, FEATURES
from kingmaker.trader import features
from kingmaker.trader.domain import BarClosed
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
