"""Trainings that go wrong, in their real processes: a recorded reason, no bundle, no other harm."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kingmaker.runtime.reactors.training import Place, TrainingReactor
from tests.runtime.reactors.test_training import DESKS, Started, of, read
from tests.runtime.reactors.trading_log import TRADES, write_log
from tests.services.learners.trades import Trade, broken, trades

COMPONENTS = ("neural_ucb", "online_learning")
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
    started = Started(slot=f"{component}@hourly", trades=count)
    try:
        fact = read(reactor.finish(of(started)))
    finally:
        reactor.close()
    assert not place.artifacts.exists() or list(place.artifacts.iterdir()) == []
    return str(getattr(fact, "reason", "")), bool(getattr(fact, "permanent", False))


def place_of(folder: Path, closed: Sequence[Trade] = ()) -> Place:
    write_log(folder / "log.sqlite", closed)
    return Place(folder / "log.sqlite", folder / "artifacts", DESKS)


def with_one(change: Callable[[Trade], Trade]) -> list[Trade]:
    rows = trades(TRADES)
    return [*rows[:100], change(rows[100]), *rows[101:]]


@pytest.mark.parametrize("component", COMPONENTS)
@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
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


@pytest.mark.parametrize("component", COMPONENTS)
def test_ten_trades_are_too_few(tmp_path: Path, component: str) -> None:
    reason, permanent = said(place_of(tmp_path, trades(10)), component, count=10)
    assert "too few" in reason
    assert permanent


def test_outcomes_that_are_all_the_same_tell_nothing_apart(tmp_path: Path) -> None:
    place = place_of(tmp_path, [replace(trade, signal_net=0.01) for trade in trades(TRADES)])
    reason, permanent = said(place)
    assert "nothing to tell apart" in reason
    assert permanent


def test_columns_that_never_vary_are_learned_from_without_harm(tmp_path: Path) -> None:
    flat = [replace(trade, setup=np.ones(len(trade.setup)).tolist()) for trade in trades(TRADES)]
    reactor = TrainingReactor(place_of(tmp_path, flat))
    try:
        fact = read(reactor.finish(of(Started())))
    finally:
        reactor.close()
    assert abs(getattr(fact, "metrics", {})["holdout_gain"]) < 0.01  # it knows the base rate only


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
