"""What a training costs who trades: the time of decisions with one running, and without."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from bench.desk import Rig, bars_of
from bench.figures import Figure, Goal
from bench.stage import Bench, Stage
from kingmaker.contracts.codec import message_class
from kingmaker.contracts.topics import event_topic
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Effect
from kingmaker.runtime.history import decided
from kingmaker.runtime.models import shipped
from kingmaker.runtime.models.runner import ModelRunner
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.reactors.training import KIND, Place, TrainingReactor

MS = 1e3
BLOCK = 40  # opportunities; then a training begins beside, or ends
P99, P50 = 0.99, 0.5
BEGIN_S_MAX = 120.0


@dataclass
class Times:
    """Seconds of decisions by the wall, in blocks that take turns."""

    alone: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)


def measure(bench: Bench) -> Iterator[Figure]:
    """Decide real opportunities of a played home; every other block has a training beside it."""
    times, trained = _take(bench.hourly, bench.size.beside_a_training)
    for name, share, goal in (("p99", P99, Goal(2.0)), ("p50", P50, None)):
        alone, beside = _quantile(times.alone, share), _quantile(times.beside, share)
        yield Figure(
            f"decision {name} beside a training : alone",
            beside / alone,
            goal=goal,
            notes=(
                f"{MS * beside:.2f} ms beside one, {MS * alone:.2f} ms alone, by the wall",
                f"{len(times.beside)} and {len(times.alone)} opportunities, {BLOCK} at a turn",
                f"{trained} trainings ran",
            ),
        )


def _take(stage: Stage, opportunities: int) -> tuple[Times, int]:
    times, store = Times(), ArtifactStore(stage.home.artifacts)
    digests = shipped.install(store)
    busy = Busy(stage)
    with ModelRunner(store) as runner:
        for digest in digests.values():
            runner.load(digest)
        rig = Rig(stage, runner.answer, time.perf_counter)
        rig.crown(digests)
        found = (one.seconds for one in map(rig.hear, bars_of(stage)) if one.questions)
        for block in count():
            beside = block % 2 == 1
            into = times.beside if beside else times.alone
            with busy.training() if beside else _nothing():
                took = [seconds for _, seconds in zip(range(BLOCK), found, strict=False)]
            into.extend(took)
            if len(times.alone) + len(times.beside) >= opportunities and times.beside:
                return times, busy.begun
            if len(took) < BLOCK:
                raise ValueError(f"the played home has fewer than {opportunities} opportunities")
    raise AssertionError("a count has no end")


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@dataclass
class Busy:
    """Trainings of a played home, one after the other for as long as they are wanted."""

    stage: Stage
    begun: int = 0
    _learns: threading.Event = field(default_factory=threading.Event)
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def training(self) -> Iterator[None]:
        """Run trainings until the block ends; it begins once the first has read its trades."""
        self._learns.clear()
        self._over.clear()
        home = self.stage.home
        place = Place(home.log, home.path / "bench-artifacts", self.stage.desks)
        reactor = TrainingReactor(place, self._hear)
        worker = threading.Thread(target=self._work, args=(reactor,), daemon=True)
        worker.start()
        try:
            if not self._learns.wait(BEGIN_S_MAX):
                raise TimeoutError(f"no training began within {BEGIN_S_MAX:g} s")
            yield
        finally:
            self._over.set()
            reactor.close()
            worker.join()

    def _hear(self, line: str) -> None:
        if "learning from" in line:
            self._learns.set()

    def _work(self, reactor: TrainingReactor) -> None:
        started = latest(self.stage)
        while not self._over.is_set():
            self.begun += 1
            training = f"bench-{self.begun:04d}"
            payload = replace(started, training=training)
            try:
                reactor.finish(Effect(training, KIND, 0, payload))
            except RuntimeError:  # the reactor was closed: the block is over
                return


@dataclass(frozen=True, slots=True)
class Asked:
    """A `TrainingStarted`, as the reactor reads it."""

    training: str
    slot: str
    attempt: int
    trades: int
    until_ms: int
    seed: int
    parameters: dict[str, float]


def latest(stage: Stage) -> Asked:
    """Return the last training that the home began: it learned from the most trades."""
    message = message_class("kingmaker.learners.v1", "TrainingStarted")
    kind = str(message.DESCRIPTOR.full_name)
    with stage.log() as log:
        records = decided(log, Lane(event_topic("learners")))
        said: list[Any] = [message.FromString(r.value) for r in records if r.kind == kind]
    assert said, "no training began while the home was played"
    last = said[-1]
    return Asked(
        training=last.training,
        slot=last.slot,
        attempt=last.attempt,
        trades=last.trades,
        until_ms=last.until_ms,
        seed=last.seed,
        parameters=dict(last.parameters),
    )


def _quantile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]
