"""Rivals are what their papers say: known values, and what a rule must do on plain input."""

import numpy as np
import pytest

from bench.gates.looks import Seen, critical_t, mixture_margin
from bench.gates.noise import Floats
from bench.gates.rivals import (
    FIRST_LOOK,
    Betting,
    Bonferroni,
    asymptotic_sequence,
    fixed_look,
    msprt,
    paired_t,
)
from bench.gates.rivals import rivals as all_rivals


def seen_of(champion: Floats, challenger: Floats) -> Seen:
    seen = Seen(champion.shape[1])
    for one, other in zip(champion, challenger, strict=True):
        seen.add(one, other)
    return seen


@pytest.mark.parametrize(
    ("degrees", "p", "critical"),
    [(49, 0.05, 2.00958), (100, 0.05, 1.98397), (1999, 0.05, 1.96115), (49, 0.001, 3.50044)],
)
def test_critical_values_are_those_of_the_tables(degrees: int, p: float, critical: float) -> None:
    assert critical_t(degrees, p) == pytest.approx(critical, abs=1e-4)


def test_sums_give_the_statistics_of_the_whole_series() -> None:
    rng = np.random.default_rng(1)
    champion, challenger = rng.standard_normal((2, 80, 3))
    seen = seen_of(champion, challenger)
    difference = challenger - champion
    expected = difference.mean(axis=0) / (difference.std(axis=0, ddof=1) / np.sqrt(80))
    assert seen.statistic() == pytest.approx(expected)
    statistic, degrees = seen.welch()
    spreads = champion.var(axis=0, ddof=1) / 80 + challenger.var(axis=0, ddof=1) / 80
    assert statistic == pytest.approx(difference.mean(axis=0) / np.sqrt(spreads))
    assert ((degrees > 79) & (degrees < 158.01)).all()


def test_every_rival_crowns_a_much_better_challenger_and_no_worse_one() -> None:
    rng = np.random.default_rng(2)
    champion = rng.standard_normal((400, 2))
    challenger = champion + 0.3 * rng.standard_normal((400, 2)) + np.array([1.0, -1.0])
    seen, rules = Seen(2), all_rivals(2, 400)
    held = {name: np.zeros(2, bool) for name in rules}
    for one, other in zip(champion, challenger, strict=True):
        seen.add(one, other)
        for name, asks in rules.items():
            if seen.n >= FIRST_LOOK or name.startswith("betting"):
                held[name] |= asks(seen)
    assert {tuple(flags) for flags in held.values()} == {(True, False)}


def test_the_fixed_look_is_blind_after_it() -> None:
    better = np.linspace(0.9, 1.1, 51)[:, None]
    nothing = np.zeros_like(better)
    assert fixed_look(seen_of(nothing[:50], better[:50])).all()
    assert not fixed_look(seen_of(nothing, better)).any()


def test_a_share_of_the_error_asks_for_more() -> None:
    rng = np.random.default_rng(3)
    difference = 0.3 + rng.standard_normal((60, 1))
    seen = seen_of(np.zeros_like(difference), difference)
    assert paired_t(seen).all()
    assert not Bonferroni(2_000)(seen).any()
    assert not asymptotic_sequence(seen).any()
    assert not msprt(seen).any()


def test_the_margin_shrinks_like_the_law_of_the_iterated_logarithm_allows() -> None:
    assert mixture_margin(100, 0.01, 0.05) == pytest.approx(0.32970, abs=1e-4)  # by hand
    assert mixture_margin(10_000, 0.01, 0.05) < mixture_margin(100, 0.01, 0.05) / 5.0


def test_bets_on_a_fair_game_keep_their_mean() -> None:
    rng = np.random.default_rng(4)
    paths = 20_000
    betting, seen = Betting(paths), Seen(paths)
    for _ in range(40):
        seen.add(np.zeros(paths), rng.standard_normal(paths))
        betting(seen)
    wealth = betting.wealth.sum(axis=0)
    assert abs(wealth.mean() - 1.0) < 4.0 * wealth.std() / np.sqrt(paths)
