"""Trainings that go wrong in a real play, and bundles that are damaged: the champion goes on.

Each is played from Monday 00:55 on, beside the same bars without a training. The trader's events
must be the same, bit by bit.
"""

import io
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from kingmaker.kernel.lane import Draft
from kingmaker.kernel.service import Effect
from kingmaker.runtime.assembly import open_kingdom
from kingmaker.runtime.clock import Reactor
from kingmaker.runtime.home import Home
from kingmaker.runtime.models.bundle import GOLDEN, MANIFEST, MODEL
from kingmaker.runtime.reactors import training, verification
from kingmaker.runtime.reactors.training import Place, TrainingReactor
from kingmaker.runtime.settings import DeskSettings, Learning, Settings
from tests.scenarios.challenged import deeds_of_the_champion, parts_of
from tests.scenarios.playing import Stage

FILES = ("sample:BTCUSDT_5m_2025_03.csv.gz", "sample:ETHUSDT_5m_2025_03.csv.gz")
DESK = DeskSettings(name="desk", files=FILES, interval="5m")
BEFORE, AFTER = 1_037, 60  # market times: to Monday 00:55, and five hours of it
NEVER = 1_000_000  # trades
MAIN = "\nprocess.main()\n"
HEAD = "from kingmaker.runtime.reactors import training_process as process\n"
HUNGRY = HEAD + "process._find_training = lambda: lambda *_: bytearray(64 << 30)" + MAIN
DIVERGES = (
    HEAD
    + """
def train(component, sources, seed, parameters, tell, kept):
    from kingmaker.learners.training import sober
    sober(tell)({"step": 3, "of": 9, "loss": float("nan")})
process._find_training = lambda: train
"""
    + MAIN
)
NO_NUMBER = (
    HEAD
    + """
whole = process.read_trades
def read(request):
    trades = whole(request)
    trades[5].setup[0] = float("nan")
    return trades
process.read_trades = read
"""
    + MAIN
)
FLATTERED = (  # the bundle is what was learned; its figures are better than they are
    HEAD
    + """
honest = process.answer
def answer(*words):
    said = honest(*words)
    return said | {"metrics": said["metrics"] | {"holdout_gain": 1.0, "holdout_net_kept": 1.0,
        "holdout_net_with": 1.0}}
process.answer = answer
"""
    + MAIN
)
KILLED = (
    HEAD + "import os; process._find_training = lambda: lambda *_: os.kill(os.getpid(), 9)" + MAIN
)


def settings(min_trades: int) -> Settings:
    learning = Learning(
        components=("online_learning",),
        min_trades=min_trades,
        admission_gain_se=0.0,
        admission_min_acts=1,
    )
    return Settings(desks=(DESK,), learning=learning)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home that was played to Monday 00:55: the first training is due at 01:00."""
    stage = Stage(Home(tmp_path_factory.mktemp("begun") / "home"), settings(NEVER))
    stage.play(BEFORE)
    [*_, last] = stage.events("feed", 0, "BarClosed")
    assert last.open_ms + last.interval_ms == 1_741_568_100_000, "Monday 00:55"
    return stage.home.path


type Wrong = tuple[str, Callable[[Path], None]]  # kind of a reactor, and what happens after it


@dataclass(frozen=True)
class Played:
    """What came of some hours."""

    stage: Stage

    @property
    def deeds(self) -> list[bytes]:
        """What the champion decided and the account did."""
        return deeds_of_the_champion(self.stage)

    def said(self, service: str, *names: str) -> list[Any]:
        """Return what a service said."""
        return self.stage.events(service, 0, *names)


def play(begun: Path, folder: Path, *wrong: Wrong, program: str = "", trades: int = 150) -> Played:
    """Play on in a copy of the home; trainings are this program, reactors are changed by `wrong`.

    A home's trades are enough for a training at 01:00 by default.
    """
    shutil.copytree(begun, folder / "home")
    stage = Stage(Home(folder / "home"), settings(trades))
    parts = parts_of(stage)
    with open_kingdom(stage.home, parts) as kingdom, programmed(stage, program) as trainings:
        reactors = cast("dict[str, Reactor]", kingdom.reactors)
        reactors[training.KIND] = trainings
        for kind, harm in wrong:
            reactors[kind] = Harmful(reactors[kind], harm, stage.home.artifacts)
        kingdom.begin(parts.begins_ms)
        starts = [position + 1 for position in kingdom.positions()]
        for _ in islice(kingdom.play(stage._bars().rows(starts)), AFTER):
            pass
    return Played(stage)


@contextmanager
def programmed(stage: Stage, program: str) -> Iterator[TrainingReactor]:
    """Yield the real reactor, whose processes run this program; "" is what they run."""
    place = Place(stage.home.log, stage.home.artifacts, stage.desks)
    own = (sys.executable, "-c", program)
    reactor = TrainingReactor(place, command=own) if program else TrainingReactor(place)
    try:
        yield reactor
    finally:
        reactor.close()


@dataclass(frozen=True)
class Harmful:
    """A reactor after whose work somebody damages the bundle that it was about."""

    reactor: Reactor
    harm: Callable[[Path], None]
    artifacts: Path

    def begin(self, effect: Effect) -> None:
        """Begin as ever."""
        self.reactor.begin(effect)

    def finish(self, effect: Effect) -> Draft:
        """Answer as ever, then do harm to whatever is no bundle of the product's own."""
        answer = self.reactor.finish(effect)
        for folder in self.artifacts.iterdir():
            if json.loads((folder / MANIFEST).read_bytes())["origin"] == "trained":
                self.harm(folder)
        return answer


def flip(folder: Path) -> None:
    """Flip a bit in the middle of the model."""
    content = bytearray((folder / MODEL).read_bytes())
    content[len(content) // 2] ^= 1
    _write(folder / MODEL, bytes(content))


def belie(folder: Path) -> None:
    """Let the golden rows tell other answers than the model gives."""
    with np.load(folder / GOLDEN) as golden:
        rows = {name: golden[name] for name in golden}
    [name] = [name for name in rows if name.startswith("out.")]
    rows[name] = rows[name] + np.float32(0.01)
    target = io.BytesIO()
    np.savez_compressed(target, allow_pickle=False, **rows)
    _write(folder / GOLDEN, target.getvalue())


def _write(path: Path, content: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(content)


@pytest.fixture(scope="module")
def untrained(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Return the champion's deeds where nobody learns."""
    played = play(begun, tmp_path_factory.mktemp("untrained"), trades=NEVER)
    assert not played.said("learners", "TrainingStarted")
    assert len(played.deeds) > 800
    return played.deeds


@pytest.mark.parametrize(
    ("program", "told"),
    [
        (HUNGRY, ["out of memory: a training may use 4 GiB"] * 3),
        (DIVERGES, ["it diverged: the loss is nan at step 3 of 9"]),
        (NO_NUMBER, ["a number is not finite, or its risk"]),
        (KILLED, ["the process ended with status -9"] * 3),
    ],
)
def test_a_training_that_fails_is_told_and_the_champion_goes_on(
    begun: Path, untrained: list[bytes], tmp_path: Path, program: str, told: list[str]
) -> None:
    played = play(begun, tmp_path, program=program)
    failed = played.said("learners", "TrainingFailed")
    assert all(reason in one.reason for one, reason in zip(failed, told, strict=True))
    [abandoned] = played.said("learners", "JobAbandoned")
    assert told[-1] in abandoned.reason
    assert [alert.type for alert in played.said("alerting", "AlertFired")] == ["job_abandoned"]
    assert not played.said("learners", "TrainingCompleted")
    assert played.deeds == untrained


def test_a_bundle_that_is_sound_goes_on_trial(begun: Path, tmp_path: Path) -> None:
    played = play(begun, tmp_path, program=FLATTERED)
    assert [model.origin for model in played.said("registry", "ModelRegistered")][9:] == ["trained"]
    assert len(played.said("promotion", "TrialOpened")) == 1


@pytest.mark.parametrize(("harm", "reason"), [(flip, "digest_mismatch"), (belie, "parity")])
def test_a_bundle_damaged_after_its_training_is_refused_before_any_trial(
    begun: Path,
    untrained: list[bytes],
    tmp_path: Path,
    harm: Callable[[Path], None],
    reason: str,
) -> None:
    played = play(begun, tmp_path, (training.KIND, harm), program=FLATTERED)
    [refused] = played.said("registry", "ModelRefused")
    assert refused.reason == reason
    assert not played.said("promotion", "TrialOpened")
    assert played.deeds == untrained


def test_a_bundle_damaged_between_admission_and_trial_is_never_loaded(
    begun: Path, untrained: list[bytes], tmp_path: Path
) -> None:
    played = play(begun, tmp_path, (verification.KIND, flip), program=FLATTERED)
    [faulted] = played.said("trader", "ChallengerFaulted")
    [closed] = played.said("promotion", "TrialClosed")
    assert faulted.reason == "digest_mismatch"
    assert (closed.trial, closed.reason) == (faulted.trial, "fault")
    assert not played.said("trader", "ChallengerWarmed")
    assert played.deeds == untrained
