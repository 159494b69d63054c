"""Every feature belongs to one family."""

from kingmaker.learners import indicators
from kingmaker.market import features


def test_the_families_are_all_features_once() -> None:
    named = [name for names in indicators.FAMILIES.values() for name in names]
    assert sorted(named) == sorted(features.NAMES)


def test_a_family_that_is_left_out_is_hidden() -> None:
    hidden = indicators.hidden({"without_volume": 1.0, "without_candle": 0.0})
    assert [features.NAMES[place] for place in hidden] == ["volume", "volume_6"]
