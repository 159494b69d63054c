"""Trainings that go wrong, in their real processes: a recorded reason, no bundle, no other harm."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kingmaker.learners.bars import SymbolBar
from kingmaker.learners.experience import Resolved
from kingmaker.learners.policy import Policy
from kingmaker.runtime.reactors.training import Place, TrainingReactor
from tests.runtime.reactors.test_training import DESKS, Started, of, read
from tests.runtime.reactors.trading_log import BARS, TRADES, write_log
from tests.services.learners import markets, worlds
from tests.services.learners.trades import HOUR_MS, Bar, Trade, broken, trades

OF_BARS = ("pattern_recognition", "pm_optimizer", "regime_detector", "slippage_latency")
NEEDED = {  # what ten bars and the trades in them are too few for
    "cvar_ppo": "3 trades are too few: 100 are needed",
    "model_ensemble": "3 trades with scores are too few: 50 are needed",
    "neural_ucb": "3 trades are too few: 50 are needed",
    "online_learning": "3 trades are too few: 50 are needed",
    "pattern_recognition": "0 trades with 32 bars before them are too few: 50 are needed",
    "pm_optimizer": "3 trades are too few: 100 are needed",
    "regime_detector": "0 bars with features are too few: 300 are needed",
    "s15_rl_policy": "0 bars are too few: 500 are needed",
    "slippage_latency": "3 trades are too few: 100 are needed",
}
FAST = Policy(cvar_ppo_iterations=10, s15_rl_policy_steps=200)
HUNGRY = """
from kingmaker.runtime.reactors import training_process as process
process._find_training = lambda: lambda *_: bytearray(64 << 30)
process.main()
"""
DIVERGES = """
from kingmaker.learners.learners import online_learning
from kingmaker.runtime.reactors import training_process as process
online_learning._losses = lambda *_: online_learning.np.array([float("nan")])
process.main()
"""


def said(
    place: Place, component: str = "online_learning", program: str = "", count: int = TRADES
) -> tuple[str, bool]:
    """Return the reason, and whether it would fail again; a bundle must not be there."""
    own = (sys.executable, "-c", program)
    reactor = TrainingReactor(place, command=own) if program else TrainingReactor(place)
    started = asked(component, count)
    try:
        fact = read(reactor.finish(of(started)))
    finally:
        reactor.close()
    assert not place.artifacts.exists() or list(place.artifacts.iterdir()) == []
    return str(getattr(fact, "reason", "")), bool(getattr(fact, "permanent", False))


def asked(component: str, count: int) -> Started:
    return Started(slot=f"{component}@hourly", trades=count, parameters=FAST.parameters(component))


def place_of(
    folder: Path, closed: Sequence[Resolved] = (), market: Sequence[SymbolBar] = ()
) -> Place:
    write_log(folder / "log.sqlite", closed, market)
    return Place(folder / "log.sqlite", folder / "artifacts", DESKS)


def with_one(change: Callable[[Trade], Trade]) -> list[Trade]:
    rows = trades(TRADES)
    return [*rows[:100], change(rows[100]), *rows[101:]]


@pytest.mark.parametrize(
    ("component", "value"),
    [
        *((component, float("nan")) for component in NEEDED),
        *(("online_learning", float(text)) for text in ("inf", "-inf")),
    ],
)
def test_a_feature_that_is_no_number_is_named_with_its_trade(
    tmp_path: Path, component: str, value: float
) -> None:
    place = place_of(tmp_path, with_one(lambda trade: broken(trade, value)))
    reason, permanent = said(place, component)
    assert (trades(101)[100].opportunity in reason, "not finite" in reason) == (True, True)
    assert permanent


def test_a_return_that_is_no_number_is_named_with_its_trade(tmp_path: Path) -> None:
    nan = float("nan")
    place = place_of(tmp_path, with_one(lambda trade: replace(trade, signal_net=nan)))
    assert "not finite" in said(place)[0]


@pytest.mark.parametrize("component", [*OF_BARS, "s15_rl_policy"])
@pytest.mark.parametrize("price", [float("nan"), float("inf"), 0.0])
def test_a_bar_with_a_price_that_is_none_is_named(
    tmp_path: Path, component: str, price: float
) -> None:
    market = markets.market(markets.regimes(BARS, 0.0, 1), 1)
    market[20] = replace(market[20], low=price)
    reason, permanent = said(place_of(tmp_path, market=market), component)
    assert f"BTC: the bar of {20 * HOUR_MS} has a price that is not finite" in reason
    assert permanent


@pytest.mark.parametrize("component", NEEDED)
def test_ten_bars_and_ten_trades_are_too_few(tmp_path: Path, component: str) -> None:
    market = markets.market(markets.regimes(10, 0.0, 1), 1)
    reason, permanent = said(place_of(tmp_path, trades(10), market), component, count=10)
    assert NEEDED[component] in reason
    assert permanent


def test_outcomes_that_are_all_the_same_tell_nothing_apart(tmp_path: Path) -> None:
    place = place_of(tmp_path, [replace(trade, signal_net=0.01) for trade in trades(TRADES)])
    reason, permanent = said(place)
    assert "nothing to tell apart" in reason
    assert permanent


@pytest.mark.parametrize("component", ["neural_ucb", "online_learning", "model_ensemble"])
def test_columns_that_never_vary_are_learned_from_without_harm(
    tmp_path: Path, component: str
) -> None:
    flat = [
        replace(
            trade,
            setup=[1.0] * len(trade.setup),
            contexts=[1.0] * len(trade.contexts),
            scores=[1.0] * len(trade.scores),
        )
        for trade in trades(TRADES)
    ]
    metrics = metrics_of(place_of(tmp_path, flat), component, TRADES)
    assert abs(metrics["holdout_gain"]) < 0.01  # it knows the base rate only


@pytest.mark.parametrize("component", ["pm_optimizer", "slippage_latency"])
def test_bars_that_stand_still_are_learned_from_without_harm(
    tmp_path: Path, component: str
) -> None:
    given = worlds.random_walk(400)
    place = place_of(tmp_path, given.closed, [still(bar) for bar in given.market])
    metrics = metrics_of(place, component, len(given.closed))
    assert abs(metrics["holdout_gain"]) < 0.001  # it knows what is usual, and nothing else


@pytest.mark.parametrize("component", ["regime_detector", "pattern_recognition", "s15_rl_policy"])
def test_what_sees_shapes_is_told_that_bars_that_stand_still_have_none(
    tmp_path: Path, component: str
) -> None:
    given = markets.shape_world(20, 0.5, 1)
    place = place_of(tmp_path, given.closed, [still(bar) for bar in given.market])
    reason, permanent = said(place, component, count=len(given.closed))
    assert reason.startswith("0 ")
    assert "are too few" in reason
    assert permanent


def still(bar: SymbolBar) -> Bar:
    prices = dict.fromkeys(("open", "high", "low", "close"), 100.0)
    return Bar(bar.symbol, bar.open_ms, interval_ms=bar.interval_ms, **prices)


def metrics_of(place: Place, component: str, count: int) -> Mapping[str, float]:
    reactor = TrainingReactor(place)
    try:
        fact: Any = read(reactor.finish(of(asked(component, count))))
    finally:
        reactor.close()
    assert fact.DESCRIPTOR.name == "TrainingSucceeded", fact
    return dict(fact.metrics)


def test_a_training_that_wants_all_memory_is_ended_with_the_limit(tmp_path: Path) -> None:
    reason, permanent = said(place_of(tmp_path), program=HUNGRY)
    assert reason == "out of memory: a training may use 4 GiB"
    assert not permanent


def test_a_training_that_diverges_ends_at_the_step_that_does(tmp_path: Path) -> None:
    reason, permanent = said(place_of(tmp_path), program=DIVERGES)
    assert reason == "it diverged: the loss is nan at step 1 of 50"
    assert permanent


def test_a_log_that_was_damaged_teaches_nothing_and_is_named(tmp_path: Path) -> None:
    place = place_of(tmp_path)
    content = bytearray(place.log.read_bytes())
    at = content.rindex(b"BTC-3600000")
    content[at : at + 3] = b"XTC"
    place.log.write_bytes(content)
    reason, permanent = said(place)
    assert "is damaged" in reason
    assert not permanent
