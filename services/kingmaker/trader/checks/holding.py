"""Buying and holding: what a strategy is held against, beside doing nothing.

One trade a symbol at full size, from the first open to the last close, by the costs of the trader:
half spread, slippage and a fee on both sides. Its gain is told bar by bar, so that days compare.
"""

from collections.abc import Iterator

import numpy as np

from kingmaker.trader.checks.columns import Columns
from kingmaker.trader.policy import Policy


def hold(bars: Columns, policy: Policy) -> Iterator[tuple[int, float]]:
    """Yield when each bar ended (UTC milliseconds) and what it added to the net return.

    A fraction of the capital base; the sum over all bars is the net return of the one trade.
    """
    if len(bars) == 0:
        return
    entry = bars.open[0] * (1.0 + policy.impact)
    marks = bars.close / entry
    marks[-1] *= 1.0 - policy.impact
    worth = marks - policy.fee
    worth[-1] -= policy.fee * marks[-1]
    gains = np.diff(worth, prepend=1.0)
    ends = bars.open_ms + bars.interval_ms
    yield from zip(ends.tolist(), gains.tolist(), strict=True)
