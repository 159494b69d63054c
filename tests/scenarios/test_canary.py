"""A champion whose edge turns loses the crown by itself; a market that falls takes none."""

import random
from collections.abc import Callable, Iterator
from itertools import islice

import pytest

from kingmaker.promotion.said import CanaryEnded
from kingmaker.shadow.domain import Side
from tests.scenarios.courtroom import Pair, Verdict, try_challenger
from tests.scenarios.reigning import Reign, reign_after

SEEDS = (1, 2, 3)
SIZE = 0.01  # standard deviation of a pair's return
EDGE = 0.25  # of the challenger in its trial, in standard deviations
TRIAL_PAIRS, SOUND_PAIRS, DECAY_PAIRS = 2_000, 300, 1_000


def world(rng: random.Random, edge: float, fall: float = 0.0) -> Iterator[Pair]:
    """Yield pairs of the one that was there before and of the other, with an edge over it."""
    while True:
        market, own = rng.gauss(0.0, 1.0), rng.gauss(0.0, 1.0)
        before = 0.05 - fall + market
        after = 0.05 - fall + edge + 0.6 * market + 0.8 * own
        yield side(SIZE * before), side(SIZE * after)


def side(net: float) -> Side:
    """Return one trade a pair."""
    return Side(net, 1, int(net > 0.0))


def living(edge: float, fall: float = 0.0) -> Callable[[random.Random], Iterator[Pair]]:
    """Yield pairs of the champion and of the one it dethroned."""
    return lambda rng: ((new, old) for old, new in world(rng, edge, fall))


def crowned(seed: int) -> tuple[Reign, Verdict, random.Random]:
    """Return the reign of a challenger that earned its crown."""
    rng = random.Random(seed)  # noqa: S311 - a world to judge in, not a secret
    verdict = try_challenger(islice(world(rng, EDGE), TRIAL_PAIRS))
    return reign_after(verdict), verdict, rng


@pytest.mark.parametrize("seed", SEEDS)
def test_decay_after_the_coronation_is_undone_by_itself_and_not_before(seed: int) -> None:
    reign, verdict, rng = crowned(seed)
    reign.live(islice(living(EDGE)(rng), SOUND_PAIRS))
    assert reign.rolled_back is None
    reign.live(islice(living(-0.3)(rng), DECAY_PAIRS))
    back = reign.rolled_back
    assert back is not None
    assert verdict.crowned is not None
    assert (back.trigger, back.from_model) == ("canary", verdict.crowned.model)
    assert back.to_model == verdict.crowned.expected
    assert SOUND_PAIRS < reign.pairs < SOUND_PAIRS + 400
    detector, *limits = back.findings
    assert detector.value == reign.measured[-1].statistic >= detector.threshold == 200.0
    assert [limit.gate for limit in limits if not limit.passed]
    assert reign.warnings, "the 15 % rule warned before or with it"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_market_fall_that_hits_both_takes_no_crown(seed: int) -> None:
    reign, _, rng = crowned(seed)
    reign.live(islice(living(EDGE)(rng), SOUND_PAIRS))
    reign.live(islice(living(EDGE, fall=0.4)(rng), DECAY_PAIRS))
    assert reign.rolled_back is None
    champion = reign.measured[-1].champion
    assert champion.drawdown_max > 0.5, "it fell, and deeply"


@pytest.mark.parametrize("seed", SEEDS)
def test_the_measurement_starts_where_the_trial_ended(seed: int) -> None:
    reign, verdict, rng = crowned(seed)
    reign.live(islice(living(EDGE)(rng), 1))
    assert verdict.evidence is not None
    assert reign.measured[0].detector.n == verdict.evidence.pairs + 1


def test_nothing_is_measured_or_judged_after_the_crown_went_back() -> None:
    reign, _, rng = crowned(SEEDS[0])
    reign.live(islice(living(-0.5)(rng), DECAY_PAIRS))
    assert reign.rolled_back is not None
    said = len(reign.said)
    late = reign.measured[-1]
    assert reign.judge.read(reign.measurer, [late, late]) == []
    assert len(reign.said) == said
    assert not [event for event in reign.said if isinstance(event, CanaryEnded)]
