"""The figures of a scheduled retrain: by hand on few trades, and from a real training."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from kingmaker.learners import backtest, rotation, training
from kingmaker.learners.contract import Arrays, Decide, Floats
from kingmaker.learners.experience import Experience, UnfitDataError
from kingmaker.learners.policy import Policy
from tests.services.learners.trades import Given, Trade, trades

DAY_MS = 86_400_000
PARAMETERS = {"holdout_share": 0.25, "l2": 30.0, "exploration": 0.1}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the champion did."""

    net: float


class Told:
    """A trade with what the champion did."""

    def __init__(self, trade: Trade, net: float) -> None:
        self._trade = trade
        self.outcomes = (Outcome(net),)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a trade has
        return getattr(self._trade, name)


@dataclass(frozen=True, slots=True)
class Takes:
    """A learner that trades as it is told."""

    shares: tuple[float, ...]

    def exposure(self, _decide: Decide, _batch: Experience) -> Floats:
        """Return what was told."""
        return np.array(self.shares)


def nobody(_inputs: Arrays) -> Arrays:
    return {}


def days(*nets: float) -> list[Told]:
    """Return a trade a day, which the champion left alone."""
    one = trades(1)[0]
    return [
        Told(
            replace(
                one,
                opportunity=f"o-{day}",
                decided_ms=day * DAY_MS,
                time_ms=day * DAY_MS + 1,
                signal_net=net,
            ),
            0.0,
        )
        for day, net in enumerate(nets)
    ]


def figures(*nets: float, takes: tuple[float, ...]) -> dict[str, float]:
    rows = days(*nets)
    return backtest.figures(Takes(takes), nobody, Experience.of(rows), rows)


def test_a_learner_that_cannot_say_what_it_would_trade_has_no_figure_and_is_refused() -> None:
    rows = days(0.1)
    assert backtest.figures(object(), nobody, Experience.of(rows), rows) == {}
    assert rotation.why_not({}, Policy()).startswith("not measured: backtest_sharpe")


def test_records_that_are_not_those_of_the_holdout_are_refused() -> None:
    rows = days(0.1, 0.2, 0.3)
    holdout = Experience.of(rows[:2])
    with pytest.raises(UnfitDataError, match="not made of the latest"):
        backtest.figures(Takes((1.0, 1.0)), nobody, holdout, rows)


def test_the_figures_follow_from_what_it_takes() -> None:
    found = figures(0.02, -0.01, 0.03, -0.04, 0.5, takes=(1.0, 1.0, 1.0, 1.0, 0.0))
    earned = np.array([0.02, -0.01, 0.03, -0.04, 0.0])
    expected = earned.mean() / earned.std(ddof=1) * np.sqrt(365.0)
    assert found["backtest_sharpe"] == pytest.approx(expected)
    assert found["backtest_profit_factor"] == pytest.approx(1.0)
    assert found["backtest_drawdown"] == pytest.approx(0.04)
    assert found["backtest_trades"] == 4.0
    assert found["backtest_sharpe_current"] == 0.0


def test_who_loses_from_the_first_day_falls_below_the_capital() -> None:
    found = figures(-0.1, -0.2, takes=(1.0, 1.0))
    assert found["backtest_drawdown"] == pytest.approx(0.3)
    assert found["backtest_profit_factor"] == 0.0


def test_who_never_loses_or_never_trades_has_figures_that_are_numbers() -> None:
    assert figures(0.1, 0.2, takes=(1.0, 1.0))["backtest_profit_factor"] == 1000.0
    idle = figures(0.1, 0.2, takes=(0.0, 0.0))
    assert (idle["backtest_sharpe"], idle["backtest_profit_factor"]) == (0.0, 0.0)
    assert figures(0.1, takes=(1.0,))["backtest_sharpe"] == 0.0


def test_days_without_a_trade_count() -> None:
    rows = [days(0.01, 0.02, 0.0, 0.0, 0.03)[at] for at in (0, 1, 4)]
    batch = Experience.of(rows)
    earned = np.array([0.01, 0.02, 0.0, 0.0, 0.03])
    expected = earned.mean() / earned.std(ddof=1) * np.sqrt(365.0)
    assert backtest.sharpe(batch.net, batch) == pytest.approx(expected)


def test_what_is_older_than_two_years_is_not_learned_from() -> None:
    batch = Experience.of(days(*[0.01] * 800))
    assert len(backtest.recent(batch, {})) == 800
    assert len(backtest.recent(batch, rotation.parameters())) == 730


@pytest.mark.parametrize("component", ["neural_ucb", "online_learning"])
def test_a_scheduled_training_records_all_figures_and_another_none(component: str) -> None:
    rows = [Told(trade, trade.signal_net) for trade in trades(600)]
    asked = PARAMETERS | rotation.parameters()
    metrics = training.train(component, Given(rows), 7, asked, lambda _: None).metrics
    assert set(rotation.FIGURES) <= set(metrics)
    assert metrics["backtest_sharpe"] > metrics["backtest_sharpe_current"]
    plain = training.train(component, Given(rows), 7, PARAMETERS, lambda _: None).metrics
    assert not set(rotation.FIGURES) & set(plain)
