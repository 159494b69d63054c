"""Descriptive sums of one side."""

import pytest

from kingmaker.evidence import tally
from kingmaker.evidence.tally import Tally


def test_sums_trades_and_drawdown_are_kept() -> None:
    found = Tally()
    for net, taken, won in ((0.02, 2, 1), (-0.05, 1, 0), (0.0, 0, 0), (0.01, 1, 1)):
        found = tally.add(found, net, taken, won)
    assert (found.pairs, found.taken, found.won) == (4, 4, 2)
    assert found.sum == 0.02 - 0.05 + 0.01
    assert found.squares == 0.02 * 0.02 + 0.05 * 0.05 + 0.01 * 0.01
    assert (found.peak, found.drawdown_max) == (0.02, 0.05)


def test_equity_starts_at_zero_so_a_first_loss_is_a_drawdown() -> None:
    assert tally.add(Tally(), -0.03, 1, 0).drawdown_max == 0.03


def test_the_sharpe_ratio_is_per_pair_with_n_minus_1() -> None:
    found = Tally()
    for net in (0.01, 0.03, -0.01):
        found = tally.add(found, net, 1, 1)
    assert tally.sharpe_ratio(found) == pytest.approx(0.5)  # mean .01, deviation .02


@pytest.mark.parametrize("sums", [Tally(), Tally(pairs=1, sum=1.0, squares=1.0), Tally(pairs=9)])
def test_without_variation_there_is_no_sharpe_ratio(sums: Tally) -> None:
    assert tally.sharpe_ratio(sums) == 0.0


def test_the_win_rate_is_of_trades_taken() -> None:
    assert tally.win_rate(Tally(pairs=9, taken=4, won=3)) == 0.75
    assert tally.win_rate(Tally(pairs=9)) == 0.0
