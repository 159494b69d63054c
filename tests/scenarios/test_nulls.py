"""Challengers without an edge are not crowned; one with an edge is, through the same court."""

import random

import pytest

from kingmaker.promotion.said import ChallengerHeld
from kingmaker.shadow.domain import Side
from tests.scenarios.courtroom import Pair, try_challenger

SEEDS = range(20)
PAIRS = 1_500
DRIFTS = (-0.05, 0.0, 0.05, 0.1)  # the champion's own edge, in standard deviations of a trade
NULL_SIZES = (0.5, 1.5)


def trades(rng: random.Random, drift: float) -> list[float]:
    """Return the champion's trades in one decision bucket: fat tails, costs included."""
    scale = rng.choice((0.5, 1.0, 1.0, 2.0)) * 0.005
    return [scale * (drift + rng.gauss(0.0, 1.0)) for _ in range(rng.randint(1, 4))]


def side(returns: list[float]) -> Side:
    """Return one side of a pair."""
    return Side(sum(returns, 0.0), len(returns), sum(net > 0.0 for net in returns))


def resized(seed: int) -> list[Pair]:
    """Return a null: the champion's trades with their sizes changed at random."""
    rng = random.Random(seed)  # noqa: S311 - a world to judge in, not a secret
    pairs = []
    for _ in range(PAIRS):
        returns = trades(rng, DRIFTS[seed % len(DRIFTS)])
        pairs.append((side(returns), side([rng.choice(NULL_SIZES) * net for net in returns])))
    return pairs


def filtered(seed: int) -> list[Pair]:
    """Return a challenger that leaves alone two losing trades in five, and one winner in five."""
    rng = random.Random(seed)  # noqa: S311 - a world to judge in, not a secret
    pairs = []
    for _ in range(PAIRS):
        returns = trades(rng, 0.0)
        kept = [net for net in returns if rng.random() >= (0.2 if net > 0.0 else 0.4)]
        pairs.append((side(returns), side(kept)))
    return pairs


@pytest.mark.parametrize("seed", SEEDS)
def test_a_challenger_that_only_trades_other_sizes_is_not_crowned(seed: int) -> None:
    verdict = try_challenger(resized(seed))
    assert verdict.crowned is None
    assert verdict.evidence
    assert verdict.evidence.pairs == PAIRS
    [last, *_] = [event for event in reversed(verdict.said) if isinstance(event, ChallengerHeld)]
    assert "evidence" in last.held_by


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_challenger_that_knows_which_trades_to_leave_alone_is_crowned(seed: int) -> None:
    verdict = try_challenger(filtered(seed))
    assert verdict.crowned
    assert verdict.crowned.how == "promoted"
    assert verdict.evidence
    assert verdict.crowned.pairs_hash == verdict.evidence.pairs_hash
    assert verdict.crowned.log_evidence >= verdict.opened.log_threshold


def test_the_same_pairs_give_the_same_words() -> None:
    assert try_challenger(filtered(1)).said == try_challenger(filtered(1)).said
