"""S3: a close beyond the range of the last 20 bars goes on."""

from kingmaker.trader.gauges import Gauges
from kingmaker.trader.strategies import Strategy


def wants(gauges: Gauges) -> int:
    """Follow the break."""
    return gauges.channel


def reason(gauges: Gauges) -> str:
    """Name the side of the channel."""
    return f"channel20={gauges.channel:+d}"


STRATEGY = Strategy("S3", stop_atr=1.5, target_atr=2.25, wants=wants, reason=reason)
