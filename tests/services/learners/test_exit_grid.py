"""The twin of the exit simulator: the same doubles and reasons as the plain one, on any path."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kingmaker.learners import exit_grid
from kingmaker.learners.exit_grid import LASTS, REASONS, Grid
from kingmaker.learners.paths import Paths
from kingmaker.market import exits
from kingmaker.market.exits import Leg, Terms
from tests.services.learners.trades import HOUR_MS, Bar, Given, Trade, trades
from tests.services.learners.worlds import HELD, experience, falling_back, random_walk

GRID = Grid((0.0, 0.5, 1.0), (0.0, 0.4, 1.0), (1, 3, 6))
ONE = trades(1)[0]
# A coarse ladder of prices, so that levels are hit exactly, too; and steps of any size.
STEP = st.one_of(st.integers(-4, 4).map(lambda n: n * 0.25), st.floats(-1.5, 1.5))
BAR = st.tuples(STEP, STEP, st.floats(0.0, 0.6), st.floats(0.0, 0.6), st.sampled_from((1, 1, 1, 3)))


@st.composite
def markets(draw: st.DrawFn) -> Given:
    """Return one trade and its bars, some of them after a hole."""
    rows = [Bar("BTC", 0, 100.0, open=100.0, high=100.0, low=100.0)]
    open_ms = HOUR_MS
    for gap, body, up, down, wide in draw(st.lists(BAR, min_size=6, max_size=6)):
        opened = 100.0 + gap if len(rows) > 1 else 100.0
        closed = 100.0 + body
        high, low = max(opened, closed) + up, min(opened, closed) - down
        rows.append(Bar("BTC", open_ms, closed, open=opened, high=high, low=low))
        open_ms += wide * HOUR_MS
    trade = replace(
        ONE,
        decided_ms=HOUR_MS,
        time_ms=open_ms,
        direction=draw(st.sampled_from((1, -1))),
        risk=draw(st.sampled_from((0.005, 0.01))),
        target_distance=draw(st.sampled_from((0.01, 0.015))),
        price_tolerance=draw(st.sampled_from((0.0, 0.001))),
        max_age_ms=draw(st.sampled_from((2, 72))) * HOUR_MS,
    )
    return Given([trade], rows)


def plain(trade: Trade, world: Given, point: tuple[float, float, int]) -> exits.Result | None:
    """Return what the simulator of the product says."""
    terms = Terms(trade.fee, trade.impact, trade.price_tolerance, trade.max_age_ms)
    leg = Leg(
        trade.decided_ms,
        trade.interval_ms,
        trade.direction,
        trade.risk,
        trade.target_distance,
        *point,
    )
    return exits.outcome(leg, terms, [bar for bar in world.market if bar.open_ms >= HOUR_MS])


@settings(max_examples=150, deadline=None)
@given(markets())
def test_every_point_ends_as_the_plain_simulator_says_bit_for_bit(world: Given) -> None:
    [trade] = world.closed
    assert isinstance(trade, Trade)
    batch = experience(world)
    found = exit_grid.outcomes(batch, Paths.of(batch, 6), GRID)
    for place, point in enumerate(GRID.points):
        result = plain(trade, world, point)
        reason = REASONS[found.reason[0, place]]
        if result is None:
            assert (reason, np.isnan(found.net[0, place])) == ("", True)
        else:
            assert (reason, float(found.net[0, place]).hex()) == (result.reason, result.net.hex())


def test_a_trade_whose_bars_end_before_it_does_lasts_still() -> None:
    batch = experience(random_walk(3))
    found = exit_grid.outcomes(batch, Paths.of(batch, 2), Grid((0.0,), (0.0,), (HELD,)))
    assert (found.reason == LASTS).all()
    assert np.isnan(found.net).all()


def test_more_trades_than_are_walked_at_once_end_as_each_alone() -> None:
    batch = experience(falling_back(exit_grid.CHUNK + 3))
    paths = Paths.of(batch, HELD)
    together = exit_grid.outcomes(batch, paths, GRID)
    last = slice(len(batch) - 2, len(batch))
    alone = exit_grid.outcomes(batch[last], paths[last], GRID)
    assert together.net[last].tobytes() == alone.net.tobytes()


def test_no_trades_end_nowhere() -> None:
    batch = experience(random_walk(1))[:0]
    found = exit_grid.outcomes(batch, Paths.of(batch, HELD), GRID)
    assert found.net.shape == (0, len(GRID.points))
