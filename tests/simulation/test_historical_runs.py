"""Runs over past bars under crashes: every fire time once, each bar counted once, one history.

The real learners on a log that crashes around every append: when a run falls due, while it is under
way, while its answer is recorded. The next process goes on where the lanes say.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pytest

from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import Draft, Lane
from kingmaker.kernel.service import Effect, Input
from kingmaker.learners import decider, service
from kingmaker.runtime.clock import Clock
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.history import decided, message_of
from kingmaker.runtime.log import NotAcceptedError
from kingmaker.runtime.memory_log import CrashError, MemoryLog
from tests.simulation.world import METRICS, message

DESKS = (Desk("fx", 0), Desk("round", 1))
LEARNERS, SETTINGS = Lane("km.learners.v1"), Lane("km.learners.settings.v1")
PACKAGE = "kingmaker.learners.v1"
MINUTE = 60_000
HOUR = 60 * MINUTE
BAR = 5 * MINUTE
CLOSING = 19_734 * 24 * HOUR + 22 * HOUR  # Friday, 12 January 2024, 17:00 New York
START, END = CLOSING - 3 * HOUR, CLOSING + 2 * HOUR
COMPONENTS = ("cvar_ppo", "neural_ucb", "online_learning")
POLICY = {
    "historical.enabled": "1",
    "market.calendar@fx": "fx",
    "market.calendar@round": "24x7",
    "learning.min_trades": "100",
}
GIVEN_UP, ONCE = "hist-0003", "hist-0006"  # runs that fail: every time, and the first time only
CRASH_RATE = 0.2
SEEDS = range(20)


@dataclass
class Work:
    """Learning of these worlds: what it answers follows from what it is asked."""

    def begin(self, _effect: Effect) -> None:
        """Nothing is started early."""

    def finish(self, effect: Effect) -> Draft:
        """Answer at once; the bars of fx end when its market closes."""
        asked = effect.payload
        if asked.run == GIVEN_UP or (asked.run, asked.attempt) == (ONCE, 1):
            return message(f"{PACKAGE}.HistoryBroke", run=asked.run, reason="made to fail")
        until_ms = asked.until_ms // BAR * BAR
        until_ms = min(until_ms, CLOSING) if asked.desk == "fx" else until_ms
        sources = f"{asked.desk} {asked.mode} {until_ms}"
        counted = {
            "run": asked.run,
            "bars": 25_920,
            "bars_from_ms": 0,
            "bars_until_ms": until_ms,
            "trades": 400,
            "sources_digest": sources,
        }
        if sources == asked.known:
            return message(f"{PACKAGE}.HistoryLearned", **counted)
        lessons = [
            {
                "component": name,
                "new_bars": (until_ms - after_ms) // BAR,
                "new_trades": (until_ms - after_ms) // HOUR,
                "digest": f"{name} {sources}".encode().hex().ljust(64, "0")[:64],
                "size_bytes": 1000,
                "trades": 400,
                "metrics": METRICS | {"walk_forward_gain_least": 0.1},
            }
            for name, after_ms in sorted(asked.taught.items())
        ]
        return message(f"{PACKAGE}.HistoryLearned", lessons=lessons, **counted)


def live(log: MemoryLog, birth: int) -> None:
    """Live through the evening from where the log stands."""
    decide = decider.build(DESKS, COMPONENTS, service.seal())
    engine = Engine(replace(service.build(DESKS), decide=decide), log)
    engine.start(f"birth-{birth}")
    clock = Clock([engine], log, {"learners.history": Work()}, eager=True)
    now_ms = clock.now_ms
    if now_ms:
        clock.move_to(now_ms, [(engine, item) for item in said_at(now_ms)])
    for time_ms in range(START, END + 1, BAR):
        if time_ms > now_ms:
            while (due_ms := clock.next_due_ms) is not None and due_ms < time_ms:
                clock.move_to(max(due_ms, clock.now_ms))
            clock.move_to(time_ms, [(engine, item) for item in said_at(time_ms)])


def said_at(time_ms: int) -> Sequence[Input]:
    """Return what the runtime says at a time."""
    if time_ms != START:
        return []
    apply = message("kingmaker.policy.v1.ApplyPolicy", hash="h", values=POLICY)
    return [Input(SETTINGS, 0, apply.kind, apply.value, time_ms=time_ms)]


def history(seed: int, crash_rate: float) -> tuple[list[tuple[str, bytes]], int, MemoryLog]:
    """Return what the learners decided, and how often they died meanwhile."""
    log = MemoryLog(seed, crash_rate)
    for deaths in range(1_000):
        try:
            live(log, deaths)
        except (CrashError, NotAcceptedError):
            continue
        return [(record.kind, record.value) for record in decided(log, LEARNERS)], deaths, log
    raise AssertionError("it never came to its end")


@cache
def undisturbed() -> list[tuple[str, bytes]]:
    return history(0, 0.0)[0]


def events() -> list[tuple[str, Any]]:
    _, _, log = history(0, 0.0)
    return [(r.kind.rpartition(".")[2], message_of(r)) for r in decided(log, LEARNERS)]


def test_the_pace_changes_when_the_market_closes_and_the_other_desk_keeps_its_own() -> None:
    begun = [said for name, said in events() if name == "HistoricalRunStarted"]
    started = [one for one in begun if one.attempt == 1]
    of_fx = [(e.fire_time_ms - CLOSING) // MINUTE for e in started if e.desk == "fx"]
    assert of_fx == [-180, -120, -60, 0, 15, 30, 45, 60, 75, 90, 105, 120]
    of_round = [(e.fire_time_ms - CLOSING) // MINUTE for e in started if e.desk == "round"]
    assert of_round == [-180, -120, -60, 0, 60, 120]
    assert {e.mode for e in started if e.desk == "fx" and e.fire_time_ms >= CLOSING} == {
        "intensive"
    }


def test_a_run_that_fails_is_tried_again_and_after_three_failures_given_up() -> None:
    tries = [
        (name.removeprefix("HistoricalRun"), said.attempt)
        for name, said in events()
        if name in {"HistoricalRunStarted", "HistoricalRunFailed"} and said.run == GIVEN_UP
    ]
    assert tries == [(what, n) for n in (1, 2, 3) for what in ("Started", "Failed")]
    assert [said.job for name, said in events() if name == "JobAbandoned"] == [GIVEN_UP]
    over = Counter(said.run for name, said in events() if name == "HistoricalRunCompleted")
    assert (over[GIVEN_UP], over[ONCE], set(over.values())) == (0, 1, {1})


def test_a_closed_market_is_learned_once_and_each_bar_counts_once() -> None:
    completed = [said for name, said in events() if name == "HistoricalRunCompleted"]
    closed = [e for e in completed if e.desk == "fx" and e.bars_until_ms == CLOSING]
    assert [e.mode for e in closed if e.lessons] == ["intensive"]
    same = [e for e in closed if e.same_as]
    assert len(same) >= 6
    assert {e.same_as for e in same} == {e.run for e in closed if e.lessons}
    counted: Counter[str] = Counter()
    for event in completed:
        for lesson in event.lessons:
            counted[f"{lesson.component}@{event.desk}"] += lesson.new_bars
    assert counted["online_learning@fx"] == CLOSING // BAR
    assert counted["cvar_ppo@fx"] == CLOSING // BAR


def test_however_often_it_is_learned_few_products_are_offered() -> None:
    offered = Counter(said.slot for name, said in events() if name == "TrainingCompleted")
    assert set(offered.values()) == {1}, "one look at the hold-out for so much new data"


@pytest.mark.parametrize("seed", SEEDS)
def test_crashes_around_every_fire_time_and_every_run_change_nothing(seed: int) -> None:
    found, deaths, _ = history(seed, CRASH_RATE)
    assert deaths, "this seed tests nothing"
    assert found == undisturbed()
