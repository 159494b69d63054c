"""Trainings in processes of their own: what crashes, hangs or lies is a fact, nothing else."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import Draft
from kingmaker.kernel.service import Effect
from kingmaker.runtime.models.examination import Examination
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.reactors.progress import lines_of, path_of
from kingmaker.runtime.reactors.training import Place, TrainingReactor
from tests.runtime.reactors.trading_log import TRADES, write_log

DESKS = (Desk("minutes", 0), Desk("hourly", 1))


@dataclass(frozen=True, slots=True)
class Started:
    """A `TrainingStarted` of the learners."""

    training: str = "tr-0001"
    slot: str = "online_learning@hourly"
    attempt: int = 1
    trades: int = TRADES
    until_ms: int = 10**15
    seed: int = 7
    parameters: dict[str, float] = field(
        default_factory=lambda: {"holdout_share": 0.25, "l2": 100.0, "exploration": 0.1}
    )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    write_log(tmp_path / "log.sqlite")
    return Place(tmp_path / "log.sqlite", tmp_path / "artifacts", DESKS, tmp_path / "trainings")


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def reactor(place: Place, told: list[str]) -> Iterator[TrainingReactor]:
    working = TrainingReactor(place, told.append)
    yield working
    working.close()


def of(started: Started) -> Effect:
    return Effect(f"{started.training}/1", "learners.train", 0, started)


def read(draft: Draft) -> object:
    package, _, name = draft.kind.rpartition(".")
    return message_class(package, name).FromString(draft.value)


def broken_by(place: Place, program: str, wall_limit_s: float = 30.0) -> object:
    """Return what the reactor says when the process is this program instead."""
    reactor = TrainingReactor(
        place, command=(sys.executable, "-c", program), wall_limit_s=wall_limit_s
    )
    try:
        return read(reactor.finish(of(Started())))
    finally:
        reactor.close()


def test_a_process_that_crashes_breaks_its_training_and_says_why(place: Place) -> None:
    said = broken_by(place, "import sys; sys.exit('no memory left')")
    assert str(getattr(said, "reason", "")) == "the process ended with status 1. no memory left"
    assert not getattr(said, "permanent", True)


def test_a_process_that_is_killed_breaks_its_training(place: Place) -> None:
    said = broken_by(place, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert "ended with status -9" in str(getattr(said, "reason", ""))


def test_one_that_was_killed_while_it_waited_for_work_is_given_none(
    place: Place, tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    pids.touch()
    program = (
        f"import os, sys; file = open({str(pids)!r}, 'a');"
        " print(os.getpid(), file=file, flush=True); sys.stdin.readline();"
        """ print('{"reason": "it was asked", "permanent": false}')"""
    )
    reactor = TrainingReactor(place, command=(sys.executable, "-c", program))
    try:
        reactor.finish(of(Started()))
        while len(pids.read_text().splitlines()) < 2:
            time.sleep(0.01)
        spare = int(pids.read_text().split()[1])
        os.kill(spare, signal.SIGKILL)
        os.waitid(os.P_PID, spare, os.WEXITED | os.WNOWAIT)
        again = read(reactor.finish(of(Started(training="tr-0002"))))
    finally:
        reactor.close()
    assert str(getattr(again, "reason", "")) == "it was asked"


def test_a_process_that_hangs_is_killed_at_the_limit(place: Place) -> None:
    said = broken_by(place, "import time; time.sleep(600)", wall_limit_s=0.5)
    assert getattr(said, "reason", "") == "no result within 0.5 s: killed"


def test_a_process_that_prints_nonsense_is_not_believed(place: Place) -> None:
    said = broken_by(place, "print('digest: 123')")
    assert "ended with status 0" in str(getattr(said, "reason", ""))


def test_a_log_without_the_trades_breaks_the_training(reactor: TrainingReactor) -> None:
    said = read(reactor.finish(of(Started(trades=TRADES + 1))))
    assert "holds 400 of 401 closed trades" in str(getattr(said, "reason", ""))
    assert not getattr(said, "permanent", True)


def test_data_that_cannot_be_learned_from_is_a_permanent_failure(reactor: TrainingReactor) -> None:
    said = read(reactor.finish(of(Started(trades=60))))
    assert "too few" in str(getattr(said, "reason", ""))
    assert getattr(said, "permanent", False)


@pytest.mark.parametrize("component", ["neural_ucb", "online_learning"])
def test_the_same_training_in_two_processes_has_the_same_bytes(
    place: Place, reactor: TrainingReactor, component: str
) -> None:
    folders: list[dict[str, bytes]] = []
    for number in (1, 2):
        started = Started(training=f"tr-000{number}", slot=f"{component}@hourly")
        reactor.begin(of(started))
        said = read(reactor.finish(of(started)))
        digest = str(getattr(said, "digest", ""))
        bundle = ArtifactStore(place.artifacts).read(digest)
        folders.append({"m": bundle.model, "g": bundle.golden, "j": bundle.manifest})
        (place.artifacts / digest).rename(place.artifacts.with_name(f"kept-{number}"))
    assert folders[0] == folders[1]


@pytest.mark.parametrize("component", ["neural_ucb", "online_learning"])
def test_what_was_trained_passes_the_rules_for_models(
    place: Place, reactor: TrainingReactor, component: str
) -> None:
    said = read(reactor.finish(of(Started(slot=f"{component}@hourly"))))
    with Examination() as examination:
        store = ArtifactStore(place.artifacts)
        examination.examine(store, str(getattr(said, "digest", "")), component)


def test_progress_is_told_with_the_name_of_the_training(
    reactor: TrainingReactor, told: list[str]
) -> None:
    reactor.finish(of(Started()))
    assert told[0] == "tr-0001 online_learning@hourly: online_learning: read 400 closed trades"


def test_a_point_of_the_loss_curve_is_told_as_a_sentence(
    reactor: TrainingReactor, told: list[str]
) -> None:
    reactor.finish(of(Started()))
    [first, *_] = [line for line in told if ": step " in line]
    assert first.startswith("tr-0001 online_learning@hourly: step 1 of 50, loss 0.")


def test_progress_is_kept_in_a_file_of_the_training(place: Place) -> None:
    program = (
        "import json; print(json.dumps({'progress': 'reading'}));"
        "[print(json.dumps({'progress': {'step': n, 'of': 9, 'loss': 1 / n}})) for n in (1, 9)];"
        "print(json.dumps({'reason': 'made to fail', 'permanent': True}))"
    )
    broken_by(place, program)
    assert place.progress
    about, *lines = lines_of(path_of(place.progress, "tr-0001"))
    assert about == {"training": "tr-0001", "slot": "online_learning@hourly", "attempt": 1}
    assert [(line.get("words"), line.get("step")) for line in lines] == [
        ("reading", None),
        (None, 1),
        (None, 9),
    ]


def test_a_training_that_is_stopped_ends_at_once_and_another_begins_anew(place: Place) -> None:
    hanging = (sys.executable, "-c", "import time; time.sleep(600)")
    reactor = TrainingReactor(place, command=hanging)
    effect = of(Started())
    try:
        assert not reactor.wait(effect, 0.2)
        reactor.stop(effect.id)
        assert not reactor.wait(effect, 0.0)  # a retry has the same name: it is begun anew
        reactor.stop(effect.id)
        reactor.stop("nobody's")
    finally:
        reactor.close()


def test_a_training_that_waits_for_its_turn_is_stopped_before_it_begins(place: Place) -> None:
    hanging = (sys.executable, "-c", "import time; time.sleep(600)")
    reactor = TrainingReactor(place, command=hanging)
    effects = [of(Started(training=f"tr-000{number}")) for number in range(3)]
    try:
        for effect in effects:
            reactor.begin(effect)
        waiting = reactor._runs[effects[2].id]
        for effect in reversed(effects):
            reactor.stop(effect.id)
        said = read(waiting.answer.result())
        assert "nobody waits" in str(getattr(said, "reason", ""))
    finally:
        reactor.close()


def test_closing_ends_what_is_under_way(place: Place) -> None:
    hanging = (sys.executable, "-c", "import time; time.sleep(600)")
    reactor = TrainingReactor(place, command=hanging)
    reactor.begin(of(Started()))
    reactor.close()
