"""Nine heads: who agrees, how surely, and whether that is enough."""

from typing import Any

import pytest

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.trader import strategies, votes
from kingmaker.trader.said import Vote
from kingmaker.trader.thought import Side, Thought

EVEN = dict.fromkeys(COMPONENTS, 1.0 / 9.0)
FADE, BREAKOUT, *_ = strategies.discover()
TARGET = 0.01


def ignorant(**known: Any) -> Thought:  # noqa: ANN401 - any field of a thought
    """Return what the bootstrap makes of a long fade, but for what is known."""
    fields: dict[str, Any] = {"directions": (1, 1, 0, 0, 0), "arm": 0, "size": 2, "p_size": 1.0}
    return Thought(Side("", {}), **(fields | known))


def vote(component: str, **known: Any) -> tuple[bool, float]:  # noqa: ANN401 - see ignorant
    """Return one head's vote."""
    cast = votes.cast(ignorant(**known), FADE, TARGET)
    return next((v.agrees, v.confidence) for v in cast if v.component == component)


def test_nine_heads_vote_in_order() -> None:
    cast = votes.cast(ignorant(), FADE, TARGET)
    assert tuple(vote.component for vote in cast) == COMPONENTS


def test_who_knows_nothing_abstains() -> None:
    silent = [v.component for v in votes.cast(ignorant(), FADE, TARGET) if not v.confidence]
    assert set(silent) == set(COMPONENTS) - {"cvar_ppo", "slippage_latency"}


@pytest.mark.parametrize(
    ("component", "known", "agrees", "confidence"),
    [
        ("cvar_ppo", {"size": 2, "p_size": 0.9}, True, 0.9),
        ("cvar_ppo", {"size": 0, "p_size": 0.1}, False, 0.9),
        ("neural_ucb", {"margin": 1.0}, True, 0.5),
        ("regime_detector", {"regime": (0.0, 0.0, 1.0)}, False, 0.0),
        ("model_ensemble", {"score": 0.3}, True, 0.3),
        ("model_ensemble", {"score": -3.0}, False, 1.0),
        ("online_learning", {"p_win": 0.75}, True, 0.5),
        ("online_learning", {"p_win": 0.25}, False, 0.5),
        ("slippage_latency", {"cost_bp": 5.0}, True, 0.9),
        ("slippage_latency", {"cost_bp": 75.0}, False, 0.5),
        ("s15_rl_policy", {"learned": (1, 0.6, 0.0)}, True, 0.6),
        ("s15_rl_policy", {"learned": (-1, 0.6, 0.0)}, False, 0.6),
        ("pattern_recognition", {"pattern": 0.005}, True, 0.5),
        ("pattern_recognition", {"pattern": -0.02}, False, 1.0),
        ("pm_optimizer", {"p_win": 0.6}, True, 0.2),
        ("pm_optimizer", {"p_win": 0.4}, False, 0.2),
    ],
)
def test_a_head_says_what_its_model_knows(
    component: str,
    known: dict[str, Any],
    agrees: bool,  # noqa: FBT001 - a column of the table
    confidence: float,
) -> None:
    said, surely = vote(component, **known)
    assert said == agrees
    assert surely == pytest.approx(confidence)


def test_opinions_are_about_the_direction_of_the_signal() -> None:
    short = {"directions": (-1, 0, 0, 0, 0)}
    assert vote("pattern_recognition", pattern=0.005, **short) == (False, 0.5)
    assert vote("s15_rl_policy", learned=(-1, 0.6, 0.0), **short) == (True, 0.6)


def test_a_far_target_pays_for_more_losers() -> None:
    cast = votes.cast(ignorant(arm=1, p_win=0.45), BREAKOUT, TARGET)
    assert {v.component: v.agrees for v in cast}["pm_optimizer"]


def test_the_consensus_is_the_share_of_agreeing_confidence() -> None:
    cast = [
        Vote("cvar_ppo", agrees=True, confidence=0.6),
        Vote("neural_ucb", agrees=True, confidence=0.1),
        Vote("online_learning", agrees=False, confidence=0.3),
        Vote("regime_detector", agrees=False, confidence=0.0),
    ]
    assert votes.consensus(cast, EVEN) == pytest.approx(0.7)
    doubled = EVEN | {"online_learning": 2.0 / 9.0}
    assert votes.consensus(cast, doubled) == pytest.approx(0.7 / 1.3)


def test_a_vote_that_all_abstain_from_passes() -> None:
    assert votes.consensus([Vote("cvar_ppo", agrees=False, confidence=0.0)], EVEN) == 1.0
