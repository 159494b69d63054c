"""Intervals and tests of daily returns: they miss as often as they say, and no more."""

import numpy as np
import pytest

from bench.results.chance import DAYS_MIN, Days, Ratio, holm, ratio, shift, verdict
from bench.results.plays import Trade
from kingmaker.trader.checks.returns import DAY_MS

MONDAY = 4 * DAY_MS  # 1970-01-05
WORLDS = 300


def trade(exit_ms: int, net: float) -> Trade:
    return Trade("A", exit_ms - 1, exit_ms, 1.0, net)


def clinging(days: int, memory: float, random: np.random.Generator) -> np.ndarray:
    """Return days of pure chance with fat tails, each of which remembers the one before."""
    found = random.standard_t(4, days)
    for day in range(1, days):
        found[day] += memory * found[day - 1]
    return found


@pytest.mark.parametrize("memory", [0.0, 0.3])
def test_chance_alone_is_told_from_chance_about_once_in_twenty(memory: float) -> None:
    random = np.random.default_rng(6)
    found = [ratio(clinging(500, memory, random), 365) for _ in range(WORLDS)]
    assert 0.02 < np.mean([one.p < 0.05 for one in found if one]) < 0.09


@pytest.mark.parametrize("memory", [0.0, 0.3])
def test_an_interval_of_few_days_is_too_narrow(memory: float) -> None:
    """What docs/results.md says of 24 to 40 days, and of 2,000."""
    missed = {}
    for days, worlds in ((24, 1_000), (40, 1_000), (2_000, 600)):
        random = np.random.default_rng(6)
        found = [ratio(clinging(days, memory, random), 365) for _ in range(worlds)]
        missed[days] = float(np.mean([one.p < 0.05 for one in found if one]))
    assert 0.045 < missed[2_000] < 0.065
    assert 0.065 < missed[40] < missed[24] < 0.125


def test_an_interval_holds_the_truth_and_the_test_agrees_with_it() -> None:
    random = np.random.default_rng(7)
    found = [ratio(random.normal(0.1, 1.0, 500), 1) for _ in range(WORLDS)]
    assert 0.91 < np.mean([one.low < 0.1 < one.high for one in found if one]) < 0.98
    assert all((one.p < 0.05) == (one.low > 0 or one.high < 0) for one in found if one)


def test_a_ratio_is_annual_by_the_days_of_its_market() -> None:
    opens = range(0, 400 * DAY_MS, DAY_MS)
    always, business = (Days.of(opens, calendar) for calendar in ("24x7", "fx"))
    assert (always.a_year, business.a_year) == (365, 252)
    assert (len(always.numbers), len(business.numbers)) == (400, 286)
    days = np.random.default_rng(1).normal(0.1, 1.0, 100)
    one, other = (ratio(days, year) for year in (365, 252))
    assert one is not None
    assert other is not None
    assert one.value / other.value == pytest.approx((365 / 252) ** 0.5)


def test_sunday_evening_belongs_to_monday_where_markets_close() -> None:
    opens = [MONDAY - 2 * 3_600_000, MONDAY, MONDAY + DAY_MS]
    trades = [trade(MONDAY - 3_600_000, 0.25), trade(MONDAY + 3_600_000, 0.5)]
    assert Days.of(opens, "fx").sums(trades).tolist() == [0.75, 0.0]
    assert Days.of(opens, "24x7").sums(trades).tolist() == [0.25, 0.5, 0.0]


def test_an_exit_with_the_last_bar_of_a_day_belongs_to_that_day() -> None:
    days = Days.of([0, DAY_MS, 4 * DAY_MS], "24x7")
    assert days.sums([trade(DAY_MS, 1.0), trade(3 * DAY_MS, 2.0)]).tolist() == [1.0, 2.0, 0.0]


def test_a_few_days_and_equal_ones_tell_nothing() -> None:
    assert ratio(np.arange(DAYS_MIN - 1.0), 365) is None
    assert ratio(np.zeros(100), 365) is None
    assert verdict(None, None, "doing nothing") == "too few days to tell"


def test_more_a_trade_is_told_from_fewer_trades() -> None:
    """Half the trades, chosen at random, lose half as much and no less a trade."""
    random = np.random.default_rng(4)
    days = Days.of(range(0, 300 * DAY_MS, DAY_MS), "24x7")
    wrong, known = [], []
    for _ in range(100):
        nets = random.normal(-0.002, 0.01, 300)
        before = [trade(day * DAY_MS + 1, float(net)) for day, net in enumerate(nets)]
        half = [before[day] for day in np.flatnonzero(random.uniform(size=300) < 0.5)]
        better = [one._replace(net=one.net + 0.003) for one in half]
        wrong.append(shift(half, before, days))
        known.append(shift(better, before, days))
    assert np.mean([one.p < 0.05 for one in wrong if one]) < 0.12
    assert np.mean([one.p < 0.05 for one in known if one]) > 0.9
    assert shift([], before, days) is None


def test_many_tests_are_held_to_one_level() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    random = np.random.default_rng(2)
    wrong = [min(holm(random.uniform(size=50).tolist())) < 0.05 for _ in range(WORLDS)]
    assert np.mean(wrong) < 0.09


def test_a_row_that_stands_out_alone_is_chance_among_many() -> None:
    found = Ratio(2.0, 0.1, 3.9, 0.04)
    assert verdict(found, 0.04, "doing nothing") == "better than doing nothing"
    assert verdict(found, 0.8, "doing nothing") == "not distinguishable from chance"
    assert verdict(Ratio(-2.0, -3.9, -0.1, 0.04), 0.04, "before") == "worse than before"
