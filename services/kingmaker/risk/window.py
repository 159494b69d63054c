"""The last bars of every symbol, and the time: all that risk remembers of its inputs.

It belongs to the host and is never recorded. What is read from it depends on the last `REACH` bars
of the desk only, so that a process that has just started reads the same.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from kingmaker.kernel.service import Tick
from kingmaker.market import features
from kingmaker.market.columns import Columns
from kingmaker.market.features import Row
from kingmaker.risk.domain import BarClosed, Message
from kingmaker.risk.references import WINDOW

BEFORE = features.BARS  # bars before the first of a window: 95 of its features, one of its range
KEPT = WINDOW + BEFORE  # bars of a symbol that may be looked at
SYMBOLS = 32  # of a desk of which all are measured
REACH = SYMBOLS * KEPT
INPUTS = 2 * REACH  # that the host shows again: bars, holes, refusals, ticks, process records
TRIM_AT = 2 * KEPT


@dataclass(slots=True)
class Track(Columns):
    """The bars of one symbol, and whether there are enough of them."""

    def append(self, bar: BarClosed, place: int) -> None:
        """Take the next bar."""
        self.add(bar, place)
        if len(self.opened) >= TRIM_AT:
            self.keep(KEPT)

    def is_whole(self, since_ms: int, places: int) -> bool:
        """Tell whether a window of bars opened at or after a time, with all that it looks back on.

        `places` counts the bars of the desk: what is out of reach is not there.
        """
        usable = len(self.places) - bisect_right(self.places, places - REACH)
        fresh = len(self.opened) - bisect_left(self.opened, since_ms)
        return usable >= KEPT and fresh >= WINDOW

    def rows(self) -> list[Row]:
        """Return the features of the newest window; bars without a scale have none."""
        ends = range(len(self.opened) - WINDOW + 1, len(self.opened) + 1)
        found = [self.features(end) for end in ends]
        return [row for row in found if row is not None]


@dataclass(slots=True)
class Window:
    """The latest tick heard, UTC milliseconds of market time, and the bars of a desk."""

    time_ms: int = 0
    tracks: dict[str, Track] = field(default_factory=dict)
    places: int = 0  # bars seen

    def take(self, bar: BarClosed) -> None:
        """Learn a bar; one that does not go on in time is left out."""
        self.places += 1
        track = self.tracks.get(bar.symbol)
        if track is None or track.interval_ms != bar.interval_ms:
            track = self.tracks[bar.symbol] = Track(bar.interval_ms)
        if not track.opened or bar.open_ms > track.opened[-1]:
            track.append(bar, self.places)


def observe(window: Window, message: Message) -> Window:
    """Remember a bar, or the time."""
    if isinstance(message, BarClosed):
        window.take(message)
    elif isinstance(message, Tick):
        window.time_ms = message.time_ms
    return window
