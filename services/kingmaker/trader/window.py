"""The last bars of every symbol: what features, rules and open trades look at.

It belongs to the host, changes in place and is never recorded: after a restart the host shows it
the last inputs again. So everything read from it depends on the last `REACH` bars of the desk only.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from kingmaker.contracts.models import PATTERN_WINDOW
from kingmaker.market import features
from kingmaker.market.columns import Columns
from kingmaker.market.features import Row
from kingmaker.trader import gauges, strategies
from kingmaker.trader.domain import Message
from kingmaker.trader.gauges import Gauges
from kingmaker.trader.heard import BarClosed
from kingmaker.trader.policy import Policy
from kingmaker.trader.scene import Scene

INPUTS = 8192  # that the host shows again after a restart: bars, holes, refusals, process records
REACH = 4096  # bars of the whole desk beyond which nothing is looked at: 128 of each of 32 symbols
KEPT = 128  # bars of a symbol that may be looked at
TRIM_AT = 256
BARS_MIN = features.BARS + 1  # a rule fires against the bar before, which needs a whole window too
MEMORY = 8  # rows before the present one that models with memory are fed
ARMS = strategies.discover()
NOTHING = (0,) * len(ARMS)


@dataclass(slots=True)
class Track(Columns):
    """The bars of one symbol, and what was computed from them."""

    number: int = -1  # of the newest bar; only differences mean anything
    bars: list[BarClosed] = field(default_factory=list)
    holes: list[tuple[int, int]] = field(default_factory=list)  # number of the bar after, length
    rows: dict[int, Row | None] = field(default_factory=dict)  # features by number, once computed
    gauges: Gauges | None = None  # of the bar `seen`
    wants: tuple[int, ...] | None = None
    fired: tuple[int, ...] = NOTHING  # directions of the arms that began to want one
    seen: int = -1  # the number of the bar at which it was last asked which arms fire

    def append(self, bar: BarClosed, place: int) -> None:
        """Take the next bar."""
        self.number += 1
        if self.bars and bar.open_ms - self.opened[-1] != self.interval_ms:
            hole_ms = bar.open_ms - self.opened[-1] - self.interval_ms
            self.holes.append((self.number, hole_ms))
        self.bars.append(bar)
        self.add(bar, place)
        if len(self.bars) >= TRIM_AT:
            self._trim()

    def see(self) -> tuple[int, ...]:
        """Return which arms fire at the newest bar; bars that nobody asks about cost nothing."""
        if self.seen < self.number:
            before = self.wants if self.seen == self.number - 1 else self.wants_at(back=1)
            self.wants, self.seen = self.wants_at(), self.number
            self.fired = _began(before, self.wants)
        return self.fired

    def row(self, back: int = 0) -> Row | None:
        """Return the features of the bar `back` bars ago; None where they have no scale."""
        number = self.number - back
        if number not in self.rows:
            self.rows[number] = self.features(len(self.bars) - back)
        return self.rows[number]

    def scene(self, usable: int) -> Scene | None:
        """Return the opportunity of the newest bar, of which so many bars may be looked at."""
        if usable < BARS_MIN or self.gauges is None or (row := self.row()) is None:
            return None
        reach = min(MEMORY, usable - features.BARS)
        memory = [self.row(back) for back in range(reach, 0, -1)]
        return Scene(
            self.bars[-1],
            row,
            tuple([row for row in memory if row is not None]),
            tuple(self.closes[-PATTERN_WINDOW:]),
            self.fired,
            self.gauges,
        )

    def usable(self, hole_ms_max: int, places: int) -> int:
        """Count the newest bars without a longer hole among them, of `places` bars of the desk."""
        count = min(
            len(self.bars), KEPT, len(self.places) - bisect_right(self.places, places - REACH)
        )
        for number, hole_ms in self.holes:
            if hole_ms > hole_ms_max:
                count = min(count, self.number - number + 1)
        return count

    def since(self, open_ms: int, places: int) -> list[BarClosed]:
        """Return the bars from `open_ms` on, as far as the window reaches."""
        first = bisect_left(self.opened, open_ms)
        reached = bisect_right(self.places, places - REACH)
        return self.bars[max(first, reached) :]

    def wants_at(self, back: int = 0) -> tuple[int, ...] | None:
        """Return what the arms wanted `back` bars ago; None where they cannot tell."""
        columns = [self.opens, self.highs, self.lows, self.closes, self.ranges]
        if back:
            columns = [column[-gauges.BARS - back : -back] for column in columns]
        self.gauges = gauges.read(*columns)
        return None if self.gauges is None else strategies.wants_of(ARMS, self.gauges)

    def _trim(self) -> None:
        del self.bars[:-KEPT]
        self.keep(KEPT)
        oldest = self.number - KEPT
        self.holes = [hole for hole in self.holes if hole[0] > oldest]
        self.rows = {number: row for number, row in self.rows.items() if number > oldest}


@dataclass(slots=True)
class Window:
    """All symbols of a desk, and its market time."""

    tracks: dict[str, Track] = field(default_factory=dict)
    places: int = 0  # bars seen
    now_ms: int = 0  # the latest close
    _scenes: dict[tuple[int, str], Scene | None] = field(default_factory=dict)  # of this bar

    def opening(self, policy: Policy, bar: BarClosed) -> Scene | None:
        """Return the opportunity of a bar just observed; None where no rule fires."""
        track = self.tracks[bar.symbol]
        if track.see() is NOTHING or track.opened[-1] != bar.open_ms:
            return None
        hole_ms_max = policy.hole_ms_max(bar.interval_ms)
        key = (hole_ms_max, bar.symbol)
        if key not in self._scenes:
            self._scenes[key] = track.scene(track.usable(hole_ms_max, self.places))
        return self._scenes[key]

    def take(self, bar: BarClosed) -> None:
        """Learn a bar; one that does not go on in time is left out."""
        self.places += 1
        self.now_ms = max(self.now_ms, bar.close_ms)
        self._scenes.clear()
        track = self.tracks.get(bar.symbol)
        if track is None or track.interval_ms != bar.interval_ms:
            track = self.tracks[bar.symbol] = Track(bar.interval_ms)
        if not track.opened or bar.open_ms > track.opened[-1]:
            track.append(bar, self.places)


def _began(before: tuple[int, ...] | None, wants: tuple[int, ...] | None) -> tuple[int, ...]:
    """Return the directions that were not wanted before."""
    if before is None or wants is None or wants == before:
        return NOTHING
    fired = tuple([now if now != then else 0 for now, then in zip(wants, before, strict=True)])
    return fired if any(fired) else NOTHING


def observe(window: Window, message: Message) -> Window:
    """Show the window a bar; nothing else is for it."""
    if isinstance(message, BarClosed):
        window.take(message)
    return window
