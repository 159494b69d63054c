"""Figures of trades, with the interval that says whether they mean anything."""

import numpy as np

from kingmaker.trader.checks.returns import DAY_MS, by_day, fared

HOUR_MS = 3_600_000
MONDAY = 4  # the first since 1970
DAYS = 200
OPENS = [[day * DAY_MS for day in range(DAYS)]]


def trades(mean: float, seed: int = 1) -> list[tuple[int, float]]:
    nets = np.random.default_rng(seed).normal(mean, 0.01, DAYS)
    return [(day * DAY_MS + 1, float(net)) for day, net in enumerate(nets)]


def test_a_strong_edge_is_told_from_chance_and_none_is_not() -> None:
    better, worse, none = (fared(trades(mean), OPENS, "24x7") for mean in (0.005, -0.005, 0.0))
    assert (better.sharpe_low or 0.0) > 0.0
    assert (worse.sharpe_high or 0.0) < 0.0
    assert (none.sharpe_low or 0.0) < 0.0 < (none.sharpe_high or 0.0)


def test_the_ratio_is_annual_by_the_days_of_the_market() -> None:
    """Given the same returns on every day of a market that never closes, or of weekdays alone."""
    week = [day for day in range(MONDAY, MONDAY + 280) if (day - MONDAY) % 7 < 5]
    found = []
    for days, calendar in ((range(len(week)), "24x7"), (week, "fx")):
        exits = [day * DAY_MS + 1 for day in days]
        rows = [(exit_ms, net) for exit_ms, (_, net) in zip(exits, trades(0.002), strict=True)]
        found.append(fared(rows, [[day * DAY_MS for day in days]], calendar).sharpe)
    always, business = found
    assert always is not None
    assert business is not None
    assert abs(always / business - (365 / 252) ** 0.5) < 1e-12


def test_the_sunday_evening_of_a_market_that_closes_belongs_to_monday() -> None:
    """Given hourly bars from Sunday 22:00 to Friday 22:00, and a loss on a Sunday."""
    sunday_ms = (MONDAY - 1) * DAY_MS
    opens = [range(sunday_ms + 22 * HOUR_MS, sunday_ms + (5 * 24 + 22) * HOUR_MS, HOUR_MS)]
    exits = [(sunday_ms + 23 * HOUR_MS, -0.1), (sunday_ms + 30 * HOUR_MS, 0.4)]
    days = by_day(exits, opens, "fx")
    assert [day // DAY_MS for day, _, _ in days] == [MONDAY + day for day in range(5)]
    assert days[0] == (MONDAY * DAY_MS, -0.1 + 0.4, 2)
    assert len(by_day(exits, opens, "24x7")) == 6


def test_the_same_trades_give_the_same_interval() -> None:
    assert fared(trades(0.002), OPENS, "24x7") == fared(trades(0.002), OPENS, "24x7")


def test_a_few_days_tell_nothing() -> None:
    found = fared([(1, 0.1)], [[0, DAY_MS]], "24x7")
    assert (found.trades, found.won, found.sharpe) == (1, 1, None)
    few = fared(trades(0.005)[:19], OPENS, "24x7")
    assert (few.trades, few.days, few.sharpe, few.sharpe_low) == (19, DAYS, None, None)


def test_no_trade_has_no_ratio() -> None:
    found = fared([], OPENS, "24x7")
    assert (found.trades, found.net_a_trade, found.sharpe, found.days) == (0, None, None, DAYS)


def test_days_without_a_trade_count_and_an_exit_at_midnight_belongs_to_the_day_before() -> None:
    opens = [[0, DAY_MS, 4 * DAY_MS]]
    exits = [(DAY_MS, 0.1), (2 * DAY_MS, 0.5), (4 * DAY_MS + 1, 0.25)]
    assert [net for _, net, _ in by_day(exits, opens, "24x7")] == [0.1, 0.5, 0.25]
    assert [net for _, net, _ in by_day(exits[1:], opens, "24x7")] == [0.0, 0.5, 0.25]
