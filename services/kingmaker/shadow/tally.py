"""Descriptive sums of one side: what the classic gates look at."""

from kingmaker.shadow.domain import Side, Tally


def add(tally: Tally, side: Side) -> Tally:
    """Return the sums after one more pair. Drawdown is that of the sum of returns, from 0."""
    equity = tally.sum + side.net
    peak = max(tally.peak, equity)
    return Tally(
        tally.pairs + 1,
        equity,
        tally.squares + side.net * side.net,
        tally.taken + side.taken,
        tally.won + side.won,
        peak,
        max(tally.drawdown_max, peak - equity),
    )
