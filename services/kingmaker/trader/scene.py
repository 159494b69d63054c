"""An opportunity before anybody has judged it: the market at a bar where a rule fires."""

from dataclasses import dataclass

from kingmaker.contracts.models import PATTERN_WINDOW
from kingmaker.trader import features
from kingmaker.trader.domain import BarClosed
from kingmaker.trader.gauges import Gauges
from kingmaker.trader.policy import Policy
from kingmaker.trader.window import Row, Track, Window

MEMORY = 8  # rows before the present one that models with memory are fed
BARS_MIN = features.BARS + 1  # a rule fires against the bar before, which needs a whole window too


@dataclass(frozen=True, slots=True)
class Scene:
    """The same for every branch."""

    bar: BarClosed
    features: Row
    memory: tuple[Row, ...]  # features of the bars before, oldest first, as far as they reach
    closes: tuple[float, ...]
    directions: tuple[int, ...]  # of the arms whose rule began to want one
    gauges: Gauges


def opening(policy: Policy, window: Window, bar: BarClosed) -> Scene | None:
    """Return the opportunity of a bar just observed; None where no rule fires."""
    track = window.tracks[bar.symbol]
    if not any(track.fired) or track.opened[-1] != bar.open_ms:
        return None
    usable = track.usable(policy.hole_ms_max(bar.interval_ms), window.places)
    if usable < BARS_MIN or track.gauges is None:
        return None
    row = track.row()
    if row is None:
        return None
    return Scene(
        bar,
        row,
        _memory(track, usable),
        tuple(track.closes[-PATTERN_WINDOW:]),
        track.fired,
        track.gauges,
    )


def _memory(track: Track, usable: int) -> tuple[Row, ...]:
    reach = min(MEMORY, usable - features.BARS)
    rows = [track.row(back) for back in range(reach, 0, -1)]
    return tuple([row for row in rows if row is not None])
