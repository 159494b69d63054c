"""A person's file is used as it is meant, or one paragraph says what is wrong with it."""

from pathlib import Path

import numpy as np
import pytest

from kingmaker.trader.checks.own_file import (
    OwnFileError,
    features_of,
    of_rule,
    strategy_of,
    true_ranges,
)
from kingmaker.trader.window import ARMS, Track
from tests.services.trader.checks.test_lookahead import walk

RULE = """
from kingmaker.trader.strategies import Strategy

STRATEGY = Strategy("S99", 1.0, 2.0, lambda gauges: gauges.channel, lambda gauges: "broke out")
"""


def written(folder: Path, text: str, name: str = "mine.py") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1", "defines neither signals"),
        ("import nowhere_at_all", "does not load: ModuleNotFoundError"),
        ("def signals(bars): return [2] * len(bars)", "returned 2; give 1, -1 or 0"),
        ("def signals(bars): return [1]", r"has the shape \(1,\) for 130 bars"),
        ("def signals(bars): return ['up'] * len(bars)", "no column of numbers"),
        ("def signals(bars): return 1 / 0", "failed on the first 130 bars of BTCUSDT"),
        ("STOP_ATR = -1\ndef signals(bars): return [0] * len(bars)", "STOP_ATR is -1"),
        ("def signals(bars): return [float('nan')] * len(bars)", "returned nan"),
    ],
)
def test_a_strategy_that_is_none_is_told_so(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(OwnFileError, match=words):
        strategy_of(written(tmp_path, text)).signals(walk())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1", "defines no features"),
        ("def features(bars): return [1.0]", "returned no dict"),
        ("def features(bars): return {'a': [1.0]}", "a has the shape"),
    ],
)
def test_features_that_are_none_are_told_so(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(OwnFileError, match=words):
        features_of(written(tmp_path, text))(walk())


def test_a_file_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(OwnFileError, match="there is no such Python file"):
        strategy_of(tmp_path / "absent.py")


def test_a_file_of_signals_is_a_strategy_named_like_it(tmp_path: Path) -> None:
    text = "TARGET_ATR = 3\ndef signals(bars): return [1] * len(bars)"
    own = strategy_of(written(tmp_path, text, "always.py"))
    assert (own.name, own.stop_atr, own.target_atr) == ("always", 1.5, 3.0)
    assert own.signals(walk(7)).tolist() == [1.0] * 7


def test_a_file_like_those_of_the_trader_is_a_strategy(tmp_path: Path) -> None:
    own = strategy_of(written(tmp_path, RULE))
    assert (own.name, own.stop_atr, own.target_atr) == ("S99", 1.0, 2.0)
    assert set(own.signals(walk(200)).tolist()) == {-1.0, 0.0, 1.0}


def test_a_rule_wants_on_columns_what_it_wants_in_the_traders_window() -> None:
    bars = walk(90)
    track, wanted = Track(bars.interval_ms), []
    for place in range(len(bars)):
        track.append(bars.bar(place), place)
        wanted.append(track.wants_at())
    for number, arm in enumerate(ARMS):
        own = of_rule(arm, arm.name).signals(bars)
        expected = [0.0 if wants is None else float(wants[number]) for wants in wanted]
        assert own.tolist() == expected


def test_true_ranges_are_those_of_the_traders_window() -> None:
    bars = walk(30)
    track = Track(bars.interval_ms)
    for place in range(len(bars)):
        track.append(bars.bar(place), place)
    assert np.array_equal(true_ranges(bars), track.ranges)
