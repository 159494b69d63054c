"""Bars as arrays: the trader's own features, and nothing later than may be known."""

import numpy as np
import pytest

from kingmaker.contracts.models import FEATURES, PATTERN_WINDOW
from kingmaker.learners.bars import Bars, by_symbol
from kingmaker.market import features
from kingmaker.trader.heard import BarClosed
from kingmaker.trader.window import Window
from tests.services.learners.trades import HOUR_MS, Bar
from tests.services.trader.desk import walk


@pytest.fixture
def bars() -> list[BarClosed]:
    return list(walk(features.BARS + 10))


def test_features_are_bit_by_bit_what_the_trader_sees(bars: list[BarClosed]) -> None:
    window = Window()
    for bar in bars:
        window.take(bar)
    [track] = window.tracks.values()
    [here] = by_symbol(bars)
    [row] = here.features([len(bars) - 1]).tolist()
    assert tuple(row) == track.row()


def test_a_bar_without_a_whole_window_has_no_features(bars: list[BarClosed]) -> None:
    [here] = by_symbol(bars)
    rows = here.features([features.BARS - 2, features.BARS - 1])
    assert rows.shape == (2, FEATURES)
    assert np.isnan(rows[0]).all()
    assert np.isfinite(rows[1]).all()


def test_closes_end_with_the_bar_that_is_asked_for(bars: list[BarClosed]) -> None:
    [here] = by_symbol(bars)
    rows = here.closes(np.array([PATTERN_WINDOW - 2, PATTERN_WINDOW]), PATTERN_WINDOW)
    assert np.isnan(rows[0]).all()
    assert rows[1].tolist() == [bar.close for bar in bars[1 : PATTERN_WINDOW + 1]]


def test_symbols_stand_in_order_of_their_names_each_with_its_own_bars() -> None:
    ash, birch = by_symbol([Bar("birch", 0, 2.0), Bar("ash", 0, 1.0), Bar("birch", HOUR_MS, 3.0)])
    assert (ash.symbol, ash.close.tolist()) == ("ash", [1.0])
    assert (birch.symbol, birch.close.tolist()) == ("birch", [2.0, 3.0])


def test_what_closes_later_is_not_known_yet(bars: list[BarClosed]) -> None:
    [here] = by_symbol(bars)
    known = here.until(bars[4].close_ms)
    assert known.open_ms.tolist() == [bar.open_ms for bar in bars[:5]]
    assert len(here.until(bars[4].close_ms - 1)) == 4


def test_a_time_at_which_no_bar_closed_has_no_place() -> None:
    here = Bars.of("ash", [Bar("ash", 0, 1.0), Bar("ash", 2 * HOUR_MS, 1.0)])
    asked = np.array([HOUR_MS, 2 * HOUR_MS, 3 * HOUR_MS, 9 * HOUR_MS])
    assert here.places(asked).tolist() == [0, -1, 1, -1]
    assert here.until(0).places(asked).tolist() == [-1, -1, -1, -1]
