"""Nulls on real trades: the champion's own, resized at random, are never worth a crown."""

import random
from collections import defaultdict
from collections.abc import Callable

import pytest

from kingmaker.shadow.domain import Side
from tests.scenarios.courtroom import Pair, Verdict, try_challenger
from tests.scenarios.playing import Stage

SEEDS = range(20)
DESKS = range(3)  # btc-1h, perps-5m, eurusd-1h
NULL_SIZES = (0.5, 1.5)
PAIRS_MIN = 100  # fewer would prove nothing

type Trades = list[list[float]]  # net returns, a list a decision bucket


@pytest.fixture(scope="session")
def trades_of(demo: Stage) -> dict[int, Trades]:
    """Return what the champions of each desk traded in the demo, by decision bucket, in order."""
    return {desk: trades(demo, desk) for desk in DESKS}


def trades(demo: Stage, desk: int) -> Trades:
    buckets: dict[int, list[float]] = defaultdict(list)
    for resolved in demo.events("trader", desk, "OpportunityResolved"):
        champion = resolved.outcomes[0]
        assert champion.branch == "champion"
        if champion.taken:
            buckets[resolved.bucket].append(champion.net)
    return [buckets[bucket] for bucket in sorted(buckets)]


def side(returns: list[float]) -> Side:
    return Side(sum(returns, 0.0), len(returns), sum(net > 0.0 for net in returns))


def try_null(recorded: Trades, seed: int) -> Verdict:
    """Try the champion's trades, resized by dice."""
    rng = random.Random(seed)  # noqa: S311 - a world to judge in, not a secret
    pairs: list[Pair] = [
        (side(returns), side([rng.choice(NULL_SIZES) * net for net in returns]))
        for returns in recorded
    ]
    return try_challenger(pairs)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("desk", DESKS)
def test_the_champions_trades_resized_at_random_are_not_crowned(
    trades_of: dict[int, Trades],
    desk: int,
    seed: int,
    record_property: Callable[[str, object], None],
) -> None:
    recorded = trades_of[desk]
    verdict = try_null(recorded, seed)
    assert verdict.crowned is None
    assert verdict.evidence
    assert verdict.evidence.pairs == len(recorded) > PAIRS_MIN
    record_property("highest ln E", verdict.evidence.log_evidence_max)


def test_the_same_court_crowns_who_leaves_the_losers_alone(
    trades_of: dict[int, Trades],
) -> None:
    """Who knew the recorded losers would win here: so a refusal is not for want of judging."""
    recorded = trades_of[0]
    pairs = [(side(returns), side([net for net in returns if net > 0.0])) for returns in recorded]
    assert try_challenger(pairs).crowned
