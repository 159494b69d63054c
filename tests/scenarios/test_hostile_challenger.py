"""Whatever a challenger does, the champion decides as if it were alone, and the guilty is named."""

import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kingmaker.runtime.bars import DEMO
from kingmaker.runtime.models.challengers import Challengers
from kingmaker.runtime.models.errors import ModelHungError
from kingmaker.runtime.models.patience import LIVE, Patience
from kingmaker.runtime.models.runner import ModelRunner
from tests.scenarios import evil_models
from tests.scenarios.challenged import Challenge, deeds_of_the_champion, play
from tests.scenarios.playing import Stage, stage

EURUSD = DEMO[2]
SLOT = "online_learning@eurusd-1h"
TIMES = 1_000  # hours
DEEDS_MIN = 400
FAULTS_MAX = 3  # in a row: then a trial is closed
HASTY = Patience(LIVE.seconds, strict=True)
LOOK_EVERY_S = 0.02


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Return what the champion does where nobody challenges it."""
    undisturbed = stage(tmp_path_factory.mktemp("alone") / "home", [EURUSD])
    play(undisturbed, TIMES)
    deeds = deeds_of_the_champion(undisturbed)
    assert len(deeds) > DEEDS_MIN
    return deeds


@pytest.fixture
def challenged(tmp_path: Path) -> Stage:
    return stage(tmp_path / "home", [EURUSD])


def assert_faulted_by_name(stage: Stage, challenge: Challenge, words: str) -> None:
    """Expect every fault to name the model and the reason, and the trial to be closed for them."""
    faults = stage.events("trader", 0, "ChallengerFaulted")
    assert [fault.faults for fault in faults] == list(range(1, FAULTS_MAX + 1))
    for fault in faults:
        assert (fault.slot, fault.digest) == (SLOT, challenge.digest)
        assert words in fault.reason
    [closed] = stage.events("promotion", 0, "TrialClosed")
    assert (closed.trial, closed.reason) == (faults[0].trial, "fault")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (evil_models.not_a_number, "score is not finite"),
        (evil_models.greedy, "Failed to allocate memory"),
        (evil_models.endless, f"no answer within {LIVE.seconds:g} s"),
    ],
    ids=["answers NaN", "asks for 64 GiB", "hangs"],
)
def test_a_challenger_that_turns_evil_changes_no_bit_of_the_champions_deeds(
    alone: list[bytes], challenged: Stage, make: Callable[[], Challenge], words: str
) -> None:
    challenge = make()
    play(challenged, TIMES, challenge, LIVE)
    assert deeds_of_the_champion(challenged) == alone
    assert_faulted_by_name(challenged, challenge, words)


def test_a_sound_challenger_changes_no_bit_of_them_either(
    alone: list[bytes], challenged: Stage
) -> None:
    play(challenged, TIMES, evil_models.sound())
    assert deeds_of_the_champion(challenged) == alone
    assert challenged.events("trader", 0, "PairResolved")
    assert not challenged.events("trader", 0, "ChallengerFaulted")


@dataclass
class Killer:
    """Kills the challengers' process: amid an answer that is the model's crash, else our own."""

    runner: ModelRunner
    kills: int = 0

    @contextmanager
    def amid_models(self) -> Iterator[None]:
        """Strike whenever the process is amid an answer."""
        over = threading.Event()
        thread = threading.Thread(target=self._strike_until, args=(over,))
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _strike_until(self, over: threading.Event) -> None:
        struck: set[int] = set()
        while not over.wait(LOOK_EVERY_S):
            confined = self.runner._challengers
            assert isinstance(confined, Challengers)
            child = confined._child
            if child and child.at is not None and child.pid not in struck:
                struck.add(child.pid)
                self.strike()

    def strike(self) -> None:
        """Strike now."""
        pid = self.runner.child_pid
        assert pid, "there is a process to kill"
        os.kill(pid, signal.SIGKILL)
        self.kills += 1


def test_a_challenger_that_takes_its_process_down_is_named_and_changes_nothing(
    alone: list[bytes], challenged: Stage
) -> None:
    challenge = evil_models.endless()  # it is amid its answer whenever it is looked at
    killers: list[Killer] = []

    def meanwhile(runner: ModelRunner) -> Any:  # noqa: ANN401 - a context manager
        killers.append(Killer(runner))
        return killers[0].amid_models()

    play(challenged, TIMES, challenge, Patience(600.0, strict=True), meanwhile)
    assert killers[0].kills == FAULTS_MAX
    assert deeds_of_the_champion(challenged) == alone
    assert_faulted_by_name(challenged, challenge, "it took its process down (status -9)")


def test_a_process_killed_between_two_answers_is_nobodys_fault(
    tmp_path: Path, challenged: Stage
) -> None:
    """It is started anew and answers the same: not a bit of the whole history differs."""
    challenge = evil_models.sound()
    undisturbed = stage(tmp_path / "undisturbed", [EURUSD])
    play(undisturbed, TIMES, challenge)
    play(challenged, TIMES // 2, challenge)
    for _ in range(2):
        play(challenged, TIMES // 4, meanwhile=killed_at_first)
    assert challenged.play(0) == undisturbed.play(0)


@contextmanager
def killed_at_first(runner: ModelRunner) -> Iterator[None]:
    """Kill the process before it is asked anything."""
    Killer(runner).strike()
    yield


def test_under_a_scheduler_a_challenger_that_hangs_stops_the_run_with_its_name(
    alone: list[bytes], challenged: Stage
) -> None:
    """A busy machine must not change history: so nothing is recorded, again and again."""
    challenge = evil_models.endless()
    with pytest.raises(ModelHungError, match=challenge.digest):
        play(challenged, TIMES, challenge, HASTY)
    with pytest.raises(ModelHungError, match=challenge.digest):
        play(challenged, TIMES, None, HASTY)
    deeds = deeds_of_the_champion(challenged)
    assert deeds == alone[: len(deeds)]
    assert not challenged.events("trader", 0, "ChallengerFaulted")


def test_once_the_bytes_of_the_one_that_hangs_are_taken_away_the_run_goes_on(
    alone: list[bytes], challenged: Stage
) -> None:
    challenge = evil_models.endless()
    with pytest.raises(ModelHungError):
        play(challenged, TIMES, challenge, HASTY)
    shutil.rmtree(challenged.home.artifacts / challenge.digest)
    play(challenged, TIMES - len(challenged.events("feed", 0, "BarClosed")), None, HASTY)
    assert deeds_of_the_champion(challenged) == alone
    [fault] = challenged.events("trader", 0, "ChallengerFaulted")
    assert (fault.digest, fault.reason) == (challenge.digest, "digest_missing")
    [closed] = challenged.events("promotion", 0, "TrialClosed")
    assert (closed.trial, closed.reason) == (fault.trial, "fault")
