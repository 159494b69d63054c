"""The last bars of one symbol in columns: what features are computed from, bar by bar."""

from dataclasses import dataclass, field

from kingmaker.market import features
from kingmaker.market.bars import Bar, true_range
from kingmaker.market.features import Row


@dataclass(slots=True)
class Columns:
    """One list a field of a bar, oldest first; `interval_ms` is that of every bar."""

    interval_ms: int
    opened: list[int] = field(default_factory=list)
    opens: list[float] = field(default_factory=list)
    highs: list[float] = field(default_factory=list)
    lows: list[float] = field(default_factory=list)
    closes: list[float] = field(default_factory=list)
    volumes: list[float] = field(default_factory=list)
    ranges: list[float] = field(default_factory=list)  # true ranges; the first knows no bar before
    places: list[int] = field(default_factory=list)  # of the bar among all bars of the desk

    def add(self, bar: Bar, place: int) -> None:
        """Take the next bar."""
        before = self.closes[-1] if self.closes else bar.close
        self.ranges.append(true_range(bar.high, bar.low, before))
        self.opened.append(bar.open_ms)
        self.opens.append(bar.open)
        self.highs.append(bar.high)
        self.lows.append(bar.low)
        self.closes.append(bar.close)
        self.volumes.append(bar.volume)
        self.places.append(place)

    def features(self, end: int) -> Row | None:
        """Return the features of the bar before place `end`; None where they have no scale."""
        part = slice(end - features.BARS, end)
        return features.row(
            self.opened[end - 1],
            opens=self.opens[part],
            highs=self.highs[part],
            lows=self.lows[part],
            closes=self.closes[part],
            volumes=self.volumes[part],
            ranges=self.ranges[part],
        )

    def keep(self, count: int) -> None:
        """Forget all bars but the newest `count`."""
        excess = max(0, len(self.opened) - count)
        for column in (
            *(self.opened, self.opens, self.highs, self.lows, self.closes),
            *(self.volumes, self.ranges, self.places),
        ):
            del column[:excess]
