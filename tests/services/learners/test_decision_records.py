"""What was learned of costs, exits and scales shows in the records of a trader that uses it."""

import numpy as np

from kingmaker.contracts.models import SIGNATURES
from kingmaker.kernel.service import Answer, Question
from kingmaker.learners import training
from kingmaker.learners.policy import Policy
from kingmaker.trader.said import OpportunityDecided
from tests.services.learners.trades import Given
from tests.services.learners.worlds import falling_back, scored, slipping
from tests.services.trader.desk import Ask, bootstrap, component_in, reigning, walk

BARS = list(walk(400))


def answering(component: str, world: Given) -> Ask:
    """Answer as the bootstrap does, and for one component as what was trained on a world."""
    parameters = Policy().parameters(component)
    model = training.train(component, world, 7, parameters, lambda _: None).model
    decide = training.open_session(model)

    def answer(question: Question) -> Answer:
        if component_in(question) != component:
            return bootstrap(question)
        inputs = {
            port.name: np.array(question.inputs[port.name], np.float32).reshape(
                [1 if size == "B" else int(size) for size in port.shape]
            )
            for port in SIGNATURES[component].inputs
        }
        found = decide(inputs)
        return Answer({name: tuple(rows.ravel().tolist()) for name, rows in found.items()})

    return answer


def decided(answer: Ask) -> list[OpportunityDecided]:
    rig = reigning(answer)
    rig.hear_all(BARS)
    return rig.of(OpportunityDecided)


def test_learned_exits_stand_in_the_decision() -> None:
    usual, learned = decided(bootstrap), decided(answering("pm_optimizer", falling_back(1200)))
    assert len(usual) == len(learned) > 5
    assert {one.decisions[0].trail_r for one in usual} == {0.0}
    assert {one.decisions[0].trail_r for one in learned} == {0.5}
    assert {one.decisions[0].time_bars for one in learned} <= set(range(1, 13))


def test_learned_costs_move_the_vote_of_their_head() -> None:
    usual, learned = decided(bootstrap), decided(answering("slippage_latency", slipping(1600)))
    assert votes(usual, "slippage_latency") != votes(learned, "slippage_latency")
    assert len(set(votes(learned, "slippage_latency"))) > 5


def test_learned_scales_move_the_vote_of_the_ensemble() -> None:
    world = Given(scored(1600))
    usual, learned = decided(bootstrap), decided(answering("model_ensemble", world))
    assert set(votes(usual, "model_ensemble")) == {0.0}  # nothing was blended: all scores are zero
    assert all(vote != 0.0 for vote in votes(learned, "model_ensemble"))


def votes(found: list[OpportunityDecided], component: str) -> list[float]:
    return [
        vote.confidence if vote.agrees else -vote.confidence
        for one in found
        for vote in one.decisions[0].votes
        if vote.component == component
    ]
