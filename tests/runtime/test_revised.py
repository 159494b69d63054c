"""Lessons and rebalances, as people read them."""

from types import SimpleNamespace
from typing import Any

import pytest

from kingmaker.runtime import revised


def event(**fields: object) -> Any:  # noqa: ANN401 - a ModelRevised of any kind
    known = {"branch": "champion", "learner": "t-0001", "strategy": "S2", "revision": 7}
    return SimpleNamespace(**{"label": 0.0831, "row": (), "hour_ms": 0} | known | fields)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"slot": "neural_ucb@oak"}, "Updated S2: reward=0.083; neural_ucb revision 7"),
        ({"slot": "online_learning@oak"}, "Updated S2: won=0.083; online_learning revision 7"),
        ({"slot": "model_ensemble@oak"}, "Updated S2: reward=0.083; model_ensemble revision 7"),
        (
            {"slot": "pattern_recognition@oak", "row": (17.0,)},
            "Updated S2: return=0.083; pattern_recognition revision 7, pattern 17",
        ),
        (
            {"slot": "model_ensemble@oak", "row": (0.0, 0.0, 0.5, 0.3, 0.2), "hour_ms": 3_600_000},
            "Rebalanced: pattern 0.500, online 0.300, s15 0.200; model_ensemble revision 7",
        ),
    ],
)
def test_a_revision_says_what_was_taught_or_what_the_hour_made_of_it(
    fields: dict[str, Any], told: str
) -> None:
    assert ": ".join(revised.told(event(**fields))) == told


def test_who_learned_beside_the_champion_is_named() -> None:
    _, text = revised.told(event(slot="neural_ucb@oak", branch="t-0001@oak"))
    assert text.endswith("revision 7 (t-0001)")
