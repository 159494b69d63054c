"""What was learned of costs, exits and scales shows in the records of a trader that uses it."""

import numpy as np
import pytest

from kingmaker.contracts.models import SIGNATURES
from kingmaker.kernel.service import Answer, Question
from kingmaker.learners import training
from kingmaker.learners.policy import Policy
from kingmaker.trader.said import OpportunityDecided
from tests.services.learners.trades import Given
from tests.services.learners.worlds import falling_back, scored, slipping
from tests.services.trader.desk import Ask, bootstrap, component_in, reigning, walk

BARS = list(walk(400))

type Told = dict[str, tuple[float, ...]]


def answering(component: str, world: Given, told: list[Told]) -> Ask:
    """Answer as the bootstrap does, and for one component as what was trained on a world.

    What that one answers is kept in `told`.
    """
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
        told.append({name: tuple(rows.ravel().tolist()) for name, rows in found.items()})
        return Answer(told[-1])

    return answer


def decided(answer: Ask) -> list[OpportunityDecided]:
    rig = reigning(answer)
    rig.hear_all(BARS)
    return rig.of(OpportunityDecided)


def test_learned_exits_stand_in_the_decision() -> None:
    told: list[Told] = []
    usual = decided(bootstrap)
    learned = decided(answering("pm_optimizer", falling_back(1200), told))
    assert len(usual) == len(learned) == len(told) > 5
    assert {exits(one) for one in usual} == {(1.0, 0.0, 12)}
    assert {exits(one) for one in learned} == {(0.0, 0.5, 12)}  # follow half a risk behind
    assert [exits(one) for one in learned] == [answer["exit_params"] for answer in told]


def test_learned_costs_move_the_vote_of_their_head() -> None:
    told: list[Told] = []
    usual = decided(bootstrap)
    learned = decided(answering("slippage_latency", slipping(1600), told))
    assert votes(usual, "slippage_latency") != votes(learned, "slippage_latency")
    assert len(set(votes(learned, "slippage_latency"))) > 5
    paid = [2.0 * answer["score"][0] * 1e-4 for answer in told]  # at both sides of a trade
    aims = [one.decisions[0].target_distance for one in learned]
    expected = [1.0 - cost / aim for cost, aim in zip(paid, aims, strict=True)]
    assert votes(learned, "slippage_latency") == pytest.approx(expected)


def test_learned_scales_move_the_vote_of_the_ensemble() -> None:
    told: list[Told] = []
    usual = decided(bootstrap)
    learned = decided(answering("model_ensemble", Given(scored(1600)), told))
    assert set(votes(usual, "model_ensemble")) == {0.0}  # nothing was blended: all scores are zero
    scores = [answer["score"][0] for answer in told]
    assert all(score != 0.0 for score in scores)
    assert votes(learned, "model_ensemble") == scores


def exits(one: OpportunityDecided) -> tuple[float, float, int]:
    decision = one.decisions[0]
    return decision.breakeven_r, decision.trail_r, decision.time_bars


def votes(found: list[OpportunityDecided], component: str) -> list[float]:
    return [
        vote.confidence if vote.agrees else -vote.confidence
        for one in found
        for vote in one.decisions[0].votes
        if vote.component == component
    ]
