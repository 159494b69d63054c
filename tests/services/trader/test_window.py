"""The window: its bits depend on the last bars only, never on when the process started."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from kingmaker.trader import window as windows
from kingmaker.trader.heard import BarClosed, ModelLoaded
from kingmaker.trader.policy import Policy
from kingmaker.trader.scene import Scene
from kingmaker.trader.window import Window, observe
from tests.services.trader.desk import HOUR, walk

POLICY = Policy()


def shown(bars: Sequence[BarClosed]) -> Window:
    """Return a window that saw these bars."""
    window = Window()
    for bar in bars:
        window = observe(window, bar)
    return window


def two_symbols(bars: int) -> list[BarClosed]:
    """Return bars of two symbols, as they come."""
    both = zip(walk(bars), walk(bars, seed=7, symbol="ELM"), strict=True)
    return [bar for pair in both for bar in pair]


def scenes(bars: Sequence[BarClosed]) -> dict[tuple[str, int], Scene]:
    """Return every opportunity of these bars."""
    found, window = {}, Window()
    for bar in bars:
        window = observe(window, bar)
        if scene := window.opening(POLICY, bar):
            found[bar.symbol, bar.open_ms] = scene
    return found


def test_every_prefix_equals_the_whole_bit_for_bit() -> None:
    bars = two_symbols(400)
    whole = scenes(bars)
    assert len(whole) > 40
    for end in range(220, len(bars), 61):
        key = [bar for bar in bars[:end] if (bar.symbol, bar.open_ms) in whole][-1]
        assert scenes(bars[:end])[key.symbol, key.open_ms] == whole[key.symbol, key.open_ms]


@pytest.mark.parametrize("every", [2, 3, 7, 20])
def test_who_asks_seldom_is_told_the_same(every: int) -> None:
    bars = two_symbols(600)
    whole, found, window = scenes(bars), {}, Window()
    for at, bar in enumerate(bars):
        window = observe(window, bar)
        if at % every in {0, 1} and (scene := window.opening(POLICY, bar)):
            found[bar.symbol, bar.open_ms] = scene
    asked = {(bar.symbol, bar.open_ms) for at, bar in enumerate(bars) if at % every in {0, 1}}
    assert found == {key: scene for key, scene in whole.items() if key in asked}
    assert found


@pytest.mark.parametrize("start", [0, 1, 13, 100, 255, 256, 257, 300])
def test_a_window_shown_the_last_bars_again_equals_one_that_ran_all_along(start: int) -> None:
    bars = two_symbols(600)
    whole, late = scenes(bars), scenes(bars[start:])
    safe = bars[start].open_ms + 110 * HOUR  # 97 bars fire, 8 more are remembered
    assert len(late) > 40
    for key, scene in whole.items():
        if key[1] >= safe:
            assert late[key] == scene


def test_bars_beyond_its_reach_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "REACH", 150)
    bars = list(walk(200))
    others = [replace(bar, symbol="ELM") for bar in bars[:60]]
    window = shown([*bars, *others])
    track = window.tracks["ASH"]
    assert len(track.bars) == 200
    assert track.usable(HOUR, window.places) == 90
    assert track.since(0, window.places)[0] == bars[110]


def test_a_long_hole_voids_what_is_before_it_and_a_short_one_does_not() -> None:
    bars = list(walk(200))
    moved = [replace(bar, open_ms=bar.open_ms + 3 * HOUR) for bar in bars[120:]]
    window = shown([*bars[:120], *moved])
    track = window.tracks["ASH"]
    assert track.usable(3 * HOUR, window.places) == 128
    assert track.usable(3 * HOUR - 1, window.places) == 80


def test_no_rule_fires_before_the_window_is_whole_again() -> None:
    bars = list(walk(400))
    moved = [replace(bar, open_ms=bar.open_ms + 4 * HOUR) for bar in bars[150:]]
    keys = [key[1] for key in scenes([*bars[:150], *moved])]
    assert not [key for key in keys if moved[0].open_ms <= key < moved[96].open_ms]
    assert [key for key in keys if key >= moved[96].open_ms]


def test_only_bars_that_go_on_in_time_are_taken() -> None:
    first, second = walk(2)
    window = shown([second, first, second])
    assert window.tracks["ASH"].bars == [second]
    assert observe(window, ModelLoaded("digest")).places == 3


def test_another_interval_is_another_series() -> None:
    first, second = walk(2)
    window = shown([first, replace(second, interval_ms=2 * HOUR)])
    assert len(window.tracks["ASH"].bars) == 1


def test_a_rule_fires_when_it_begins_to_want_and_not_while_it_goes_on() -> None:
    window, held = Window(), 0
    for bar in walk(400):
        track = window.tracks.get("ASH")
        before = track.wants if track else None
        window = observe(window, bar)
        track = window.tracks["ASH"]
        for arm, fired in enumerate(track.see()):
            now = track.wants[arm] if track.wants else 0
            then = before[arm] if before else 0
            assert fired == (now if before and now != then else 0)
            held += now == then != 0
    assert held > 40
