"""When the lineup changes elsewhere, the evidence goes on but the new lineup must show it too."""

import random

import pytest

from kingmaker.promotion.said import ChallengerHeld
from kingmaker.shadow.domain import Side
from tests.scenarios.courtroom import Pair, Verdict, try_challenger

SD = 0.01  # of a pair
EDGE, PAIRS_AFTER = 0.30, 700


def pairs(seed: int, *stretches: tuple[int, float]) -> list[Pair]:
    """Return correlated normal pairs; each stretch is a count and the challenger's edge in SD."""
    rng = random.Random(seed)  # noqa: S311 - a world to judge in, not a secret
    made = []
    for count, edge in stretches:
        for _ in range(count):
            a, b = rng.gauss(0.05, 1.0), rng.gauss(0.0, 1.0)
            x = 0.05 + edge + 0.6 * (a - 0.05) + 0.8 * b
            made.append((side(SD * a), side(SD * x)))
    return made


def side(net: float) -> Side:
    """Return one trade."""
    return Side(net, 1, int(net > 0.0))


def last_held(verdict: Verdict) -> ChallengerHeld:
    """Return the last verdict that did not crown."""
    return [event for event in verdict.said if isinstance(event, ChallengerHeld)][-1]


@pytest.mark.parametrize("seed", range(6))
def test_an_edge_that_is_there_on_both_lineups_is_crowned(seed: int) -> None:
    verdict = try_challenger(pairs(seed, (1_500, EDGE)), crowns_elsewhere=(100, 160))
    assert verdict.crowned
    assert verdict.crowned.segment == 3
    assert verdict.crowned.pairs >= 160 + 50  # enough of the present segment
    assert verdict.crowned.log_evidence_of_segment < verdict.crowned.log_evidence


@pytest.mark.parametrize("seed", range(6))
def test_an_edge_that_the_new_lineup_took_away_is_not_crowned(seed: int) -> None:
    """Before the change the evidence suffices; it is the present lineup that must show it."""
    world = pairs(seed, (200, 0.25), (PAIRS_AFTER, 0.0))
    verdict = try_challenger(world, crowns_elsewhere=(200,))
    if verdict.crowned is None:  # otherwise it was crowned before the change: rightly
        assert "evidence_on_this_lineup" in last_held(verdict).held_by
    else:
        assert verdict.crowned.segment == 1


def test_some_of_these_worlds_do_change_before_the_crown() -> None:
    changed = [
        try_challenger(pairs(seed, (200, 0.25), (10, 0.0)), crowns_elsewhere=(200,)).crowned
        for seed in range(6)
    ]
    assert changed.count(None) >= 3


def test_the_evidence_goes_on_over_a_change() -> None:
    world = pairs(3, (240, 0.15))
    straight = try_challenger(world).evidence
    changed = try_challenger(world, crowns_elsewhere=(123,)).evidence
    assert straight
    assert changed
    assert changed.log_evidence == straight.log_evidence
    assert (changed.segment, changed.champion.pairs) == (2, 240 - 123)
    assert changed.log_evidence_of_segment != changed.log_evidence


def test_two_changes_inside_one_block_are_two_segments_and_one_beginning() -> None:
    """Described from the second change on; proven from where their block ended."""
    world = pairs(3, (240, 0.15))
    twice = try_challenger(world, crowns_elsewhere=(121, 123)).evidence
    once = try_challenger(world, crowns_elsewhere=(121,)).evidence
    assert twice
    assert once
    assert (twice.segment, twice.champion.pairs) == (3, 240 - 123)
    assert (once.segment, once.champion.pairs) == (2, 240 - 121)
    assert twice.log_evidence == once.log_evidence
    assert twice.log_evidence_of_segment == once.log_evidence_of_segment
    assert twice.difference_squares < once.difference_squares
