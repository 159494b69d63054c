"""The product's learners do not look ahead; one that does is caught by name."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from kingmaker.contracts.models import SETUP
from kingmaker.learners.bars import by_symbol
from kingmaker.learners.checks.lookahead import Checked, altered, check, truncated
from kingmaker.learners.checks.subject import Subject, of_component
from kingmaker.learners.contract import Arrays, Floats, Tell, unheard
from kingmaker.learners.experience import Experience
from kingmaker.learners.learners.online_learning import Logistic, OnlineLearning
from tests.services.learners.trades import HOUR_MS, Bar, Given, trades

PARAMETERS = {"holdout_share": 0.25}


@dataclass(frozen=True, slots=True)
class Centred(OnlineLearning):
    """Takes the mean of all rows from each: of those that come later, too."""

    def inputs(self, batch: Experience) -> Arrays:
        rows = batch.setup - batch.setup.mean(axis=0)
        return {"features": rows.astype(np.float32)}


@dataclass(frozen=True, slots=True)
class Told(OnlineLearning):
    """Puts the outcome among the inputs."""

    def fit(
        self, batch: Experience, prior: Logistic | None, seed: int, tell: Tell = unheard
    ) -> Logistic:
        return OnlineLearning.fit(self, replace(batch, setup=_told(batch)), prior, seed, tell)

    def inputs(self, batch: Experience) -> Arrays:
        return {"features": _told(batch).astype(np.float32)}


def _told(batch: Experience) -> Floats:
    rows = batch.setup.copy()
    rows[:, SETUP - 1] = batch.won
    return rows


@dataclass(frozen=True, slots=True)
class Behind(OnlineLearning):
    """Looks behind the end of the bars, into the memory that they were cut from."""

    def fit(
        self, batch: Experience, prior: Logistic | None, seed: int, tell: Tell = unheard
    ) -> Logistic:
        whole = batch.bars[0].close.base
        later = float((whole if whole is not None else batch.bars[0].close)[-1])
        return replace(OnlineLearning.fit(self, batch, prior, seed, tell), bias=later)


def subject(learner: OnlineLearning, *, needs_bars: bool = False) -> Subject:
    return Subject("planted", "online_learning", learner, needs_bars, PARAMETERS)


def checked(one: Subject, count: int = 200) -> Checked:
    closed = trades(count)
    market = [Bar("BTC", number * HOUR_MS, 1.0 + number % 7) for number in range(count + 9)]
    heard: list[int] = []
    found = check(one, one.experience(Given(closed, market)), heard.append)
    assert heard == list(range(1, found.prefixes + 1))
    return found


@pytest.mark.parametrize("component", ["online_learning", "neural_ucb", "model_ensemble"])
def test_a_learner_that_ships_does_not_look_ahead(component: str) -> None:
    found = checked(of_component(component))
    assert (found.name, found.difference, found.reason) == (component, None, "")
    assert found.prefixes == 2 * 200 + 2 * 2


def test_a_mean_of_all_rows_is_caught_with_its_first_trade_and_both_values() -> None:
    difference = checked(subject(Centred(l2=100.0))).difference
    assert difference is not None
    assert (difference.symbol, difference.open_ms) == ("features[0]", 0)
    assert difference.other == 0.0
    assert difference.whole != 0.0


def test_an_outcome_among_the_inputs_is_caught() -> None:
    difference = checked(subject(Told(l2=100.0))).difference
    assert difference is not None
    assert difference.symbol == f"features[{SETUP - 1}]"
    assert {difference.whole, difference.other} <= {0.0, 1.0}


def test_bars_behind_the_end_are_caught_by_another_model() -> None:
    difference = checked(subject(Behind(l2=100.0), needs_bars=True)).difference
    assert difference is not None
    assert difference.symbol == "model"
    assert difference.whole != difference.other


def test_too_few_trades_are_a_reason_and_no_verdict() -> None:
    found = checked(of_component("online_learning"), 40)
    assert found.difference is None
    assert "trades are too few" in found.reason


def test_another_future_changes_all_that_comes_later_and_nothing_before() -> None:
    bars = by_symbol([Bar("BTC", number * HOUR_MS, 2.0) for number in range(9)])
    batch = Experience.of(trades(9), bars)
    at = int(batch.resolved_ms[4])
    other = altered(batch, at)
    assert (other.net[:5] == batch.net[:5]).all()
    assert (other.net[5:] != batch.net[5:]).all()
    known = other.bars[0].until(at)
    assert (known.close == bars[0].until(at).close).all()
    assert (other.bars[0].close[len(known) :] != bars[0].close[len(known) :]).all()
    assert truncated(batch, at).bars[0].close.base is None
    assert truncated(batch, at).digest == other.until(at).digest
