"""S2: a close two standard deviations away from its mean comes back."""

from kingmaker.trader.gauges import Gauges
from kingmaker.trader.strategies import Strategy

STRETCHED = 2.0


def wants(gauges: Gauges) -> int:
    """Fade the stretch."""
    return -1 if gauges.z >= STRETCHED else 1 if gauges.z <= -STRETCHED else 0


def reason(gauges: Gauges) -> str:
    """Name the stretch."""
    return f"z20={gauges.z:.2f}"


STRATEGY = Strategy("S2", stop_atr=1.5, target_atr=1.5, wants=wants, reason=reason)
