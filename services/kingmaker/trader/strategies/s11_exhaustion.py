"""S11: a strong move over 12 bars that ends in a rejected candle turns."""

from kingmaker.trader.gauges import Gauges
from kingmaker.trader.strategies import Strategy

STRONG = 1.0
REJECTED = 0.3  # wick against the move, in ATR


def wants(gauges: Gauges) -> int:
    """Fade the move where its last candle closed against it."""
    if gauges.fast_move >= STRONG and gauges.body < 0.0 and gauges.wick_up >= REJECTED:
        return -1
    if gauges.fast_move <= -STRONG and gauges.body > 0.0 and gauges.wick_down >= REJECTED:
        return 1
    return 0


def reason(gauges: Gauges) -> str:
    """Name the move and the wick against it."""
    wick = gauges.wick_up if gauges.fast_move > 0.0 else gauges.wick_down
    return f"move12={gauges.fast_move:.2f} wick={wick:.2f}"


STRATEGY = Strategy("S11", stop_atr=1.5, target_atr=1.5, wants=wants, reason=reason)
