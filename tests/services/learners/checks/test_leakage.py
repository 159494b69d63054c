"""From labels without meaning nothing is learned; a learner that sees the outcome is caught."""

import numpy as np
import pytest

from kingmaker.learners.bars import by_symbol
from kingmaker.learners.checks.leakage import Leakage, check, dealt, shuffled
from kingmaker.learners.checks.subject import of_component
from kingmaker.learners.experience import Experience
from kingmaker.learners.learners.online_learning import OnlineLearning
from tests.services.learners.checks.test_lookahead import Told, subject
from tests.services.learners.trades import HOUR_MS, Bar, Given, trades

ROUNDS = 10


def leakage_of(learner: OnlineLearning, skill: float = 0.0, count: int = 600) -> Leakage:
    one = subject(learner)
    batch = one.experience(Given(trades(count, skill=skill)))
    return check(one, batch, lambda _done: None, ROUNDS)


@pytest.mark.parametrize("component", ["online_learning", "neural_ucb"])
def test_a_learner_that_ships_learns_the_signal_and_nothing_from_nothing(component: str) -> None:
    one = of_component(component)
    heard: list[int] = []
    batch = one.experience(Given(trades(600, skill=2.0)))
    found = check(one, batch, heard.append, ROUNDS)
    assert found.gain > 2.0 * found.error
    assert found.ok
    assert found.uses_outcomes
    assert (len(found.shuffled), len(found.shifted)) == (5, 5)
    assert heard == list(range(1, ROUNDS + 2))


def test_an_outcome_among_the_inputs_is_caught_whatever_the_labels() -> None:
    found = leakage_of(Told(l2=1.0))
    assert not found.ok
    assert found.striking == ROUNDS
    assert min(*found.shuffled, *found.shifted) > 5.0


def test_too_few_trades_are_a_reason_and_no_verdict() -> None:
    found = leakage_of(OnlineLearning(l2=100.0), count=60)
    assert not found.ok
    assert "trades are too few" in found.reason


def test_shuffled_outcomes_stay_with_the_distances_that_they_came_from() -> None:
    batch = Experience.of(trades(20))
    places = np.arange(20)[::-1]
    other = shuffled(batch, places, np.random.default_rng(1))
    assert (other.net == batch.net[::-1]).all()
    assert (other.risk == batch.risk[::-1]).all()
    assert (other.setup == batch.setup).all()
    assert (other.resolved_ms == batch.resolved_ms).all()


def test_bars_dealt_anew_have_the_shapes_and_the_end_of_those_before() -> None:
    given = [
        Bar("BTC", number * HOUR_MS, close, open=close * 0.99, high=close * 1.02, low=close * 0.98)
        for number, close in enumerate((1.0, 1.1, 1.05, 1.2, 1.15))
    ]
    [bars] = by_symbol(given)
    other = dealt(bars, np.random.default_rng(3))
    assert other.close[-1] == pytest.approx(bars.close[-1])
    assert (other.open_ms == bars.open_ms).all()
    assert (other.high >= other.close).all()
    assert (other.low <= other.close).all()
    assert not np.allclose(other.close, bars.close)
