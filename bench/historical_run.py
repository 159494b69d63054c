"""What a run over 90 days of five-minute bars takes: one symbol, nine components, one process.

The home has played the bars, its own models shipped and untrained. The run plays them again on a
scratch log and lets each component learn: first with nothing compiled, then with what was kept.
"""

import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.figures import Figure, Goal
from bench.ninety_days import BARS_A_DAY, SYMBOLS, written
from bench.stage import Bench, Stage
from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import COMPONENTS
from kingmaker.kernel.service import Effect
from kingmaker.learners.policy import Policy
from kingmaker.runtime.home import Home
from kingmaker.runtime.reactors import historical
from kingmaker.runtime.reactors.training import PACKAGE, Place
from kingmaker.runtime.scratch import NEVER
from kingmaker.runtime.settings import DeskSettings, Settings

GOAL_S = 60.0
DESK = "ninety"
LATER_MS = 1 << 50  # than every bar


@dataclass(frozen=True, slots=True)
class Started:
    """A `HistoricalRunStarted` of the learners: intensive, all nine, nothing taught before."""

    run: str
    days: int
    taught: dict[str, int]
    seeds: dict[str, int]
    parameters: dict[str, float]
    desk: str = DESK
    until_ms: int = LATER_MS
    base_from_ms: int = 0
    base_until_ms: int = 0
    known: str = ""
    time_ms: int = LATER_MS


def measure(bench: Bench) -> Iterator[Figure]:
    """Run twice over the same bars; both must learn the same bits."""
    stage = _stage(bench)
    (cold_s, cold_cpu, cold), (warm_s, warm_cpu, warm) = [
        _run(stage, bench.size.days, name) for name in ("cold", "warm")
    ]
    learned = sum(bool(lesson.digest) for lesson in cold.lessons)
    assert list(cold.lessons) == list(warm.lessons), "the kept programs learn other bits"
    told = f"{cold.bars:,} bars gave {cold.trades:,} trades; {learned} of nine learned"
    name = f"a historical run over {bench.size.days} days, 1 symbol, nine"
    for what, seconds, cpu in (("", warm_s, warm_cpu), (", nothing compiled", cold_s, cold_cpu)):
        notes = (f"{cpu:.1f} s of CPU, of one core; {told}",)
        yield Figure(f"{name}{what}", seconds, "s", Goal(GOAL_S), notes)


def _stage(bench: Bench) -> Stage:
    """Return a home whose desk has played so many days."""
    folder = bench.folder / "historical"
    folder.mkdir()
    file = written(folder, SYMBOLS[0], bench.size.days * BARS_A_DAY)
    desk = DeskSettings(name=DESK, files=(file,), interval="5m")
    stage = Stage(Home(folder / "home"), Settings(desks=(desk,), learning=NEVER))
    with stage.kingdom() as kingdom:
        for _ in stage.times(kingdom):
            pass
    return stage


def _run(stage: Stage, days: int, name: str) -> tuple[float, float, Any]:
    """Return seconds by the wall and of the processor, a new process included, and the fact."""
    home = stage.home
    place = Place(home.log, home.artifacts, stage.desks, compiled=home.compiled)
    policy = Policy()
    started = Started(
        run=f"hist-{name}",
        days=days,
        taught=dict.fromkeys(COMPONENTS, 0),
        seeds=dict.fromkeys(COMPONENTS, 7),
        parameters={
            f"{component}.{key}": value
            for component in COMPONENTS
            for key, value in policy.parameters(component).items()
        },
    )
    reactor = historical.reactor(place)
    began, cpu = time.perf_counter(), _of_children()
    try:
        fact = reactor.finish(Effect(started.run, historical.KIND, 0, started))
        took, used = time.perf_counter() - began, _of_children() - cpu
    finally:
        reactor.close()  # processes that were to be the next one's are no part of it
    assert fact.kind.endswith("HistoryLearned"), fact.value
    found = message_class(PACKAGE, "HistoryLearned").FromString(fact.value)
    return took, used, found


def _of_children() -> float:
    """Return the processor's seconds of the processes of ours that are over."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
