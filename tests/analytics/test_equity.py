"""Equity is the sum of what came in; drawdown is how far it lies below its peak."""

import pytest

from kingmaker.analytics import equity


def test_a_loss_first_is_a_drawdown_from_nothing() -> None:
    found = list(equity.curve([-0.02, 0.05, -0.01, -0.03]))
    assert [point.equity for point in found] == pytest.approx([-0.02, 0.03, 0.02, -0.01])
    assert [point.drawdown for point in found] == pytest.approx([0.02, 0.0, 0.01, 0.04])
    assert equity.deepest([-0.02, 0.05, -0.01, -0.03]) == pytest.approx(0.04)


def test_nothing_traded_has_no_drawdown() -> None:
    assert equity.deepest([]) == 0.0
