"""Weights of scores: what they sum to, who gains, what comes back, what is refused."""

from math import fsum, log, sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingmaker.revisions import hedge

EARNINGS = st.lists(st.floats(-600.0, 600.0), min_size=1, max_size=5)


def test_floors_that_are_more_than_the_whole_are_refused() -> None:
    with pytest.raises(ValueError, match="more than the whole"):
        hedge.weights((0.0,) * 3, (True,) * 3, floor=0.34)


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        hedge.shared((1.0,), (1.0,), share)


@given(EARNINGS)
def test_weights_sum_to_one_and_none_is_below_the_floor(earnings: list[float]) -> None:
    found = hedge.weights(earnings, [True] * len(earnings))
    assert fsum(found) == pytest.approx(1.0, abs=1e-12)
    assert min(found) >= hedge.FLOOR


@given(EARNINGS, st.data())
def test_who_is_absent_gets_nothing_and_the_others_all(
    earnings: list[float], data: st.DataObject
) -> None:
    size = len(earnings)
    present = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    found = hedge.weights(earnings, present)
    assert fsum(found) == pytest.approx(1.0 if any(present) else 0.0, abs=1e-12)
    assert all((one > 0.0) == is_in for one, is_in in zip(found, present, strict=True))


def test_nobody_has_earned_anything_yet_all_weigh_alike() -> None:
    assert hedge.weights((0.0, 0.0), (True, True)) == (0.5, 0.5)


def test_the_whole_is_shared_seventy_to_thirty() -> None:
    cloud, local = hedge.shared((0.5, 0.5), (0.2, 0.3, 0.5))
    assert fsum(cloud) == pytest.approx(0.7)
    assert fsum(local) == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("cloud", "local", "sums"),
    [((0.0, 0.0), (0.5, 0.5), (0.0, 1.0)), ((0.5, 0.5), (0.0,), (1.0, 0.0))],
)
def test_an_empty_group_cedes_all(
    cloud: tuple[float, ...], local: tuple[float, ...], sums: tuple[float, float]
) -> None:
    assert tuple(map(sum, hedge.shared(cloud, local))) == sums


def test_a_score_earns_what_it_spoke_for() -> None:
    assert hedge.earned((3.0, -0.001, 0.0), 0.4) == (0.4, -0.4, 0.0)
    assert hedge.earned((3.0, -0.001, 0.0), -7.0) == (-1.0, 1.0, 0.0)


def test_the_better_score_gains_and_gives_way_when_it_fails() -> None:
    random = Random(5)  # noqa: S311 - a seeded world
    earnings: tuple[float, ...] = (0.0, 0.0, 0.0)
    shown = []
    for right in (0, 2):  # first one score knows, later another
        for _ in range(1500):
            reward = random.choice((-1.0, 1.0))
            scores = [random.uniform(-1.0, 1.0) for _ in range(3)]
            if random.random() < 0.2:
                scores[right] = reward
            earnings = hedge.settle(earnings, hedge.earned(scores, reward))
        shown.append(hedge.weights(earnings, (True,) * 3))
    assert max(shown[0]) == shown[0][0] > 0.8
    assert max(shown[1]) == shown[1][2] > 0.8


def test_it_does_nearly_as_well_as_the_best_score_known_afterwards() -> None:
    """The bound is of Hedge as published: nothing fades, no floor."""
    random = Random(11)  # noqa: S311 - a seeded world
    rounds, chances = 2000, (0.45, 0.5, 0.6)
    rate = sqrt(8.0 * log(3.0) / rounds) / 2.0
    earnings: tuple[float, ...] = (0.0,) * 3
    ours, best = 0.0, [0.0] * 3
    for _ in range(rounds):
        found = hedge.weights(earnings, (True,) * 3, rate=rate, floor=0.0)
        outcome = hedge.earned([1.0 if random.random() < p else -1.0 for p in chances], 1.0)
        ours += fsum(w * e for w, e in zip(found, outcome, strict=True))
        best = [one + e for one, e in zip(best, outcome, strict=True)]
        earnings = hedge.settle(earnings, outcome, fade=1.0)
    assert max(best) - ours <= 2.0 * sqrt(rounds * log(3.0) / 2.0)
