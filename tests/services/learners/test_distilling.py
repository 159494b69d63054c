"""A training with a teacher as the decider has it: asked for, recorded, cancelled, tried again."""

from collections.abc import Sequence
from functools import reduce

from kingmaker.contracts.desks import Desk
from kingmaker.learners import decider, service
from kingmaker.learners.decider import Window
from kingmaker.learners.domain import (
    ChampionNoted,
    Event,
    Message,
    OutcomeCounted,
    PolicyApplied,
    State,
    TrainingCompleted,
    TrainingStarted,
    TrainingSucceeded,
)
from kingmaker.learners.people import TrainingCancelled
from tests.services.learners.test_asked import BELIEVED, HOUR, NOW, refusal, signed

SLOT, OTHER = "s15_rl_policy@hourly", "online_learning@hourly"
TEACHER, DIGEST = "e" * 64, "d" * 64
SETTINGS = {
    "learning.components": "online_learning,s15_rl_policy",
    "distillation.temperature": "3",
    "distillation.hours": "12",
}
READY = (
    PolicyApplied("h", SETTINGS),
    *BELIEVED,
    ChampionNoted(SLOT, "v1.0.0-bootstrap"),
    OutcomeCounted("hourly", 400, NOW - HOUR),
)

decide = decider.build((Desk("hourly", 0),), ("online_learning", "s15_rl_policy"), service.seal())


def given(*history: Event) -> State:
    return reduce(decider.evolve, history, State())


def when(state: State, message: Message) -> Sequence[Event]:
    return decide(state, Window(NOW), message, {})


def asked() -> Sequence[Event]:
    return when(given(*READY), signed("StartTraining", slot=SLOT, origin="distilled"))


def started(events: Sequence[Event]) -> TrainingStarted:
    [one] = [event for event in events if isinstance(event, TrainingStarted)]
    return one


def test_what_the_teacher_goes_by_is_recorded_with_the_start() -> None:
    start = started(asked())
    told = {key: value for key, value in start.parameters.items() if "distil" in key}
    assert start.origin == "distilled"
    assert told == {
        "distillation_share": 0.5,
        "distillation_temperature": 3.0,
        "distillation_hours": 12.0,
        "distillation_teacher_steps": 300.0,
        "distillation_teacher_bars_max": 40_000.0,
    }
    assert start.parameters["steps"] == 3000.0


def test_a_training_without_one_is_told_of_none() -> None:
    plain = started(when(given(*READY), signed("StartTraining", slot=SLOT)))
    assert not [key for key in plain.parameters if "distil" in key]


def test_another_component_is_refused_with_those_that_can() -> None:
    said = when(given(*READY), signed("StartTraining", slot=OTHER, origin="distilled"))
    assert "online_learning cannot be distilled: s15_rl_policy can" in refusal(said)


def test_the_product_names_its_teacher() -> None:
    fact = TrainingSucceeded("tr-0001", DIGEST, 9, "data", 0, {"holdout_gain": 0.0}, {}, TEACHER)
    [completed] = when(given(*READY, *asked()), fact)
    assert isinstance(completed, TrainingCompleted)
    assert (completed.digest, completed.teacher) == (DIGEST, TEACHER)
    assert (completed.origin, completed.parent) == ("distilled", "v1.0.0-bootstrap")


def test_one_that_was_cancelled_is_tried_again_with_its_teacher() -> None:
    over = given(*READY, *asked())
    cancel = signed("CancelTraining", command_id="c-2", training="tr-0001")
    cancelled = when(over, cancel)
    assert isinstance(cancelled[-1], TrainingCancelled)
    state = reduce(decider.evolve, cancelled, over)
    again = started(when(state, signed("RetryTraining", command_id="c-3", training="tr-0001")))
    first = started(asked())
    assert (again.origin, again.parameters) == (first.origin, first.parameters)
    assert (again.seed, again.trades) == (first.seed, first.trades)
