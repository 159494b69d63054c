"""What the rule strategies read of every bar."""

from kingmaker.trader import gauges
from kingmaker.trader.gauges import Gauges


def read(closes: list[float]) -> Gauges | None:
    """Return the gauges of bars that open at the close before, without wicks."""
    opens = [closes[0], *closes[:-1]]
    highs = [max(pair) for pair in zip(opens, closes, strict=True)]
    lows = [min(pair) for pair in zip(opens, closes, strict=True)]
    ranges = [high - low for high, low in zip(highs, lows, strict=True)]
    return gauges.read(opens, highs, lows, closes, ranges)


def test_too_few_bars_and_a_dead_market_have_no_gauges() -> None:
    assert read([100.0 + i for i in range(24)]) is None
    assert read([100.0] * 25) is None


def test_a_rise_is_measured_in_average_ranges() -> None:
    found = read([100.0 + i for i in range(25)])
    assert found is not None
    assert (found.close, found.atr, found.channel) == (124.0, 1.0, 1)
    assert found.slow_move == 24.0 / 24.0**0.5
    assert found.fast_move == 12.0 / 12.0**0.5
    assert (found.body, found.wick_up, found.wick_down) == (1.0, 0.0, 0.0)
    assert 1.6 < found.z < 1.7


def test_the_channel_is_that_of_the_bars_before() -> None:
    saw = [100.0 + i % 2 for i in range(25)]
    level, fallen = read(saw), read([*saw[:-1], 99.0])
    assert level is not None
    assert fallen is not None
    assert (level.channel, fallen.channel) == (0, -1)
