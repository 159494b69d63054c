"""What is not seen moves no answer; what is too long ago is not learned from."""

import numpy as np

from kingmaker.contracts.models import FEATURES
from kingmaker.learners import indicators, sight, training
from kingmaker.learners.experience import Experience
from kingmaker.learners.learners import load
from tests.services.learners.trades import trades

BLIND = {"l2": 10.0, "exploration": 0.1, "without_returns": 1.0}


def test_a_look_back_keeps_the_latest() -> None:
    batch = Experience.of(trades(100))
    seen = sight.of(batch, {"lookback_share": 0.35})
    assert seen.decided_ms.tolist() == batch.decided_ms[-35:].tolist()


def test_a_graph_does_not_ask_for_what_was_not_seen() -> None:
    batch = Experience.of(trades(300))
    for component in ("online_learning", "neural_ucb"):
        learner = load(component, BLIND)
        model = learner.export(learner.fit(sight.of(batch, BLIND), None, 7))
        decide, other = training.open_session(model), sight.of(batch, {"without_returns": 1.0})
        one, two = decide(learner.inputs(batch)), decide(learner.inputs(other))
        assert all(np.array_equal(one[name], two[name]) for name in one)
    columns = indicators.hidden(BLIND)
    assert (batch.setup[:, columns] != other.setup[:, columns]).any()
    assert np.array_equal(batch.setup[:, 2 * FEATURES :], other.setup[:, 2 * FEATURES :])
