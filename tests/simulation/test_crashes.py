"""Whatever crashes, tears, delays and repeats appends: the history is the same."""

from collections import Counter
from functools import cache

import pytest

from kingmaker.kernel.consumption import Consumption, decode
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Run
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.history import accepted, decided
from kingmaker.runtime.log import Log, NotAcceptedError
from kingmaker.runtime.memory_log import MemoryLog
from tests.simulation.toy_run import History, Play, answer, services

SEEDS = range(60)
CRASH_RATE = 0.06


@cache
def undisturbed() -> History:
    return Play(MemoryLog()).to_the_end()


def test_the_undisturbed_play_is_worth_watching() -> None:
    kinds = Counter(kind for events in undisturbed().values() for kind, _ in events)
    assert kinds["Crowned.v1"] >= 3
    assert kinds["Activated.v1"] == kinds["Crowned.v1"]
    assert kinds["Warmed.v1"] == 1
    assert kinds["Heartbeat.v1"] == 4
    assert kinds["Froze.v1"] == 2


@pytest.mark.parametrize("seed", SEEDS)
def test_crashes_change_nothing(seed: int) -> None:
    log = MemoryLog(seed, CRASH_RATE)
    play = Play(log, snapshots=seed % 2 == 1)
    assert play.to_the_end() == undisturbed()
    assert play.crashes, "this seed tests nothing"
    log.crash_rate = 0.0
    check_consumption(play.log)
    check_replay(play)


def check_consumption(log: Log) -> None:
    """Every event of a source was consumed exactly once, and has not changed since."""
    for service in services():
        consumption = Consumption()
        sources = {lane: {r.seq: r.hash for r in accepted(log, lane)} for lane in service.reads}
        for record in accepted(log, service.lane):
            consumed = decode(record.consumed)
            consumption.fold(record.consumed)  # stops at a gap or a repetition
            runs = [item for item in consumed if isinstance(item, Run)]
            assert all(sources[run.lane][run.last] == run.hash for run in runs)
        for lane in service.reads:
            assert consumption.position(lane).seq >= last_decided(log, lane)


def last_decided(log: Log, lane: Lane) -> int:
    return max((record.seq for record in decided(log, lane)), default=-1)


def check_replay(play: Play) -> None:
    """Folding everything, or a snapshot and the tail, gives the living state and window."""
    for engine in play.engines:
        whole, short = (
            Engine(engine.service, play.log, answer) for _ in ("whole", "from a snapshot")
        )
        whole.start("whole")
        short.start("short", play.kept.get(engine.lane))
        for again in (whole, short):
            assert again.host.state_hash == engine.host.state_hash
            assert again.host.window == engine.host.window


@pytest.mark.parametrize("seed", range(8))
def test_a_process_that_was_paused_can_do_no_harm(seed: int) -> None:
    log = MemoryLog(seed)
    zombies = [Engine(service, log, answer) for service in services()]
    for zombie in zombies:
        zombie.start("before the pause")
    assert Play(log).to_the_end() == undisturbed()
    for zombie in zombies:
        zombie.host.take_snapshot()
        with pytest.raises(NotAcceptedError, match="FENCED"):
            zombie.stage()
    assert Play(log).to_the_end() == undisturbed()
