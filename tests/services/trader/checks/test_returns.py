"""Figures of trades, with the interval that says whether they mean anything."""

import numpy as np

from kingmaker.trader.checks.returns import DAY_MS, daily, fared

DAYS = 200
OPENS = [[day * DAY_MS for day in range(DAYS)]]


def trades(mean: float, seed: int = 1) -> list[tuple[int, float]]:
    nets = np.random.default_rng(seed).normal(mean, 0.01, DAYS)
    return [(day * DAY_MS + 1, float(net)) for day, net in enumerate(nets)]


def test_a_strong_edge_is_told_from_chance_and_none_is_not() -> None:
    assert fared(trades(0.005), OPENS, "24x7").verdict == "better than doing nothing"
    assert fared(trades(-0.005), OPENS, "24x7").verdict == "worse than doing nothing"
    assert fared(trades(0.0), OPENS, "24x7").verdict == "not distinguishable from chance"


def test_the_ratio_is_annual_by_the_days_of_the_market() -> None:
    always, business = (fared(trades(0.002), OPENS, name).sharpe for name in ("24x7", "fx"))
    assert always is not None
    assert business is not None
    assert abs(always / business - (365 / 252) ** 0.5) < 1e-12


def test_the_same_trades_give_the_same_interval() -> None:
    assert fared(trades(0.002), OPENS, "24x7") == fared(trades(0.002), OPENS, "24x7")


def test_a_few_days_tell_nothing() -> None:
    found = fared([(1, 0.1)], [[0, DAY_MS]], "24x7")
    assert (found.trades, found.won, found.sharpe) == (1, 1, None)
    assert found.verdict == "too few days to tell"


def test_no_trade_has_no_ratio() -> None:
    found = fared([], OPENS, "24x7")
    assert (found.trades, found.net_a_trade, found.sharpe, found.days) == (0, None, None, DAYS)


def test_days_without_a_trade_count_and_an_exit_at_midnight_belongs_to_the_day_before() -> None:
    opens = [[0, DAY_MS, 4 * DAY_MS]]
    assert daily([(2 * DAY_MS, 0.5), (4 * DAY_MS + 1, 0.25)], opens).tolist() == [0.0, 0.5, 0.25]
