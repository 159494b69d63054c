"""Markets made up with a fixed seed, in which it is known what there is to learn."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kingmaker.learners.bars import by_symbol
from kingmaker.learners.experience import Experience
from kingmaker.market import features
from tests.services.learners.trades import HOUR_MS, Bar, Given, Trade, trades

HELD = 12  # bars a trade may last
EVERY = HELD + 1  # bars from one decision to the next: no two trades share a bar
TICKS = 6  # prices in a bar, its open the first and its close the last
RISK = 0.01
TARGET = 0.015

type Floats = NDArray[np.float64]


def market(closed: Sequence[Trade], moves: Floats, gaps: Floats | None = None) -> Given:
    """Return trades one after another, and the bars that tell what became of them.

    `moves` [N, HELD * TICKS] are prices since the entry in risks, in the trade's direction; `gaps`
    [N], fractions in its direction, lie between the close decided on and the open of the entry.
    """
    gaps = np.zeros(len(closed)) if gaps is None else gaps
    rows, found, price = [], [], 100.0
    for number, (trade, path, gap) in enumerate(zip(closed, moves, gaps, strict=True)):
        first_ms = number * EVERY * HOUR_MS
        rows.append(_bar(first_ms, np.full(TICKS, price)))
        entry = price * (1.0 + trade.direction * gap)
        prices = entry * (1.0 + trade.direction * trade.risk * path).reshape(HELD, TICKS)
        rows += [_bar(first_ms + (bar + 1) * HOUR_MS, prices[bar]) for bar in range(HELD)]
        decided_ms = first_ms + HOUR_MS
        found.append(
            replace(
                trade,
                opportunity=f"BTC-{decided_ms}",
                decided_ms=decided_ms,
                time_ms=decided_ms + HELD * HOUR_MS,
                bucket=number // 2,
            )
        )
        price = float(prices[-1, -1])
    return Given(found, rows)


def decisions(
    bars: Sequence[Bar], every: int, *, held: int = 5, fee: float = 0.0005
) -> list[Trade]:
    """Return a trade every so many bars of a symbol, its features those of the bars.

    It is over `held` bars later, whatever the bars would make of it.
    """
    places = list(range(features.BARS, len(bars) - 20, every))
    [own] = by_symbol(bars)
    rows = own.features(places).tolist()
    made = []
    for trade, place, row in zip(trades(len(places)), places, rows, strict=True):
        at = bars[place]
        decided_ms = at.open_ms + at.interval_ms
        made.append(
            replace(
                trade,
                opportunity=f"{at.symbol}-{decided_ms}",
                decided_ms=decided_ms,
                time_ms=decided_ms + held * at.interval_ms,
                interval_ms=at.interval_ms,
                fee=fee,
                bucket=place // 12,
                setup=[*row, *trade.setup[len(row) :]],
            )
        )
    return made


def experience(given: Given) -> Experience:
    """Return what a learner gets of a market."""
    return Experience.of(given.closed, by_symbol(given.market))


def falling_back(count: int, seed: int = 1) -> Given:
    """Return trades of which more than half come up to 0.85 R and fall back through the stop.

    The others run to the target. Who follows half a risk behind the best price keeps 0.3 R of each
    that falls back, and misses no target: that is the best there is.
    """
    random = np.random.default_rng(seed)
    return market(_closed(count, seed), _falling(count, random))


def two_ways(count: int, seed: int = 1) -> Given:
    """Return trades that fall back as above if their strategy is of the first two.

    Those of the next two come up to 0.8 R, dip to 0.1 R and run to the target: who follows half
    a risk behind misses it.
    """
    random = np.random.default_rng(seed)
    closed = _closed(count, seed)
    dips = np.interp(_SHARES, [0.0, 0.3, 0.6, 1.0], [0.0, 0.8, 0.1, 1.8]) + _noise(count, random)
    falls = np.array([trade.arm < 2 for trade in closed])[:, None]
    return market(closed, np.where(falls, _falling(count, random), dips))


def random_walk(count: int, seed: int = 1) -> Given:
    """Return trades on a fair random walk: no way to leave is better than another."""
    random = np.random.default_rng(seed)
    steps = 0.2 * random.standard_normal((count, HELD * TICKS))
    return market(_closed(count, seed), steps.cumsum(axis=1))


def slipping(count: int, *, skill: float = 1.0, seed: int = 1) -> Given:
    """Return trades whose entry slips by an exponential amount, longer where feature 0 is above 0.

    Its mean is 1 basis point below and 1 + 8 `skill` above.
    """
    random = np.random.default_rng(seed)
    closed = _closed(count, seed)
    high = np.array([trade.setup[0] > 0.0 for trade in closed])
    gaps = 1e-4 * random.exponential(np.where(high, 1.0 + 8.0 * skill, 1.0))
    return market(closed, np.zeros((count, HELD * TICKS)), gaps)


def scored(count: int, *, skill: float = 1.0, seed: int = 1, knows: int = 3) -> list[Trade]:
    """Return trades of which one score tells the reward to expect: `skill` risks a deviation.

    Scores are cloud (never there), pattern, online, s15, each on a scale of its own.
    """
    random = np.random.default_rng(seed)
    scales = np.array([0.0, 0.0, 0.002, 0.5, 1.0])
    found = []
    for trade in _closed(count, seed):
        told = random.standard_normal(len(scales))
        reward = 0.3 * skill * told[knows] + random.standard_normal()
        net = RISK * float(np.clip(reward, -1.0, 1.5))
        found.append(replace(trade, scores=(scales * told).tolist(), signal_net=net))
    return found


_SHARES = np.arange(1, HELD * TICKS + 1) / (HELD * TICKS)  # of the time from entry to the end


def _falling(count: int, random: np.random.Generator) -> Floats:
    falls = np.interp(_SHARES, [0.0, 0.4, 1.0], [0.0, 0.85, -1.6])
    paths = np.where(random.random(count)[:, None] < 0.55, falls, 1.8 * _SHARES)
    return paths + _noise(count, random)


def _noise(count: int, random: np.random.Generator) -> Floats:
    wiggles = 0.02 * random.standard_normal((count, HELD * TICKS))
    noise: Floats = 0.02 * random.standard_normal((count, 1)) + wiggles
    return noise


def _closed(count: int, seed: int) -> list[Trade]:
    return [
        replace(trade, risk=RISK, target_distance=TARGET, price_tolerance=0.0)
        for trade in trades(count, seed=seed)
    ]


def _bar(open_ms: int, prices: Floats) -> Bar:
    high, low = float(prices.max()), float(prices.min())
    return Bar("BTC", open_ms, float(prices[-1]), open=float(prices[0]), high=high, low=low)
