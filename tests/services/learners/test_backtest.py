"""The figures of a scheduled retrain: by hand on few trades, and from a real training."""

import importlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.learners import backtest, learners, rotation, training
from kingmaker.learners.contract import Arrays, Decide, Floats, RowByRow
from kingmaker.learners.experience import Experience, Resolved, UnfitDataError
from kingmaker.learners.learners.cvar_ppo import CvarPpo
from kingmaker.learners.policy import Policy
from kingmaker.runtime import waiting
from tests.services.learners import hours_world
from tests.services.learners.markets import shape_world
from tests.services.learners.trades import Given, trades
from tests.services.learners.worlds import falling_back, scored, slipping

DAY_MS = 86_400_000
NOTHING = Experience.of([])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the champion did."""

    net: float


class Told:
    """A trade with what the champion did."""

    def __init__(self, trade: Resolved, net: float) -> None:
        self._trade = trade
        self.outcomes = (Outcome(net),)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a trade has
        return getattr(self._trade, name)


@dataclass(frozen=True, slots=True)
class Takes:
    """A learner that trades as it is told."""

    shares: tuple[float, ...]

    def exposure(self, _decide: Decide, _holdout: Experience, _learned: Experience) -> Floats:
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
    return backtest.figures(Takes(takes), nobody, NOTHING, Experience.of(rows), rows)


def test_a_learner_that_cannot_say_what_it_would_trade_has_no_figure_and_is_refused() -> None:
    rows = days(0.1)
    assert backtest.figures(object(), nobody, NOTHING, Experience.of(rows), rows) == {}
    assert rotation.why_not({}, Policy()).startswith("not measured: backtest_sharpe")


def test_records_that_are_not_those_of_the_holdout_are_refused() -> None:
    rows = days(0.1, 0.2, 0.3)
    holdout = Experience.of(rows[:2])
    with pytest.raises(UnfitDataError, match="not made of the latest"):
        backtest.figures(Takes((1.0, 1.0)), nobody, NOTHING, holdout, rows)


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
    assert backtest.sharpe(batch.net, batch.resolved_ms) == pytest.approx(expected)


def test_what_is_older_than_two_years_is_not_learned_from() -> None:
    batch = Experience.of(days(*[0.01] * 800))
    assert len(backtest.recent(batch, {})) == 800
    assert len(backtest.recent(batch, rotation.parameters())) == 730


@dataclass(frozen=True, slots=True)
class Measures:
    """A learner that measures trades of its own, or none."""

    shown: RowByRow

    def row_by_row(self, _decide: Decide, _holdout: Experience, _learned: Experience) -> RowByRow:
        """Return what was told."""
        return self.shown


def shown(*nets: float) -> RowByRow:
    """Return a trade a day, the later ones first."""
    time_ms = np.arange(len(nets), dtype=np.int64)[::-1] * DAY_MS
    return RowByRow(np.zeros(max(1, len(nets))), np.array(nets), time_ms, time_ms)


def test_who_trades_otherwise_is_judged_by_its_own_trades() -> None:
    rows = days(0.5, 0.5)
    measures = Measures(shown(-0.02, 0.0, 0.03))
    found = backtest.figures(measures, nobody, NOTHING, Experience.of(rows), rows)
    earned = np.array([0.03, 0.0, -0.02])
    expected = earned.mean() / earned.std(ddof=1) * np.sqrt(365.0)
    assert found["backtest_sharpe"] == pytest.approx(expected)
    assert found["backtest_profit_factor"] == pytest.approx(1.5)
    assert found["backtest_drawdown"] == pytest.approx(0.02), "in the order of time"
    assert found["backtest_trades"] == 2.0


def test_a_measure_without_trades_is_no_backtest() -> None:
    rows = days(0.5)
    measures = Measures(shown())
    assert backtest.figures(measures, nobody, NOTHING, Experience.of(rows), rows) == {}


def test_sizing_takes_halves_of_full_size_and_nothing_where_its_row_is_not_told() -> None:
    """Given a policy that wants 0, 1, 2, 3 and 3 contracts; full size is two."""
    rows = trades(5)
    rows[3] = replace(rows[3], judged=())

    def decide(inputs: Arrays) -> Arrays:
        assert len(inputs["features"]) == len(rows)
        return {"action": np.array([0.0, 1.0, 2.0, 3.0, 3.0])}

    sizing = CvarPpo(iterations=1, alpha=0.05, tail=0.5, blur=0.5)
    taken = sizing.exposure(decide, Experience.of(rows), NOTHING)
    assert taken.tolist() == [0.0, 0.5, 1.0, 0.0, 1.5]


WORLDS: Mapping[str, tuple[Callable[[], Given], Mapping[str, float]]] = {
    "cvar_ppo": (
        lambda: Given(trades(600)),
        {"iterations": 20.0, "alpha": 0.05, "tail": 1.0, "blur": 0.5},
    ),
    "model_ensemble": (lambda: Given(scored(600)), {"l2": 100.0}),
    "neural_ucb": (lambda: Given(trades(600)), {"l2": 30.0, "exploration": 0.1}),
    "online_learning": (lambda: Given(trades(600)), {"l2": 30.0}),
    "pattern_recognition": (lambda: shape_world(600, 0.2, 1), {"keep": 0.0}),
    "pm_optimizer": (lambda: falling_back(600), {"draws": 200.0, "quantile": 0.1}),
    "s15_rl_policy": (
        lambda: hours_world.given(hours_world.bars_of(6000, drift=1.5, seed=1), fee=0.0),
        {"steps": 1000.0, "discount": 0.9, "holding": 12.0, "bars_max": 20_000.0, "blur": 0.3},
    ),
    "slippage_latency": (
        lambda: slipping(600),
        {"rounds": 20.0, "leaves": 6.0, "leaf_rows": 50.0, "step": 0.1},
    ),
}


@pytest.mark.parametrize("component", WORLDS)
def test_a_scheduled_training_records_all_figures_and_another_none(component: str) -> None:
    world, own = WORLDS[component]
    given = world()
    rows = [Told(trade, trade.signal_net) for trade in given.trades()]
    plain = {"holdout_share": 0.25, **own}

    def metrics(asked: Mapping[str, float]) -> Mapping[str, float]:
        sources = Given(rows, given.market)
        return training.train(component, sources, 7, asked, lambda _: None).metrics

    found = metrics(plain | rotation.parameters())
    if rotation.can_judge(component):
        assert set(rotation.FIGURES) <= set(found)
        assert found["backtest_sharpe"] > found["backtest_sharpe_current"]
        assert found["backtest_trades"] > 50
    else:
        assert not set(rotation.FIGURES) & set(found)
    assert not set(rotation.FIGURES) & set(metrics(plain))


@pytest.mark.parametrize("component", learners.names())
def test_whoever_says_what_it_takes_is_asked_in_one_way(component: str) -> None:
    module = importlib.import_module(f"kingmaker.learners.learners.{component}")
    own = [
        one for one in vars(module).values() if getattr(one, "__module__", "") == module.__name__
    ]
    said = [one.exposure for one in own if hasattr(one, "exposure")]
    expected = inspect.signature(backtest.Exposing.exposure)
    assert [list(inspect.signature(one).parameters) for one in said] == [
        list(expected.parameters) for _ in said
    ]


def test_all_that_trade_are_held_to_it_by_a_training() -> None:
    assert set(COMPONENTS) == WORLDS.keys() | rotation.NEVER_TRADING


def test_those_that_trade_nothing_by_themselves_are_known_wherever_it_matters() -> None:
    assert set(learners.names()) > rotation.NEVER_TRADING == waiting.NEVER_TRADING
