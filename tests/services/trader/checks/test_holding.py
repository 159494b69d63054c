"""Buying and holding is one trade by the costs of the trader, told bar by bar."""

from dataclasses import replace

import pytest

from kingmaker.market import exits
from kingmaker.market.exits import Leg, Terms
from kingmaker.trader.checks.holding import hold
from kingmaker.trader.policy import Policy
from tests.services.trader.checks.test_lookahead import walk

POLICY = Policy()
BARS = walk(60)


def test_its_sum_is_what_the_one_trade_nets_by_the_rules_of_every_trade() -> None:
    known = [BARS.bar(place) for place in range(len(BARS))]
    terms = Terms(POLICY.fee, POLICY.impact, POLICY.price_tolerance, POLICY.max_age_ms)
    leg = Leg(known[0].open_ms, BARS.interval_ms, 1, 0.99, 99.0, 0.0, 0.0, len(BARS) - 1)
    trade = exits.outcome(leg, replace(terms, max_age_ms=1 << 60), known)
    assert trade is not None
    assert trade.reason == "TIME_EXIT"
    until = trade.exit_ms
    held = list(hold(BARS.between(0, (until - known[0].open_ms) // BARS.interval_ms), POLICY))
    assert sum(net for _, net in held) == pytest.approx(trade.net, rel=1e-12)


def test_each_bar_tells_its_own_part_and_costs_fall_where_they_are_paid() -> None:
    held = list(hold(BARS, POLICY))
    assert [end for end, _ in held] == (BARS.open_ms + BARS.interval_ms).tolist()
    entry = BARS.open[0] * (1.0 + POLICY.impact)
    assert held[0][1] == pytest.approx(BARS.close[0] / entry - 1.0 - POLICY.fee)
    assert held[1][1] == pytest.approx((BARS.close[1] - BARS.close[0]) / entry)


def test_nothing_is_held_where_there_are_no_bars() -> None:
    assert list(hold(BARS.between(0, 0), POLICY)) == []
