"""A process of one service on a log in memory: what it takes, when it is ready, how it ends."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from kingmaker.contracts.codec import Codec
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.signing import seal
from kingmaker.governance.keys import KeyRevoked
from kingmaker.kernel.host import ADVANCED, SNAPSHOT_TAKEN, Snapshot
from kingmaker.kernel.lane import STARTED, Draft, Lane, Pen, Record, frame
from kingmaker.kernel.service import CLOCK, Input
from kingmaker.risk import service
from kingmaker.risk.domain import Event
from kingmaker.runtime.anchors import Anchors
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.history import accepted
from kingmaker.runtime.kafka.log import Foreign
from kingmaker.runtime.kill_file import KillFile
from kingmaker.runtime.live import loop as module
from kingmaker.runtime.live.effects import Effects
from kingmaker.runtime.live.foreign import ForeignInputs
from kingmaker.runtime.live.health import Health
from kingmaker.runtime.live.loop import Loop, Nothing, Parts, market_ms
from kingmaker.runtime.log import NotAcceptedError, Verdict
from kingmaker.runtime.memory_log import MemoryLog
from kingmaker.runtime.snapshots import Snapshots
from tests import people
from tests.kernel.counting import MESSAGES, SOURCE, Added, counter
from tests.services.risk.desk import CODEC, DESK, START_MS, kill, resume, trusted

LANE = Lane("km.counter.v1")
NOW_MS, LATER_MS = 1_000, 60_000


class Commands:
    """The commands topic of the counter."""

    def __init__(self, *numbers: int) -> None:
        self.held = [Foreign(at, "Added.v1", b'{"number": %d}' % n) for at, n in enumerate(numbers)]

    def read_foreign(self, lane: Lane, place: int) -> tuple[Sequence[Foreign], int]:
        held = self.held if "commands" in lane.topic else []
        return [one for one in held if one.offset >= place], place

    def end_of(self, _lane: Lane) -> int:
        return len(self.held)


class Asked(Commands):
    """The commands topic of risk."""

    def __init__(self, *drafts: Draft) -> None:
        self.held = [Foreign(at, draft.kind, draft.value) for at, draft in enumerate(drafts)]


class Once:
    """A source of one input."""

    def __init__(self, item: Input) -> None:
        self._items = [item]

    @property
    def is_over(self) -> bool:
        return not self._items

    def take(self, _engine: Engine) -> Iterator[Input]:
        while self._items:
            yield self._items.pop()


@pytest.fixture
def log() -> MemoryLog:
    made = MemoryLog()
    drafts = [MESSAGES.encode(Added(number)) for number in (2, 4, 5)]
    start = frame(SOURCE.genesis("memory"), Pen(1, "s"), [Draft(STARTED, b"{}")])
    step = frame(start[-1].position, Pen(1, "s", NOW_MS), drafts)
    assert made.append(SOURCE, [*start, *step]) is Verdict.ACCEPTED
    return made


def parts(log: MemoryLog, folder: Path, commands: Commands | None = None) -> Parts:
    return Parts(
        log=log,
        engines=[Engine(counter(), log)],
        effects=Effects({}),
        foreign=ForeignInputs(commands or Commands(), "c1"),
        anchors=Anchors(folder / "anchors.json"),
        snapshots=Snapshots(folder, "test"),
        health=Health(),
        now=lambda _engine: NOW_MS,
    )


def run(loop: Loop) -> None:
    loop.begin()
    while loop.turn():
        pass


def kinds(log: MemoryLog) -> list[str]:
    return [record.kind for record in accepted(log, LANE)]


def test_it_takes_over_hears_the_time_commands_and_lanes_and_records_it(
    log: MemoryLog, tmp_path: Path
) -> None:
    made = parts(log, tmp_path, Commands(6))
    run(Loop(made))
    (engine,) = made.engines
    assert engine.host.state == 6 + 2 + 4
    assert kinds(log) == [STARTED, "Rung.v1", "Counted.v1", "Counted.v1", "Counted.v1"]
    assert engine.host.consumption.position(CLOCK).seq == NOW_MS
    assert engine.host.consumption.position(Lane("km.counter.commands.v1@c1")).seq == 0


def test_the_next_process_decides_nothing_again(log: MemoryLog, tmp_path: Path) -> None:
    run(Loop(parts(log, tmp_path, Commands(6))))
    before = kinds(log)
    run(Loop(parts(log, tmp_path, Commands(6))))
    assert kinds(log) == [*before, STARTED]


def test_a_process_that_comes_back_hears_the_time_before_what_people_asked_for_meanwhile(
    log: MemoryLog, tmp_path: Path
) -> None:
    run(Loop(parts(log, tmp_path)))
    made = parts(log, tmp_path, Commands(6))
    later = Input(Lane("km.counter.facts.v1"), 0, "Added.v1", b'{"number": 1}', time_ms=LATER_MS)
    made.first = lambda _engine: iter([later])  # what it hears at its start has this time already
    made.now = lambda _engine: LATER_MS
    before = len(kinds(log))
    run(Loop(made))
    assert kinds(log)[before:] == [STARTED, "Rung.v1", "Counted.v1"]
    assert made.engines[0].host.consumption.position(CLOCK).seq == LATER_MS


def test_who_is_told_whom_to_believe_hears_of_a_revocation_before_what_was_asked_meanwhile(
    tmp_path: Path,
) -> None:
    log, promotion = MemoryLog(), Lane("km.promotion.v1")
    said = Codec[Event](service.EVENTS)
    own = [trusted("ada", "admin"), trusted("ben", "admin")]
    revoked = KeyRevoked(people.ADA.key_id, START_MS, "", "ben", "it was stolen", "c1", START_MS)
    begun = frame(promotion.genesis("memory"), Pen(1, "p"), [Draft(STARTED, b"{}")])
    trust = frame(begun[-1].position, Pen(1, "p", START_MS), [said.encode(one) for one in own])
    end = frame(trust[-1].position, Pen(1, "p", START_MS), [said.encode(revoked)])
    kill_, resume_ = (seal(people.ADA, CODEC.encode(one)) for one in (kill(), resume()))

    def lived(records: Sequence[Record], asked: Sequence[Draft]) -> list[str]:
        assert not records or log.append(promotion, records) is Verdict.ACCEPTED
        made = parts(log, tmp_path, Asked(*asked))
        made.engines = [Engine(service.build([Desk(DESK, 0)], 0), log)]
        made.now = lambda _engine: START_MS
        run(Loop(made))
        return [record.kind for record in accepted(log, Lane("km.risk.v1"))][-2:]

    assert lived([*begun, *trust], ())[-1].endswith(".KeyTrusted")
    assert lived((), [kill_])[-1].endswith(".ModeChanged")
    after = lived(end, [kill_, resume_])
    assert [kind.rpartition(".")[2] for kind in after] == ["KeyRevoked", "CommandRefused"]


def test_nobody_resumes_beside_a_file_that_was_put_there_while_risk_was_down(
    tmp_path: Path,
) -> None:
    log, promotion = MemoryLog(), Lane("km.promotion.v1")
    begun = frame(promotion.genesis("memory"), Pen(1, "p"), [Draft(STARTED, b"{}")])
    word = Codec[Event](service.EVENTS).encode(trusted("ada", "admin"))
    own = frame(begun[-1].position, Pen(1, "p", START_MS), [word])
    assert log.append(promotion, [*begun, *own]) is Verdict.ACCEPTED
    orders = [seal(people.ADA, CODEC.encode(one)) for one in (kill(), resume(), resume("r2"))]

    def lived(asked: int) -> list[str]:
        made = parts(log, tmp_path, Asked(*orders[:asked]))
        made.engines = [Engine(service.build([Desk(DESK, 0)], 0), log)]
        made.now, made.source = lambda _engine: START_MS, KillFile(tmp_path)
        run(Loop(made))
        told = [record.kind for record in accepted(log, Lane("km.risk.v1"))][-2:]
        return [kind.rpartition(".")[2] for kind in told]

    assert lived(1) == ["CommandTaken", "ModeChanged"]
    (tmp_path / "KILL").touch()
    assert lived(2) == ["KillFileNoted", "CommandRefused"]
    (tmp_path / "KILL").unlink()
    assert lived(3) == ["CommandTaken", "ModeChanged"]


def test_the_end_records_what_waits_with_a_snapshot_and_an_anchor(
    log: MemoryLog, tmp_path: Path
) -> None:
    made = parts(log, tmp_path)
    loop = Loop(made)
    run(loop)
    loop.end()
    assert kinds(log)[-1] == SNAPSHOT_TAKEN
    (engine,) = made.engines
    assert made.anchors.read() == {LANE: engine.host.tip}
    assert len(made.snapshots.newest(LANE)) == 1


def test_it_is_ready_once_it_has_caught_up_and_every_model_is_loaded(
    log: MemoryLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "QUIET_S", 0.0)
    made, loaded = parts(log, tmp_path), list[str]()
    (engine,) = made.engines
    object.__setattr__(engine.service, "models", lambda _state: ("digest",))
    made.loaded = lambda: loaded
    loop = Loop(made)
    assert not made.health.started
    loop.begin()
    assert (made.health.started, made.health.ready) == (True, False)
    while loop.turn():
        pass
    assert (made.health.ready, made.health.reason) == (False, "not loaded yet: digest")
    loaded.append("digest")
    loop.turn()
    assert (made.health.ready, made.health.reason) == (True, "caught up")
    assert made.health.lanes == {str(LANE): engine.host.tip.seq}
    assert kinds(log)[-1] == ADVANCED  # what decided nothing is recorded within a second


@pytest.mark.parametrize("hours", [-24, 24])
def test_a_clock_that_is_a_day_off_is_told_and_only_what_lies_ahead_keeps_it_from_being_ready(
    log: MemoryLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    monkeypatch.setattr(module, "QUIET_S", 0.0)
    made = parts(log, tmp_path)
    made.now = lambda _engine: NOW_MS + hours * module.HOUR_MS  # what it reads is of NOW_MS
    loop = Loop(made)
    run(loop)
    assert made.health.ready is (hours > 0)
    told = f"{LANE}: what it consumed is 24.0 hours ahead of this machine's clock"
    assert (told in made.health.reason) is (hours < 0)
    assert made.engines[0].host.state == 6  # decided all the same


def test_of_recorded_bars_no_clock_is_asked(
    log: MemoryLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "QUIET_S", 0.0)
    made = parts(log, tmp_path)
    made.now = market_ms
    run(Loop(made))
    assert (made.health.ready, made.health.reason) == (True, "caught up")


def test_a_lane_that_cannot_be_read_stops_and_no_other_does(
    log: MemoryLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "QUIET_S", 0.0)
    broken = Lane(LANE.topic, 1)
    start = frame(broken.genesis("memory"), Pen(1, "c"), [Draft(STARTED, b"{}")])
    bad = frame(start[-1].position, Pen(1, "c"), [Draft("Counted.v1", b"no json")])
    assert log.append(broken, [*start, *bad]) is Verdict.ACCEPTED
    made = parts(log, tmp_path)
    other = counter()
    object.__setattr__(other, "index", 1)
    made.engines = [Engine(other, log), *made.engines]
    loop = Loop(made)
    run(loop)
    assert list(loop.stopped) == [broken]
    assert f"{broken}: record 1: Counted.v1" in made.health.reason
    assert not made.health.ready
    assert made.engines[1].host.state == 6


class FullStore(Snapshots):
    """A store that takes nothing more."""

    def keep(self, lane: Lane, taken: Snapshot) -> None:
        raise OSError(28, f"No space left on device for {len(taken.content)} bytes of {lane}")


def test_a_store_that_takes_no_snapshot_costs_no_anchor(log: MemoryLog, tmp_path: Path) -> None:
    made = parts(log, tmp_path)
    made.snapshots = FullStore(tmp_path, "test")
    loop = Loop(made)
    run(loop)
    with pytest.raises(OSError, match="No space left"):
        loop.end()
    assert LANE in made.anchors.read()


def test_another_writer_ends_the_process(log: MemoryLog, tmp_path: Path) -> None:
    first = Loop(parts(log, tmp_path, commands := Commands()))
    run(first)
    run(Loop(parts(log, tmp_path)))
    commands.held = Commands(8).held
    with pytest.raises(NotAcceptedError, match="Another process writes here"):
        first.turn()


def test_it_is_over_when_its_source_is_and_it_has_caught_up(log: MemoryLog, tmp_path: Path) -> None:
    item = Input(Lane("km.counter.facts.v1"), 0, "Added.v1", json.dumps({"number": 8}).encode())
    made = parts(log, tmp_path)
    made.source, made.now = Once(item), market_ms
    loop = Loop(made)
    loop.begin()
    assert not loop.is_over
    while loop.turn():
        pass
    assert loop.is_over
    assert made.engines[0].host.state == 8 + 6
    assert Nothing().is_over
