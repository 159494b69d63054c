"""Families of indicators that a training may leave out, and how far back it looks: by name."""

from collections.abc import Mapping

from kingmaker.market import features

LOOKBACK = "lookback_share"  # of the trades learned from, the latest
WITHOUT = "without_"  # and a family: 1 where it is not seen
FAMILIES: Mapping[str, tuple[str, ...]] = {
    "returns": ("return_1", "return_3", "return_6", "return_12", "return_24", "return_48"),
    "candle": ("body", "wick_up", "wick_down", "range"),
    "place": ("z_20", "z_48", "place_20", "place_96", "rsi_14", "efficiency_12"),
    "volatility": ("volatility_ratio", "atr_percent", "deviation_20"),
    "volume": ("volume", "volume_6"),
    "calendar": ("hour_sine", "hour_cosine", "weekend"),
}


def hidden(parameters: Mapping[str, float]) -> list[int]:
    """Return the numbers of the features that a training with these parameters does not see."""
    return [
        features.NAMES.index(name)
        for family, names in FAMILIES.items()
        if parameters.get(WITHOUT + family, 0.0) > 0.0
        for name in names
    ]
