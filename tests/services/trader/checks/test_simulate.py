"""A strategy by itself trades what the trader would: the same signals, exits and costs."""

import numpy as np
import pytest

from kingmaker.market import exits
from kingmaker.runtime import checking
from kingmaker.trader.checks.columns import Columns
from kingmaker.trader.checks.own_file import OwnStrategy, of_rule
from kingmaker.trader.checks.simulate import began, simulate, usable
from kingmaker.trader.policy import Policy
from kingmaker.trader.window import ARMS, BARS_MIN, Window
from tests.services.trader.checks.test_lookahead import HOUR_MS, walk


def always(direction: float, since: int) -> OwnStrategy:
    def compute(bars: Columns) -> dict[str, np.ndarray]:
        return {"always": np.where(np.arange(len(bars)) >= since, direction, 0.0)}

    return OwnStrategy("always", 1.5, 2.25, compute)


def test_signals_begin_where_the_traders_opportunities_do() -> None:
    [one, *_] = checking.series_of(checking.desks_to_check(()), 1_000)
    bars, policy, window = Columns.of(*one), Policy(), Window()
    found = {}
    for place in range(len(bars)):
        bar = bars.bar(place)
        window.take(bar)
        if scene := window.opening(policy, bar):
            found[place] = scene.directions
    signals = [of_rule(arm, arm.name).signals(bars) for arm in ARMS]
    fired = np.array([began(one, usable(bars, policy)) for one in signals])
    places = np.flatnonzero(fired.any(axis=0)).tolist()
    assert places == list(found)
    assert all(tuple(fired[:, place]) == found[place] for place in places)


def test_a_signal_is_traded_once_at_the_next_open_and_pays_its_costs() -> None:
    bars = walk(130)
    [trade] = simulate(always(1.0, 100), bars, Policy())
    assert (trade.symbol, trade.direction) == ("BTCUSDT", 1)
    assert trade.decided_ms == 101 * HOUR_MS
    assert trade.exit_ms > trade.decided_ms
    [free] = simulate(always(1.0, 100), bars, Policy(0.0, 0.0, 0.0))
    assert trade.net < free.net
    assert trade.reason in {exits.TARGET, exits.STOP, exits.BREAKEVEN, exits.TIME}


def test_before_a_whole_window_and_behind_a_hole_nothing_is_traded() -> None:
    bars = walk(130)
    assert not simulate(always(1.0, BARS_MIN - 2), bars, Policy())
    opens = bars.open_ms.copy()
    opens[50:] += 20 * HOUR_MS
    numbers = np.stack([bars.open, bars.high, bars.low, bars.close, bars.volume]).T.ravel()
    holed = Columns.of("BTCUSDT", HOUR_MS, opens.tolist(), numbers.tolist())
    assert not simulate(always(1.0, 100), holed, Policy())
    assert usable(holed, Policy()).tolist()[48:52] == [49, 50, 1, 2]


def test_a_trade_that_the_data_end_before_is_left_out() -> None:
    assert not simulate(always(1.0, 129), walk(130), Policy())


@pytest.mark.parametrize("direction", [1.0, -1.0])
def test_one_that_wants_nothing_trades_nothing(direction: float) -> None:
    bars = walk(130)
    assert not simulate(always(0.0, 0), bars, Policy())
    assert len(simulate(always(direction, 110), bars, Policy())) == 1
