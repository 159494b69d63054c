"""Learning from played bars: purged steps, each trade once, the same bits every time."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from kingmaker.learners import learners, walk_forward, walking
from kingmaker.learners.experience import Experience, UnfitDataError, split
from kingmaker.learners.training import Product
from tests.services.learners.trades import Given, Trade, trades

PARAMETERS = {"holdout_share": 0.25, "l2": 30.0, "exploration": 0.1}
ADAPTIVE = ("neural_ucb", "online_learning")
COUNT = 600


def learn(rows: Sequence[Trade], base_until_ms: int = 0, component: str = ADAPTIVE[1]) -> Product:
    return walk_forward.learn(
        component, Given(rows), 7, PARAMETERS, lambda _said: None, base_until_ms
    )


class Listening:
    """A learner that remembers what it was taught."""

    def __init__(self, component: str) -> None:
        self.learner: Any = learners.load(component, PARAMETERS)
        self.fitted: list[Experience] = []
        self.updated: list[Experience] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self.learner, name)

    def fit(self, batch: Experience, prior: object, seed: int, tell: Any) -> object:  # noqa: ANN401 - as the contract
        self.fitted.append(batch)
        return self.learner.fit(batch, prior, seed, tell)

    def update(self, state: object, batch: Experience) -> object:
        self.updated.append(batch)
        return self.learner.update(state, batch)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Listening:
    listening = Listening("online_learning")
    monkeypatch.setattr(learners, "load", lambda *_: listening)
    return listening


@pytest.mark.parametrize("component", ADAPTIVE)
def test_the_same_trades_give_the_same_bits(component: str) -> None:
    first, second = (learn(trades(COUNT, skill=2.0), component=component) for _ in range(2))
    assert first.digest == second.digest
    assert first.metrics == second.metrics


def test_a_planted_signal_gains_in_every_step_and_noise_does_not() -> None:
    skilled, null = learn(trades(COUNT, skill=2.0)), learn(trades(COUNT, skill=0.0))
    assert walking.why_not(skilled.metrics) == ""
    assert walking.why_not(null.metrics)
    assert skilled.manifest["metrics"] == skilled.metrics


def test_no_step_learns_from_a_trade_that_was_open_when_its_judging_began(
    heard: Listening,
) -> None:
    learn(trades(COUNT))
    batch = Experience.of(trades(COUNT))
    cuts = [batch.decided_ms[int(COUNT * share)] for share in (0.75, 0.5)]
    assert all(one.resolved_ms.max() <= cut for one, cut in zip(heard.fitted, cuts, strict=True))
    assert len(heard.fitted[1]) < len(heard.fitted[0])


def test_a_light_run_teaches_each_trade_since_the_run_before_once(heard: Listening) -> None:
    rows = trades(COUNT)
    base_until_ms = rows[500].time_ms
    learn(rows, base_until_ms)
    [fitted, *_], [updated] = heard.fitted, heard.updated
    before, _ = split(Experience.of(rows).until(base_until_ms), 0.25)
    now, _ = split(Experience.of(rows), 0.25)
    assert np.array_equal(fitted.decided_ms, before.decided_ms)
    both = np.concatenate([fitted.decided_ms, updated.decided_ms])
    assert np.array_equal(both, now.decided_ms)
    assert len(np.unique(both)) == len(both)


def test_a_light_run_without_anything_new_gives_what_the_run_before_gave() -> None:
    rows = trades(COUNT)
    latest_ms = max(row.time_ms for row in rows)
    assert learn(rows, latest_ms).digest == learn(rows).digest
    assert learn(rows, rows[400].time_ms).digest != learn(rows[:400]).digest


def test_an_earlier_step_that_cannot_learn_is_not_measured() -> None:
    few = learn(trades(200))
    assert walking.why_not(few.metrics) == f"not measured: {walking.LEAST}"


def test_too_few_trades_teach_nothing() -> None:
    with pytest.raises(UnfitDataError, match="too few"):
        learn(trades(60))
    with pytest.raises(UnfitDataError, match="no closed trades"):
        learn([])
