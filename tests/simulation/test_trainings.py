"""Trainings under crashes: each cause starts exactly one run, and the history is the same.

The real learners on a log that crashes around every append: at the moment a trigger fires, while a
person commands, during a training, between two attempts. The next process goes on where the lanes
say.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import STARTED, Draft, Lane, Pen, frame
from kingmaker.kernel.service import Effect, Input
from kingmaker.learners import decider, service
from kingmaker.runtime.clock import Clock
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.history import decided, message_of
from kingmaker.runtime.log import NotAcceptedError
from kingmaker.runtime.memory_log import CrashError, MemoryLog
from tests import people
from tests.simulation.world import METRICS, message

DESK = Desk("one", 0)
LEARNERS, TRADER, PROMOTION = Lane("km.learners.v1"), Lane("km.trader.v1"), Lane("km.promotion.v1")
COMMANDS, SETTINGS = Lane("km.learners.commands.v1"), Lane("km.learners.settings.v1")
PACKAGE = "kingmaker.learners.v1"
HOUR = 3_600_000
DAY = 24 * HOUR
START = 20_000 * DAY + 2 * HOUR  # after the night's hour
EXPERIENCES = 1_000
CRASH_RATE = 0.08
SEEDS = range(25)
PERSON_MS, CANCEL_MS, RETRY_MS = START + 30 * HOUR, START + 30 * HOUR + 1, START + 31 * HOUR
COMPONENTS = ("cvar_ppo", "neural_ucb", "online_learning")
POLICY = {
    "learning.components": ",".join(COMPONENTS),
    "learning.min_trades": str(EXPERIENCES),
}


@dataclass
class Work:
    """Trainings of these worlds: some break once, one hangs until a person ends it."""

    stopped: list[str] = field(default_factory=list)

    def begin(self, _effect: Effect) -> None:
        """Nothing is started early."""

    def stop(self, effect_id: str) -> None:
        """Take note."""
        self.stopped.append(effect_id)

    def finish(self, effect: Effect) -> Draft:
        """Answer at once: the first attempt breaks, and whatever neural_ucb tries."""
        asked = effect.payload
        fails = asked.attempt == 1 or asked.slot.startswith("neural_ucb")
        if fails:
            fields = {"training": asked.training, "reason": "made to fail", "permanent": False}
            return message(f"{PACKAGE}.TrainingBroke", **fields)
        return message(
            f"{PACKAGE}.TrainingSucceeded",
            training=asked.training,
            digest="d" * 64,
            size_bytes=1000,
            dataset_digest="d",
            data_from_ms=0,
            metrics=METRICS,
        )


def world(seed: int = 0) -> MemoryLog:
    """Return a log in which a desk has closed its trades and its promotion trusts people."""
    log = MemoryLog(seed)
    trades = [
        message("kingmaker.trader.v1.OpportunityResolved", desk="one", time_ms=START - HOUR)
        for _ in range(EXPERIENCES)
    ]
    opal = people.OPAL
    key = {
        "key_id": opal.key_id,
        "public_key": opal.public_key,
        "owner": "opal",
        "role": "operator",
    }
    trusted = message("kingmaker.governance.v1.KeyTrusted", key=key)
    for lane, drafts in ((TRADER, trades), (PROMOTION, [trusted])):
        name = lane.topic.split(".")[1]
        records = frame(lane.genesis(log.incarnation), Pen(1, name), [Draft(STARTED, b"{}")])
        log.append(lane, records)
        log.append(lane, frame(records[-1].position, Pen(1, name), drafts))
    return log


def said_at(time_ms: int) -> Sequence[Input]:
    """Return what people and the runtime say at a time."""
    if time_ms == START:
        apply = message("kingmaker.policy.v1.ApplyPolicy", hash="h", values=POLICY)
        return [Input(SETTINGS, 0, apply.kind, apply.value, time_ms=time_ms)]
    asked: dict[int, tuple[str, dict[str, Any]]] = {
        PERSON_MS: ("StartTraining", {"slot": "neural_ucb@one"}),
        CANCEL_MS: ("CancelTraining", {"training": "tr-0004"}),
        RETRY_MS: ("RetryTraining", {"training": "tr-0004"}),
    }
    if time_ms not in asked:
        return []
    name, fields = asked[time_ms]
    command = message_class(PACKAGE, name)(
        command_id=name, actor="opal", reason="a test", issued_at_ms=time_ms, **fields
    )
    draft = people.signed(Draft(f"{PACKAGE}.{name}", command.SerializeToString()), people.OPAL)
    number = sorted(asked).index(time_ms)
    return [Input(COMMANDS, number, draft.kind, draft.value, time_ms=time_ms)]


TIMES = sorted(
    {START + step * HOUR // 4 for step in range(4 * 34)} | {PERSON_MS, CANCEL_MS, RETRY_MS}
)


def live(log: MemoryLog, birth: int) -> None:
    """Live through the world from where the log stands."""
    decide = decider.build((DESK,), COMPONENTS, service.seal())
    engine = Engine(replace(service.build((DESK,)), decide=decide), log)
    engine.start(f"birth-{birth}")
    clock = Clock([engine], log, {"learners.train": Work()}, eager=True)
    now_ms = clock.now_ms
    if now_ms:
        clock.move_to(now_ms, [(engine, item) for item in said_at(now_ms)])
    for time_ms in TIMES:
        if time_ms > now_ms:
            while (due_ms := clock.next_due_ms) is not None and due_ms < time_ms:
                clock.move_to(max(due_ms, clock.now_ms))
            clock.move_to(time_ms, [(engine, item) for item in said_at(time_ms)])


def history(seed: int, crash_rate: float) -> tuple[list[tuple[str, bytes]], int]:
    """Return what the learners decided, and how often they died meanwhile."""
    log = world(seed)
    log.crash_rate = crash_rate
    for deaths in range(1_000):
        try:
            live(log, deaths)
        except (CrashError, NotAcceptedError):
            continue
        return [(record.kind, record.value) for record in decided(log, LEARNERS)], deaths
    raise AssertionError("it never came to its end")


@cache
def undisturbed() -> list[tuple[str, bytes]]:
    return history(0, 0.0)[0]


def test_each_cause_starts_one_run_and_names_itself() -> None:
    log = world()
    live(log, 0)
    events: list[Any] = [
        (record.kind.rpartition(".")[2], message_of(record)) for record in decided(log, LEARNERS)
    ]
    started = [said for name, said in events if name == "TrainingStarted" and said.attempt == 1]
    assert [(one.slot, one.cause) for one in started] == [
        ("cvar_ppo@one", "experiences"),
        ("neural_ucb@one", "nightly"),
        ("online_learning@one", "nightly"),
        ("neural_ucb@one", "person"),
        ("neural_ucb@one", "person"),  # the same once more: a person tried it again
    ]
    counts = Counter(name for name, _ in events)
    assert (counts["TrainingCompleted"], counts["TrainingCancelled"]) == (2, 1)
    assert counts["JobAbandoned"] == 2
    assert counts["CommandTaken"] == 3


@pytest.mark.parametrize("seed", SEEDS)
def test_crashes_around_every_cause_change_nothing(seed: int) -> None:
    found, deaths = history(seed, CRASH_RATE)
    assert deaths, "this seed tests nothing"
    assert found == undisturbed()
