"""What a collector hears of a coronation that evidence earned."""

from collections.abc import Iterable

from tests.runtime.telemetry.collector import Span

LINE = [  # who says what, from the bar to the champion that acts
    ("feed", "BarClosed"),
    ("trader", "PairResolved"),
    ("shadow", "EvidenceMeasured"),
    ("promotion", "ChampionCrowned"),
    ("trader", "ChampionActivated"),
]


def earned(spans: Iterable[Span]) -> list[Span]:
    """Return the activations of champions that a trial crowned."""
    told = list(spans)
    crowns = {
        span.span
        for span in told
        if span.name == "ChampionCrowned" and span.attributes.get("kingmaker.trial")
    }
    return [span for span in told if span.name == "ChampionActivated" and span.parent in crowns]
