"""S15: the learned policy. Its model wants; no rule does.

It is asked only where a rule strategy fires: at every bar its question would cost more than all the
rest of the decision, and an opportunity is an event, not a bar.
"""

from kingmaker.trader.gauges import Gauges
from kingmaker.trader.strategies import Strategy


def wants(_gauges: Gauges) -> int:
    """Want nothing by rule: the pipeline adds what the model wants."""
    return 0


def reason(_gauges: Gauges) -> str:
    """Say who wanted it."""
    return "learned policy"


STRATEGY = Strategy("S15", stop_atr=1.5, target_atr=2.25, wants=wants, reason=reason)
