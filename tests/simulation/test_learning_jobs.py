"""A job of the head weights runs once each time, whatever crashes around its fire time."""

from collections import Counter
from functools import cache
from typing import Any

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.kernel.host import PROCESS_KINDS
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.history import accepted
from kingmaker.runtime.log import Log
from kingmaker.runtime.memory_log import MemoryLog
from tests.simulation.invariants import history
from tests.simulation.places import policy_at, time_of
from tests.simulation.world import Life, World, bars_of, services, settings_and_models

BARS = 190  # five minutes each, from 11:25 on
CRASH_RATE = 0.02
LEARNING = {
    "learning.head_weights": "1",
    "learning.min_outcomes_for_update": "1",
    "learning.daily_time": "02:45",
    "signals.confluence_min": "0",
}
LEARNERS = Lane("km.learners.v1")


@cache
def world() -> World:
    """Return sixteen hours of a desk whose heads learn; the daily job is due in the last one."""
    policy = policy_at("birth")
    policy["learners"] = {**policy["learners"], **LEARNING}
    bare = World(settings_and_models(policy, time_of(0)), policy)
    return bare.with_happenings(bars_of(1, BARS))


def lived(log: MemoryLog) -> Life:
    """Live through that day, process after process."""
    life = Life(log, world())
    life.to_the_end(time_of(BARS))
    return life


def said(log: Log, *names: str) -> list[tuple[str, Any]]:
    """Return what the learners said of these kinds, in order."""
    found = []
    for record in accepted(log, LEARNERS):
        package, _, name = record.kind.rpartition(".")
        if name in names:
            found.append((name, message_class(package, name).FromString(record.value)))
    return found


@cache
def undisturbed() -> list[object]:
    """Return the history of a day without a crash, and see that it is worth watching."""
    log = MemoryLog()
    lived(log)
    kinds = Counter(name for name, _ in said(log, "TriggerFired", "WeightsLearned"))
    assert kinds["TriggerFired"] == 3, "two were missed before the start, one is due at 02:45"
    assert kinds["WeightsLearned"] > 10
    causes = {event.cause for _, event in said(log, "WeightsLearned")}
    assert causes == {"outcome", "daily"}
    return history(log, services(), PROCESS_KINDS)


@pytest.mark.parametrize("seed", range(6))
def test_every_fire_time_runs_once_and_the_history_is_the_same(seed: int) -> None:
    log = MemoryLog(seed, CRASH_RATE)
    life = lived(log)
    assert life.deaths, "this seed tests nothing"
    log.crash_rate = 0.0
    fired = [(e.schedule, e.fire_time_ms) for _, e in said(log, "TriggerFired")]
    assert len(set(fired)) == len(fired)
    assert history(log, services(), PROCESS_KINDS) == undisturbed()
