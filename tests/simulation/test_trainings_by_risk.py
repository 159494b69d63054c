"""Trainings that risk is the cause of, under crashes: each cause alone, each slot once, named.

The real risk and the real learners on a log that crashes around every append. Every other cause is
set so that it never comes.
"""

from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from typing import Any

import pytest

from kingmaker.kernel.lane import STARTED, Draft, Lane, Pen, frame
from kingmaker.kernel.service import Input
from kingmaker.learners import service as learners
from kingmaker.risk import service as risk
from kingmaker.risk.domain import BarClosed
from kingmaker.risk.references import NEEDED, WINDOW
from kingmaker.risk.window import BEFORE
from kingmaker.runtime.clock import Clock
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.history import decided, message_of
from kingmaker.runtime.log import NotAcceptedError
from kingmaker.runtime.memory_log import CrashError, MemoryLog
from tests.services.risk.markets import bars
from tests.simulation.test_trainings import DESK, HOUR, LEARNERS, START, TRADER, Work
from tests.simulation.world import message

RISK, FEED = Lane("km.risk.v1"), Lane("km.feed.v1")
COLUMNS = fields(BarClosed)
COMPONENTS = ("neural_ucb", "online_learning", "regime_detector")
SLOTS = [f"{component}@one" for component in COMPONENTS]
NEVER = {
    "learning.components": ",".join(COMPONENTS),
    "learning.min_trades": "100",
    "learning.min_new_trades": "1000000",
    "learning.experiences_min": "1000000",
    "learning.experiences": "1000000",
    "learning.age_days": "10000",
}
TRADES = 100
LOSSES = 30  # the last of them
CRASH_RATE = 0.08
SEEDS = range(12)
TIMES = [START + step * HOUR // 2 for step in range(2 * 14)]


def traded() -> Sequence[Draft]:
    """Return trades of which the last ones all lose."""
    drafts = []
    for number in range(TRADES):
        name, time_ms = f"A-{number}", START - HOUR + number
        net = 0.001 if number < TRADES - LOSSES else -0.001
        drafts += [
            message("kingmaker.trader.v1.PositionClosed", position=name, net=net, time_ms=time_ms),
            message("kingmaker.trader.v1.OpportunityResolved", desk="one", time_ms=time_ms),
        ]
    return drafts


@cache
def recorded() -> Sequence[Draft]:
    """Return bars whose last window is three times as wild as those of the reference."""
    count = BEFORE + (NEEDED + 1) * WINDOW
    return [
        message(
            "kingmaker.feed.v1.BarClosed", **{one.name: getattr(bar, one.name) for one in COLUMNS}
        )
        for bar in bars(count, wild_from=count - WINDOW)
    ]


def world(seed: int) -> MemoryLog:
    log = MemoryLog(seed)
    records = frame(TRADER.genesis(log.incarnation), Pen(1, "trader"), [Draft(STARTED, b"{}")])
    log.append(TRADER, records)
    log.append(TRADER, frame(records[-1].position, Pen(1, "trader"), traded()))
    records = frame(FEED.genesis(log.incarnation), Pen(1, "feed"), [Draft(STARTED, b"{}")])
    log.append(FEED, records)
    log.append(FEED, frame(records[-1].position, Pen(1, "feed"), recorded()))
    return log


def settings(name: str, values: dict[str, str]) -> Input:
    apply = message("kingmaker.policy.v1.ApplyPolicy", hash="h", values=values)
    return Input(Lane(f"km.{name}.settings.v1"), 0, apply.kind, apply.value, time_ms=START)


def live(log: MemoryLog, birth: int, switched_on: dict[str, str]) -> None:
    """Live through the world from where the log stands."""
    engines = [Engine(service.build((DESK,), 0), log) for service in (learners, risk)]
    for engine in engines:
        engine.start(f"birth-{birth}")
    clock = Clock(engines, log, {"learners.train": Work()}, eager=True)
    said = [(engines[0], settings("learners", NEVER)), (engines[1], settings("risk", switched_on))]
    now_ms = clock.now_ms
    if now_ms:
        clock.move_to(now_ms, said if now_ms == START else [])
    for time_ms in TIMES:
        if time_ms > now_ms:
            while (due_ms := clock.next_due_ms) is not None and due_ms < time_ms:
                clock.move_to(max(due_ms, clock.now_ms))
            clock.move_to(time_ms, said if time_ms == START else [])


def lived(seed: int, crash_rate: float, **switched_on: str) -> tuple[MemoryLog, int]:
    """Return the log of a life, and how often its processes died."""
    log = world(seed)
    log.crash_rate = crash_rate
    values = {name.replace("_", "."): value for name, value in switched_on.items()}
    for deaths in range(1_000):
        try:
            live(log, deaths, values)
        except (CrashError, NotAcceptedError):
            continue
        return log, deaths
    raise AssertionError("it never came to its end")


def history(log: MemoryLog) -> list[tuple[str, bytes]]:
    return [
        (record.kind, record.value) for lane in (LEARNERS, RISK) for record in decided(log, lane)
    ]


def started(log: MemoryLog) -> list[Any]:
    return [
        message_of(record)
        for record in decided(log, LEARNERS)
        if record.kind.endswith(".TrainingStarted")
    ]


@cache
def undisturbed(cause: str) -> MemoryLog:
    return lived(0, 0.0, **{f"{cause}_enabled": "1"})[0]


def test_where_both_are_off_nothing_starts() -> None:
    log, _ = lived(0, 0.0)
    assert started(log) == []
    assert [record.kind for record in decided(log, RISK)] == ["kingmaker.policy.v1.PolicyApplied"]


@pytest.mark.parametrize("cause", ["guard", "drift"])
def test_each_cause_alone_starts_one_training_of_each_slot_that_names_it(cause: str) -> None:
    first = [one for one in started(undisturbed(cause)) if one.attempt == 1]
    assert sorted(one.slot for one in first) == SLOTS
    assert {one.cause for one in first} == {cause}
    assert all(one.numbers for one in first)


@pytest.mark.parametrize("cause", ["guard", "drift"])
@pytest.mark.parametrize("seed", SEEDS)
def test_crashes_around_it_change_nothing(cause: str, seed: int) -> None:
    log, deaths = lived(seed, CRASH_RATE, **{f"{cause}_enabled": "1"})
    assert deaths, "this seed tests nothing"
    assert history(log) == history(undisturbed(cause))
