"""The classic rules on the same pairs as the recommended ones: they differ, and say so."""

from collections.abc import Iterator
from random import Random

from kingmaker.promotion import classic
from kingmaker.promotion.said import ChallengerHeld
from kingmaker.shadow.domain import Side
from tests.scenarios.courtroom import Pair, Verdict, try_challenger

NAIVE = {"promotion.p_method": "naive_t"}
SEEDS = range(24)
PAIRS = 600


def null(seed: int) -> Iterator[Pair]:
    """Yield pairs of two models that are equally good."""
    chance = Random(seed)  # noqa: S311 - a world, not a secret
    for _ in range(PAIRS):
        champion, challenger = chance.gauss(0.0005, 0.01), chance.gauss(0.0005, 0.01)
        yield side(champion), side(challenger)


def side(net: float) -> Side:
    """Return a side that took one trade."""
    return Side(net, 1, int(net > 0))


def test_the_t_test_looked_at_after_every_pair_crowns_what_evidence_does_not() -> None:
    naive = [try_challenger(null(seed), policy=NAIVE) for seed in SEEDS]
    sound = [try_challenger(null(seed)) for seed in SEEDS]
    assert not any(verdict.crowned for verdict in sound)
    crowned = [verdict.crowned for verdict in naive if verdict.crowned]
    assert crowned
    for crown in crowned:
        assert crown.notice == classic.NAIVE_T_NOTICE
        found = {finding.gate: finding for finding in crown.findings}
        assert found["naive_t"].passed
        assert found["evidence"].advisory
        assert not found["evidence"].passed


def test_both_stand_on_the_same_evidence_and_differ_in_what_holds() -> None:
    """Until the naive one crowns, every pair is measured with the same bits."""
    seed = next(s for s in SEEDS if try_challenger(null(s), policy=NAIVE).crowned)
    naive, sound = try_challenger(null(seed), policy=NAIVE), try_challenger(null(seed))
    at = naive.crowned.pairs if naive.crowned else 0
    upto = try_challenger(list(null(seed))[:at])
    assert upto.evidence == naive.evidence
    assert held(naive) <= {"naive_t", *OTHERS}
    assert "evidence" in held(sound)
    assert {event.notice for event in sound.said if isinstance(event, ChallengerHeld)} == {""}
    assert {event.notice for event in naive.said if isinstance(event, ChallengerHeld)} == {
        classic.NAIVE_T_NOTICE
    }


OTHERS = {"drawdown", "enough_pairs", "min_taken", "sharpe_improvement", "win_rate"}


def held(verdict: Verdict) -> set[str]:
    """Return every gate that ever held the challenger."""
    events = [event for event in verdict.said if isinstance(event, ChallengerHeld)]
    return {gate for event in events for gate in event.held_by}
