"""`hedge@1`: trades earn, the hour weighs; what the weights sum to, and what is refused."""

from dataclasses import replace
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingmaker.revisions import Declaration, Numbers, UnusableDeclarationError
from kingmaker.revisions.hedge import FLOOR
from kingmaker.revisions.rules import discover, rule_of
from tests.revisions.declarations import ensemble

HEDGE = discover()["hedge@1"]
CLOUD, LOCAL = slice(0, 2), slice(2, 5)
SCORE = st.floats(-3.0, 3.0)
TRADES = st.lists(st.tuples(st.tuples(*[SCORE] * 5), st.floats(-5.0, 5.0)), max_size=60)


def weights(declaration: Declaration, trades: list[tuple[Numbers, float]]) -> Numbers:
    """Return what an hour makes of these trades."""
    memory = HEDGE.begin(declaration)
    for row, label in trades:
        memory = HEDGE.step(declaration, memory, row, label)
    assert HEDGE.rebalance
    return HEDGE.vector(declaration, HEDGE.rebalance(declaration, memory))


@given(TRADES)
def test_the_cloud_has_seventy_of_a_hundred_and_none_falls_below_its_floor(
    trades: list[tuple[Numbers, float]],
) -> None:
    found = weights(ensemble(cloud=True), trades)
    for part, share in ((CLOUD, 0.7), (LOCAL, 0.3)):
        assert fsum(found[part]) == pytest.approx(share, abs=1e-12)
        assert min(found[part]) >= FLOOR * share * (1.0 - 1e-12)


@given(TRADES)
def test_a_cloud_that_never_spoke_cedes_all(trades: list[tuple[Numbers, float]]) -> None:
    silent = [((0.0, 0.0, *row[LOCAL]), label) for row, label in trades]
    found = weights(ensemble(), silent)
    assert found[CLOUD] == (0.0, 0.0)
    assert fsum(found) == pytest.approx(1.0, abs=1e-12)
    assert min(found[LOCAL]) >= FLOOR


def test_a_cloud_score_is_there_from_the_first_time_it_speaks() -> None:
    found = weights(ensemble(), [((0.0, 0.2, 0.0, 0.0, 0.0), 0.0)])
    assert found[0] == 0.0
    assert found[1] == pytest.approx(0.7)
    assert fsum(found[LOCAL]) == pytest.approx(0.3)


@pytest.mark.parametrize("better", range(5))
def test_the_better_score_gains_in_its_group(better: int) -> None:
    trades = []
    for number in range(100):
        won = 1.0 if number % 3 else -1.0
        row = [won if place == better else 1.0 for place in range(5)]
        trades.append((tuple(row), won))
    found = weights(ensemble(cloud=True), trades)
    mine = CLOUD if better < 2 else LOCAL
    others = [one for place, one in enumerate(found[mine], mine.start) if place != better]
    assert found[better] > 1.5 * max(others)
    other = LOCAL if mine is CLOUD else CLOUD
    assert max(found[other]) == pytest.approx(min(found[other])), "those are alike"


def test_trades_change_no_weight_before_the_hour_is_over() -> None:
    declaration = ensemble()
    memory = HEDGE.begin(declaration)
    before = HEDGE.vector(declaration, memory)
    assert before == pytest.approx((0.0, 0.0, 1 / 3, 1 / 3, 1 / 3))
    for _ in range(10):
        memory = HEDGE.step(declaration, memory, (0.0, 0.0, 1.0, -1.0, 0.0), 1.0)
    assert HEDGE.vector(declaration, memory) == before
    assert HEDGE.rebalance
    assert HEDGE.vector(declaration, HEDGE.rebalance(declaration, memory)) != before


def test_what_history_earned_counts_from_the_first_hour_on() -> None:
    found = weights(ensemble(0.0, 0.0, 20.0, 0.0, 0.0), [])
    assert found[2] > 2.0 * found[3]


@pytest.mark.parametrize(
    ("declaration", "why"),
    [
        (replace(ensemble(), numbers=(0.0,) * 9), "9 numbers, not 10"),
        (replace(ensemble(), numbers=(0.5,) * 10), "by 1 or 0"),
        (replace(ensemble(), parameters={}), "rate, fade, floor, cloud_share must be"),
        *[
            (replace(ensemble(), parameters=ensemble().parameters | wrong), why)
            for wrong, why in (
                ({"fade": 1.1}, "1 at most"),
                ({"cloud_share": 1.5}, "1 at most"),
                ({"floor": 0.4}, "more than the whole"),
            )
        ],
    ],
)
def test_a_declaration_that_hedge_cannot_begin_with_is_refused(
    declaration: Declaration, why: str
) -> None:
    with pytest.raises(UnusableDeclarationError, match=why):
        rule_of(declaration, "model_ensemble")
