"""The bars of trades: which they were decided on, which followed, and which are missing."""

from dataclasses import replace

import numpy as np
import pytest

from kingmaker.learners import paths
from kingmaker.learners.experience import UnfitDataError
from kingmaker.learners.paths import Paths
from tests.services.learners.trades import HOUR_MS, Given
from tests.services.learners.worlds import EVERY, HELD, experience, falling_back


def test_a_trade_whose_bars_are_missing_is_named_by_symbol_and_time() -> None:
    world = falling_back(4)
    holed = Given(world.closed, [*world.market[: EVERY + 1], *world.market[EVERY + 2 :]])
    with pytest.raises(UnfitDataError, match=f"BTC: .* trade of {(EVERY + 1) * HOUR_MS} was ente"):
        paths.entered_at(experience(holed))
    elsewhere = Given([replace(world.closed[0], symbol="ELM")], world.market)  # type: ignore[type-var] # a Trade
    with pytest.raises(UnfitDataError, match=r"a symbol without bars \(there are BTC\)"):
        paths.decided_at(experience(elsewhere))


def test_a_trade_is_decided_at_one_bar_and_entered_at_the_next() -> None:
    batch = experience(falling_back(5))
    assert paths.decided_at(batch).tolist() == [number * EVERY for number in range(5)]
    assert (paths.entered_at(batch) - paths.decided_at(batch) == 1).all()


def test_a_path_begins_at_the_entry() -> None:
    batch = experience(falling_back(5))
    path = Paths.of(batch, HELD)
    assert (path.open_ms[:, 0] == batch.decided_ms).all()
    assert (np.diff(path.open_ms, axis=1) == HOUR_MS).all()
    assert (path.high >= path.low).all()


def test_two_symbols_have_paths_of_their_own() -> None:
    world = falling_back(2)
    others = [replace(bar, symbol="ELM", open=7.0) for bar in world.market]  # type: ignore[type-var] # a Bar
    closed = [world.closed[0], replace(world.closed[1], symbol="ELM")]  # type: ignore[type-var] # a Trade
    path = Paths.of(experience(Given(closed, [*world.market, *others])), HELD)
    assert (path.open[1] == 7.0).all()
    assert (path.open[0] != 7.0).all()


def test_a_trade_is_whole_where_its_bars_are_there_however_soon_it_ended() -> None:
    world = falling_back(5)
    batch = experience(Given(world.closed, world.market[:-3]))
    assert paths.whole(batch, HELD).tolist() == [True] * 4 + [False]
    assert paths.whole(batch, HELD - 3).all()


def test_the_longest_trade_says_how_long_one_may_last() -> None:
    batch = experience(falling_back(5))
    assert paths.longest(batch) == HELD
    quick = replace(batch, resolved_ms=batch.decided_ms + 2 * HOUR_MS)
    assert paths.longest(quick) == 2


def test_records_of_the_first_release_do_not_tell_their_terms() -> None:
    batch = experience(falling_back(5))
    old = replace(batch, interval_ms=np.where(np.arange(5) < 2, 0, batch.interval_ms))
    assert len(paths.told(old)) == 3
