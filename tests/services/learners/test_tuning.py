"""The weekly search: it fires once, and starts a training that searches."""

from dataclasses import replace
from functools import reduce

import pytest

from kingmaker.contracts import schedule
from kingmaker.contracts.desks import Desk
from kingmaker.kernel.service import Tick
from kingmaker.learners import decider, service
from kingmaker.learners.decider import Window
from kingmaker.learners.domain import (
    Event,
    OutcomeCounted,
    PolicyApplied,
    State,
    TrainingStarted,
    TrainingSucceeded,
)
from kingmaker.learners.looking_back import TriggerFired
from kingmaker.learners.policy import Policy

DAY = 86_400_000
SLOT = "online_learning@hourly"
FIRE = schedule.latest("0 5 * * SAT", 20_000 * DAY) or 0
ON = PolicyApplied(
    "h", {"learning.components": "online_learning", "learning.tuning": "online_learning"}
)
TRADES = OutcomeCounted("hourly", 1500, FIRE - DAY)

decide = decider.build((Desk("hourly", 0),), ("online_learning",), service.seal())


def told(state: State, time_ms: int) -> tuple[State, list[Event]]:
    said = list(decide(state, Window(time_ms), Tick(time_ms), {}))
    return reduce(decider.evolve, said, state), said


def ready(*events: Event) -> State:
    state = reduce(decider.evolve, events, State())
    return replace(state, night=FIRE // DAY, learned={SLOT: 1500})


def test_a_fire_time_starts_one_search_from_trades_that_were_learned_from() -> None:
    state, fired = told(ready(ON, TRADES), FIRE)
    assert [event for event in fired if isinstance(event, TriggerFired)]
    state, said = told(state, FIRE + 60_000)
    [started] = [event for event in said if isinstance(event, TrainingStarted)]
    assert (started.cause, started.origin) == ("tuning", "autogen")
    assert started.parameters["search_trials"] == 50
    fact = TrainingSucceeded(started.training, "d" * 64, 9, "e" * 64, 0, {}, {"l2": 3.0})
    [done] = decide(state, Window(FIRE), fact, {})
    assert getattr(done, "found", None) == {"l2": 3.0}
    state = decider.evolve(state, done)
    _, later = told(state, FIRE + DAY // 2)
    assert not [event for event in later if isinstance(event, TrainingStarted | TriggerFired)]


def test_without_the_setting_nothing_fires() -> None:
    alone = PolicyApplied("h", {"learning.components": "online_learning"})
    _, said = told(ready(alone, TRADES), FIRE)
    assert not [event for event in said if isinstance(event, TriggerFired)]


def test_a_component_without_a_space_is_refused() -> None:
    with pytest.raises(ValueError, match=r"learning\.tuning='regime_detector'"):
        Policy.from_values({"learning.tuning": "regime_detector"})
