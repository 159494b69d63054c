"""Descriptive sums of one side: what the classic gates look at."""

from dataclasses import dataclass
from math import sqrt

from kingmaker.kernel.frozen import quick


@quick
@dataclass(frozen=True, slots=True)
class Tally:
    """Descriptive sums of one side, of the present segment; equity is the sum of returns."""

    pairs: int = 0
    sum: float = 0.0
    squares: float = 0.0
    taken: int = 0
    won: int = 0
    peak: float = 0.0
    drawdown_max: float = 0.0


NO_PAIRS = Tally()


def add(tally: Tally, net: float, taken: int, won: int) -> Tally:
    """Return the sums after one more pair. Drawdown is that of the sum of returns, from 0."""
    equity = tally.sum + net
    peak = max(tally.peak, equity)
    return Tally(
        tally.pairs + 1,
        equity,
        tally.squares + net * net,
        tally.taken + taken,
        tally.won + won,
        peak,
        max(tally.drawdown_max, peak - equity),
    )


def sharpe_ratio(tally: Tally) -> float:
    """Return mean over standard deviation (n - 1) per pair; 0 where nothing varies to speak of."""
    if tally.pairs < 2:  # noqa: PLR2004 - one pair has no deviation
        return 0.0
    mean = tally.sum / tally.pairs
    variance = (tally.squares - tally.sum * mean) / (tally.pairs - 1)
    return mean / sqrt(variance) if variance > 0.0 else 0.0


def win_rate(tally: Tally) -> float:
    """Return the share of winning trades among those taken; 0 where none was."""
    return tally.won / tally.taken if tally.taken else 0.0
