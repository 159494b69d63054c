"""S6: a move over 24 bars that a random walk seldom makes goes on."""

from kingmaker.trader.gauges import Gauges
from kingmaker.trader.strategies import Strategy

STRONG = 1.0


def wants(gauges: Gauges) -> int:
    """Follow the move."""
    return 1 if gauges.slow_move >= STRONG else -1 if gauges.slow_move <= -STRONG else 0


def reason(gauges: Gauges) -> str:
    """Name the move."""
    return f"move24={gauges.slow_move:.2f}"


STRATEGY = Strategy("S6", stop_atr=1.5, target_atr=2.25, wants=wants, reason=reason)
