"""What would have become of trades with other exits: every point of a grid, all trades at once.

A twin of `kingmaker.market.exits.outcome` in arrays, held to it bit for bit by a property test:
the same operations in the same order, so the same doubles. The path of a stop does not depend on
the time limit: it is walked once for all limits, and each takes what came first.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kingmaker.learners.experience import Experience
from kingmaker.learners.paths import Paths
from kingmaker.market import exits

CHUNK = 512  # trades walked at once: what they need stays in the processor's cache
REASONS = (
    exits.TARGET,
    exits.STOP,
    exits.BREAKEVEN,
    exits.TRAILED,
    exits.TIME,
    exits.EXPIRED,
    "",  # lasts still
)
TARGET, STOP, BREAKEVEN, TRAILED, TIME, EXPIRED, LASTS = range(len(REASONS))
NEVER = 1 << 30  # in place of a bar's number

type Floats = NDArray[np.float64]
type Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Grid:
    """Every combination of these; 0 R never acts, and a limit is in bars."""

    breakevens_r: tuple[float, ...]
    trails_r: tuple[float, ...]
    times: tuple[int, ...]

    @property
    def points(self) -> tuple[tuple[float, float, int], ...]:
        """The combinations (breakeven, trail, time), the last the fastest."""
        return tuple(
            (breakeven, trail, time)
            for breakeven in self.breakevens_r
            for trail in self.trails_r
            for time in self.times
        )


@dataclass(frozen=True, slots=True)
class Ends:
    """How each of N trades ended at each of G points of a grid."""

    net: Floats  # [N, G]; NaN where it lasts still
    reason: Codes  # [N, G]: places in REASONS


def outcomes(batch: Experience, paths: Paths, grid: Grid) -> Ends:
    """Return what would have become of the trades; `paths` as long as the longest time shows all.

    A trade whose path ends before it does lasts still.
    """
    parts = [
        _walk(batch[slice(at, at + CHUNK)], paths[slice(at, at + CHUNK)], grid)
        for at in range(0, len(batch), CHUNK)
    ]
    if not parts:
        empty = (0, len(grid.points))
        return Ends(np.zeros(empty), np.zeros(empty, np.int64))
    return Ends(
        np.concatenate([part.net for part in parts]),
        np.concatenate([part.reason for part in parts]),
    )


class _Walk:
    """Trades under way, whatever their time limit: [n, 1] what bars decide, [n, K] by stop rule."""

    def __init__(self, batch: Experience, paths: Paths, grid: Grid) -> None:
        rules = [(b, t) for b in grid.breakevens_r for t in grid.trails_r]
        self.breakeven = np.array([[b for b, _ in rules]])
        self.trail = np.array([[t for _, t in rules]])
        self.side = batch.direction.astype(np.float64)[:, None]
        self.entry = paths.open[:, :1]
        self.distance = batch.risk[:, None]
        self.tolerance = batch.tolerance[:, None]
        stop = self.entry - self.side * self.distance * self.entry
        self.target = self.entry + self.side * batch.target[:, None] * self.entry
        self.near_target = self._near(self.target)
        shape = (len(batch), len(rules))
        self.stop = np.tile(stop, (1, len(rules)))
        self.stop_reason = np.full(shape, STOP)
        self.best_r = np.zeros((len(batch), 1))
        self.entry_ms = batch.decided_ms[:, None]
        self.age_ms = batch.max_age_ms[:, None]
        self.left_at = np.full(shape, NEVER)  # number of the bar
        self.quoted = np.zeros(shape)
        self.reason = np.full(shape, LASTS)

    def leave(self, bar: int, where: NDArray[np.bool_], quoted: Floats, reason: Codes) -> None:
        """End at a bar what still lasts and is meant; all arrays broadcast to [n, K]."""
        ends = where & (self.left_at == NEVER)
        np.copyto(self.left_at, bar, where=ends)
        np.copyto(self.quoted, quoted, where=ends)
        np.copyto(self.reason, reason, where=ends)

    def hit(self, bar: int, opened: Floats, adverse: Floats, favourable: Floats) -> None:
        """End what the bar brings to its stop or its target, the stop first."""
        side, stop = self.side, self.stop
        beyond = side * (adverse - stop)
        gapped = side * (opened - stop) <= 0.0
        stopped = gapped | (beyond <= self._near(stop))
        at_stop = np.where(gapped, opened, np.where(beyond <= 0.0, stop, adverse))
        over = side * (favourable - self.target)
        reached = over >= -self.near_target
        at_target = np.where(over >= 0.0, self.target, favourable)
        quoted = np.where(stopped, at_stop, at_target)
        reason = np.where(stopped, self.stop_reason, TARGET)
        self.leave(bar, stopped | reached, quoted, reason)

    def follow(self, favourable: Floats) -> None:
        """Note the best so far and move the stops, from the next bar on."""
        risk = self.distance * self.entry
        self.best_r = np.maximum(self.best_r, self.side * (favourable - self.entry) / risk)
        acts = (self.breakeven > 0.0) & (self.breakeven <= self.best_r)
        self._tighten(acts, self.entry, BREAKEVEN)
        acts = (self.trail > 0.0) & (self.trail <= self.best_r)
        behind = self.entry + self.side * (self.best_r - self.trail) * risk
        self._tighten(acts, behind, TRAILED)

    def in_hole(self, bar: int, opened: Floats, open_ms: Codes, where: NDArray[np.bool_]) -> None:
        """End all trades that a hole met, at the first price after it."""
        stopped = self.side * (opened - self.stop) <= 0.0
        reached = self.side * (opened - self.target) >= 0.0
        late = np.where(reached, TARGET, self.timely(open_ms))
        reason = np.where(stopped, self.stop_reason, late)
        self.leave(bar, where, opened, reason)

    def timely(self, now_ms: Codes) -> Codes:
        """Return why what neither stop nor target ended is over."""
        return np.where(now_ms - self.entry_ms >= self.age_ms, EXPIRED, TIME)

    def _near(self, level: Floats) -> Floats:
        near: Floats = np.minimum(self.tolerance * level, exits.NEAR * np.abs(self.entry - level))
        return near

    def _tighten(self, acts: NDArray[np.bool_], stop: Floats, reason: int) -> None:
        tighter = acts & (self.side * (stop - self.stop) > 0.0)
        self.stop = np.where(tighter, stop, self.stop)
        self.stop_reason = np.where(tighter, reason, self.stop_reason)


def _walk(batch: Experience, paths: Paths, grid: Grid) -> Ends:
    walk = _Walk(batch, paths, grid)
    closes_ms = paths.open_ms + batch.interval_ms[:, None]
    expected_ms = np.concatenate([batch.decided_ms[:, None], closes_ms[:, :-1]], axis=1)
    is_hole = paths.open_ms != expected_ms
    is_long = batch.direction[:, None] > 0
    favourable = np.where(is_long, paths.high, paths.low)
    adverse = np.where(is_long, paths.low, paths.high)
    for bar in range(paths.open.shape[1]):
        here = slice(bar, bar + 1)
        opened = paths.open[:, here]
        if is_hole[:, bar].any():
            walk.in_hole(bar, opened, paths.open_ms[:, here], is_hole[:, here])
        walk.hit(bar, opened, adverse[:, here], favourable[:, here])
        walk.follow(favourable[:, here])
        if (walk.left_at != NEVER).all():
            break
    return _limited(batch, paths, grid, walk)


def _limited(batch: Experience, paths: Paths, grid: Grid, walk: _Walk) -> Ends:
    """Return what came first at each point: what ended the path, or the end of its time."""
    times = np.array(grid.times, np.int64)[None, :] * batch.interval_ms[:, None]
    ends_ms = walk.entry_ms + np.minimum(times, walk.age_ms)  # [n, T]
    closes_ms = paths.open_ms + batch.interval_ms[:, None]
    over = closes_ms[:, None, :] >= ends_ms[:, :, None]
    limit = over.argmax(axis=2)
    each = np.arange(len(batch))[:, None]
    closed, reason = paths.close[each, limit], walk.timely(closes_ms[each, limit])
    is_limited = over.any(axis=2)
    limit = np.where(is_limited, limit, NEVER)
    sooner = walk.left_at[:, :, None] <= limit[:, None, :]
    closed = np.where(is_limited, closed, np.nan)
    reason = np.where(is_limited, reason, LASTS)
    count = len(batch)
    left = np.where(walk.left_at == NEVER, np.nan, walk.quoted)
    quoted = np.where(sooner, left[:, :, None], closed[:, None, :]).reshape(count, -1)
    reasons = np.where(sooner, walk.reason[:, :, None], reason[:, None, :]).reshape(count, -1)
    return Ends(_net(batch, walk.entry, quoted), reasons)


def _net(batch: Experience, entry: Floats, quoted: Floats) -> Floats:
    """Return the net returns, both sides filled against us and paid for."""
    side = batch.direction.astype(np.float64)[:, None]
    impact, fee = batch.impact[:, None], batch.fee[:, None]
    ratio = quoted * (1.0 - side * impact) / (entry * (1.0 + side * impact))
    net: Floats = side * (ratio - 1.0) - fee * (1.0 + ratio)
    return net
