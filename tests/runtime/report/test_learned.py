"""The page of a desk that has nothing yet says so, and shows no text as markup."""

from typing import Any

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.runtime.report.learned import page
from tests.runtime.report.test_page import read

NONE = {"value": None, "n": 0, "low": None, "high": None}
EMPTY: dict[str, Any] = {
    "desk": "<b>oak",
    "performance": {
        "overall": {
            **dict.fromkeys(("signals", "drawdown"), 0),
            **dict.fromkeys(("win_rate", "profit"), NONE),
            **dict.fromkeys(("profit_factor", "sharpe")),
        },
        "heads": [],
        "learning": {"enabled": False, "outcomes": 0, "days": 0.0, "version": 0},
    },
    "reliability": [],
    "weights": {"version": 0, "current": dict.fromkeys(COMPONENTS, 1 / 9), "history": []},
    "equity": {"account": [], "compared": []},
    "excursions": [],
    "reasons": [],
    "improvements": [],
}


def test_what_is_missing_is_said() -> None:
    seen = read(page(EMPTY))
    assert "What <b>oak learned from outcomes" in seen.words
    assert seen.words.count("No trade is closed yet.") == 2
    assert "No version was learned yet" in seen.words
    assert "learning.head_weights is off" in seen.words
    assert "svg" not in seen.seen
