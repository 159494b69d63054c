"""A revisable graph learns on, trade by trade, as its learner would; others stay as they were."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import onnx
import pytest

from kingmaker.kernel.arithmetic import ln
from kingmaker.learners import learners
from kingmaker.learners.contract import Arrays
from kingmaker.learners.experience import Experience, clustered_error
from kingmaker.learners.training import open_session
from kingmaker.revisions import Numbers
from kingmaker.revisions.declaration import read
from kingmaker.revisions.rules import Rule, rule_of
from tests.services.learners.trades import Trade, trades

PARAMETERS = {"online_learning": {"l2": 1.0}, "neural_ucb": {"l2": 1.0, "exploration": 0.1}}
DRIFTED = 1500


def revisable(component: str) -> Any:  # noqa: ANN401 - of any state
    return learners.load(component, PARAMETERS[component] | {"revisions": 1.0})


def lessons(component: str, batch: Experience) -> list[tuple[list[float], float]]:
    """Return what the trader would teach, a row and a label a trade."""
    if component == "online_learning":
        return list(zip(batch.setup.tolist(), batch.won.tolist(), strict=True))
    contexts = batch.contexts[np.arange(len(batch)), batch.arm].tolist()
    rewards = np.clip(batch.net / batch.risk, -5.0, 5.0).tolist()
    return list(zip(contexts, rewards, strict=True))


def scores(component: str, answers: Arrays, arms: Sequence[int]) -> list[float]:
    """Return what is foretold of each row."""
    if component == "online_learning":
        return [float(one) for one in answers["score"][:, 0]]
    return [float(row[arm]) for row, arm in zip(answers["mu"], arms, strict=True)]


def opened(component: str, model: bytes) -> tuple[Any, Rule, Numbers]:
    """Return declaration, rule and memory of a graph as it was exported."""
    [text] = [
        pair.value
        for pair in onnx.load_from_string(model).metadata_props
        if pair.key == "km.revision"
    ]
    declaration = read(text)
    rule = rule_of(declaration, component)
    return declaration, rule, rule.begin(declaration)


@pytest.mark.parametrize("component", sorted(PARAMETERS))
def test_a_rule_learns_what_its_learner_learns(component: str) -> None:
    learner, batch = revisable(component), Experience.of(trades(500))
    fit = learner.fit(batch[:300], None, 7)
    model = learner.export(fit)
    declaration, rule, memory = opened(component, model)
    for row, label in lessons(component, batch[300:]):
        memory = rule.step(declaration, memory, row, label)
    later = learner.update(fit, batch[300:])
    vector = np.asarray(rule.vector(declaration, memory), np.float32)
    inputs = {name: rows[300:364] for name, rows in learner.inputs(batch).items()}
    session = open_session(model)
    answers = session({**inputs, "revision": vector})
    for name, expected in learner.reference(later, inputs).items():
        assert np.abs(answers[name] - expected).max() < 1e-5 * max(1.0, np.abs(expected).max())
    own = session(inputs)
    first = np.asarray(rule.vector(declaration, rule.begin(declaration)), np.float32)
    given = session({**inputs, "revision": first})
    assert all((own[name] == given[name]).all() for name in own), "revision 0 is the export"


@pytest.mark.parametrize("component", sorted(PARAMETERS))
def test_what_was_learned_can_be_exported_and_goes_on_from_there(component: str) -> None:
    learner, batch = revisable(component), Experience.of(trades(500))
    later = learner.update(learner.fit(batch[:300], None, 7), batch[300:400])
    declaration, rule, memory = opened(component, learner.export(later))
    for row, label in lessons(component, batch[400:]):
        memory = rule.step(declaration, memory, row, label)
    last = learner.update(later, batch[400:])
    wanted, _, again = opened(component, learner.export(last))
    assert np.allclose(rule.vector(declaration, memory), rule.vector(wanted, again), atol=1e-9)


@pytest.mark.parametrize("component", sorted(PARAMETERS))
def test_without_the_setting_a_graph_declares_nothing(component: str) -> None:
    learner = learners.load(component, PARAMETERS[component])
    model = learner.export(learner.fit(Experience.of(trades(300)), None, 7))
    assert b"km.revision" not in model
    assert b"km.revision" in revisable(component).export(
        learner.fit(Experience.of(trades(300)), None, 7)
    )


@pytest.mark.parametrize("component", sorted(PARAMETERS))
def test_where_the_world_turns_the_revised_model_beats_its_frozen_twin(component: str) -> None:
    """In the second half everything that won loses: who learns on must foretell it better."""
    before, after = trades(600), [turned(trade) for trade in trades(600 + DRIFTED)[600:]]
    learner = revisable(component)
    model = learner.export(learner.fit(Experience.of(before), None, 7))
    losses = {"revised": revising(component, model, Experience.of(after))}
    losses["frozen"] = revising(component, model, Experience.of(after), learns=False)
    gain = losses["frozen"] - losses["revised"]
    assert gain.mean() > 3.0 * clustered_error(gain, np.arange(len(gain)))


@pytest.mark.parametrize("component", sorted(PARAMETERS))
def test_where_nothing_turns_learning_on_costs_little(component: str) -> None:
    both = trades(600 + DRIFTED)
    learner = revisable(component)
    model = learner.export(learner.fit(Experience.of(both[:600]), None, 7))
    rest = Experience.of(both[600:])
    frozen = revising(component, model, rest, learns=False)
    loss = revising(component, model, rest) - frozen
    assert loss.mean() < 0.05 * frozen.mean()


def turned(trade: Trade) -> Trade:
    return replace(trade, signal_net=-trade.signal_net)


def revising(component: str, model: bytes, batch: Experience, *, learns: bool = True) -> np.ndarray:
    """Return the loss of each trade, foretold before it is learned."""
    declaration, rule, memory = opened(component, model)
    session, learner = open_session(model), revisable(component)
    inputs, losses = learner.inputs(batch), []
    for at, (row, label) in enumerate(lessons(component, batch)):
        vector = np.asarray(rule.vector(declaration, memory), np.float32)
        one = {name: rows[at : at + 1] for name, rows in inputs.items()}
        [foretold] = scores(component, session({**one, "revision": vector}), [int(batch.arm[at])])
        losses.append(_loss(component, foretold, label))
        memory = rule.step(declaration, memory, row, label) if learns else memory
    return np.asarray(losses)


def _loss(component: str, foretold: float, label: float) -> float:
    if component == "neural_ucb":
        return (foretold - label) ** 2
    chance = min(max(foretold, 1e-6), 1.0 - 1e-6)
    return -ln(chance) if label else -ln(1.0 - chance)
