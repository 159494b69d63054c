"""Descriptive sums of many streams at once: the twin of `evidence/tally.py`, bit for bit."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kingmaker.evidence.batch.arithmetic import Floats, larger
from kingmaker.evidence.tally import Tally

type Counts = NDArray[np.int64]
type Mask = NDArray[np.bool_]


@dataclass(slots=True)
class Side:
    """The sums of one side: every column has one place a stream."""

    pairs: Counts
    sum: Floats
    squares: Floats
    taken: Counts
    won: Counts
    peak: Floats
    drawdown_max: Floats

    @classmethod
    def of(cls, streams: int) -> "Side":
        """Return the sums before any pair."""
        pairs, taken, won = np.zeros((3, streams), np.int64)
        total, squares, peak, drawdown_max = np.zeros((4, streams))
        return cls(pairs, total, squares, taken, won, peak, drawdown_max)

    @classmethod
    def over_time(cls, before: Tally, net: Floats, taken: Mask) -> "Side":
        """Return the sums of one stream after each of its next pairs: a place a pair."""
        with np.errstate(all="ignore"):
            equity = _added(before.sum, net)
            peak = np.maximum.accumulate(np.concatenate(([before.peak], equity[1:])))
            drop = np.concatenate(([before.drawdown_max], peak[1:] - equity[1:]))
            return cls(
                before.pairs + np.arange(1, len(net) + 1),
                equity[1:],
                _added(before.squares, net * net)[1:],
                before.taken + np.cumsum(taken),
                before.won + np.cumsum(net > 0.0),
                peak[1:],
                np.maximum.accumulate(drop)[1:],
            )

    @property
    def sharpe(self) -> Floats:
        """Return mean over standard deviation (n - 1) a pair; 0 without variation."""
        with np.errstate(all="ignore"):
            mean = self.sum / self.pairs
            variance = (self.squares - self.sum * mean) / (self.pairs - 1)
            varies = (self.pairs > 1) & (variance > 0.0)
            return np.where(varies, mean / np.sqrt(variance), 0.0)

    @property
    def win_rate(self) -> Floats:
        """Return won of taken; 0 where nothing was taken."""
        with np.errstate(all="ignore"):
            return np.where(self.taken > 0, self.won / self.taken, 0.0)

    def add(self, net: Floats, taken: Counts | Mask, won: Counts | Mask) -> None:
        """Take one more pair of every stream."""
        with np.errstate(all="ignore"):
            self.pairs += 1
            self.sum = self.sum + net
            self.squares = self.squares + net * net
            self.taken += taken
            self.won += won
            self.peak = larger(self.peak, self.sum)
            self.drawdown_max = larger(self.drawdown_max, self.peak - self.sum)

    def clear(self, mask: Mask | None = None) -> None:
        """Begin anew, everywhere or where the mask says."""
        chosen = slice(None) if mask is None else mask
        for name in self.__slots__:
            getattr(self, name)[chosen] = 0

    def narrow(self, streams: int) -> None:
        """Keep the first streams only."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name)[:streams])

    def tally(self, stream: int) -> Tally:
        """Return the sums of one stream."""
        return Tally(*(getattr(self, name)[stream].item() for name in self.__slots__))


def _added(start: float, terms: Floats) -> Floats:
    return np.add.accumulate(np.concatenate(([start], terms)))


class Tallies:
    """Both sides of many streams, of the present segment."""

    def __init__(self, streams: int) -> None:
        """Begin with nothing seen."""
        self.champion = Side.of(streams)
        self.challenger = Side.of(streams)
        self.difference_squares: Floats = np.zeros(streams)

    def add(self, champion: Floats, challenger: Floats) -> None:
        """Take one more pair of every stream; what is not 0 was a trade, above 0 it was won."""
        for side, net in ((self.champion, champion), (self.challenger, challenger)):
            side.add(net, net != 0.0, net > 0.0)
        with np.errstate(all="ignore"):
            difference = challenger - champion
            self.difference_squares = self.difference_squares + difference * difference

    def start_segment(self, mask: Mask | None = None) -> None:
        """Begin anew, everywhere or where the mask says."""
        self.champion.clear(mask)
        self.challenger.clear(mask)
        self.difference_squares[slice(None) if mask is None else mask] = 0.0

    def narrow(self, streams: int) -> None:
        """Keep the first streams only."""
        self.champion.narrow(streams)
        self.challenger.narrow(streams)
        self.difference_squares = self.difference_squares[:streams]
