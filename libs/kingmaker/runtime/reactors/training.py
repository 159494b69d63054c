"""Runs trainings, each in a process of its own, and answers with the fact of what came of it.

Same data and seed, same bytes: so a training whose outcome is unknown is simply repeated. After the
first, processes are started before they are needed: they import while the clock goes on.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import IO, Any, Protocol

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk, component_of, desk_of
from kingmaker.kernel.lane import Draft
from kingmaker.kernel.service import Effect
from kingmaker.runtime.reactors import training_process
from kingmaker.runtime.reactors.progress import ProgressFile, in_words, path_of
from kingmaker.runtime.reactors.training_process import Request

KIND = "learners.train"
PACKAGE = "kingmaker.learners.v1"
TOGETHER_MAX = 2  # trainings at once; others wait
WALL_LIMIT_S = 600.0  # a hundred times what the largest takes: beyond it, a training hangs
TRIALS = "search_trials"  # the parameter that makes a training a search: each trial is one more
LAST_WORDS_MAX = 300  # characters of what a broken process said
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

STOPPED = {"reason": "stopped: nobody waits for it", "permanent": True}

type Tell = Callable[[str], None]
type Message = Mapping[str, Any]


class Started(Protocol):
    """A `TrainingStarted` of the learners."""

    training: str
    slot: str
    attempt: int
    trades: int
    until_ms: int
    seed: int
    parameters: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Place:
    """Where trainings read and write: the log's file, the artifacts' folder, the desks' lanes."""

    log: Path
    artifacts: Path
    desks: Sequence[Desk]
    progress: Path | None = None  # the folder that keeps how far each has come; None: nobody does
    compiled: Path | None = None  # the folder that keeps what JAX compiled; None: each compiles

    def lane(self, desk: str) -> int:
        """Return the lane of a desk."""
        return next(one.index for one in self.desks if one.name == desk)


class Work(Protocol):
    """What a process of its own is asked to do, and how its answer becomes a fact."""

    def about(self, asked: Any) -> str:  # noqa: ANN401 - the payload of an effect
        """Say what it is, for people."""
        ...

    def kept(self, asked: Any) -> ProgressFile | None:  # noqa: ANN401 - as above
        """Return the file that keeps how far it is; None: nobody does."""
        ...

    def times(self, asked: Any) -> float:  # noqa: ANN401 - as above
        """Return how many times the limit of one piece of work it may take."""
        ...

    def request(self, asked: Any) -> Any:  # noqa: ANN401 - as above, and a dataclass
        """Return what the process is told."""
        ...

    def fact(self, asked: Any, answer: Message) -> Draft:  # noqa: ANN401 - as above
        """Return what it answered, or why it did not, as a fact."""
        ...


@dataclass(frozen=True, slots=True)
class Training:
    """The work of `learners.train`."""

    place: Place

    def about(self, asked: Started) -> str:
        """Name training and slot."""
        return f"{asked.training} {asked.slot}"

    def kept(self, asked: Started) -> ProgressFile | None:
        """Keep its loss curve, where a home wants it."""
        if self.place.progress is None:
            return None
        about = {"training": asked.training, "slot": asked.slot, "attempt": asked.attempt}
        return ProgressFile(path_of(self.place.progress, asked.training), about)

    def times(self, asked: Started) -> float:
        """Return 1, and 1 more for every trial of a search."""
        return 1.0 + asked.parameters.get(TRIALS, 0.0)

    def request(self, asked: Started) -> Request:
        """Return what to learn from, and how."""
        return Request(
            log=str(self.place.log),
            artifacts=str(self.place.artifacts),
            lane=self.place.lane(desk_of(asked.slot)),
            component=component_of(asked.slot),
            trades=asked.trades,
            until_ms=asked.until_ms,
            seed=asked.seed,
            parameters=dict(asked.parameters),
            compiled=str(self.place.compiled or ""),
            training=asked.training,
            folder=str(self.place.progress or ""),
        )

    def fact(self, asked: Started, answer: Message) -> Draft:
        """Return TrainingSucceeded or TrainingBroke."""
        name = "TrainingBroke" if "reason" in answer else "TrainingSucceeded"
        return fact_of(name, training=asked.training, **answer)


class TrainingReactor:
    """Does the work of `learners.train`, or other work in a process of its own."""

    def __init__(
        self,
        place: Place,
        tell: Tell = lambda _line: None,
        *,
        work: Work | None = None,
        command: Sequence[str] = (sys.executable, "-m", training_process.__name__),
        wall_limit_s: float = WALL_LIMIT_S,
    ) -> None:
        """Prepare; `tell` hears progress, from another thread."""
        self._work, self._tell = work or Training(place), tell
        self._command, self._wall_limit_s = tuple(command), wall_limit_s
        self._pool = ThreadPoolExecutor(TOGETHER_MAX, thread_name_prefix="training")
        self._runs: dict[str, _Run] = {}
        self._processes = _Processes(self._command)

    def begin(self, effect: Effect) -> None:
        """Start the training, or queue it."""
        self._run_of(effect)

    def wait(self, effect: Effect, seconds: float) -> bool:
        """Begin if need be; tell whether the training is over within so many seconds."""
        return bool(wait_for([self._run_of(effect).answer], timeout=seconds).done)

    def finish(self, effect: Effect) -> Draft:
        """Wait for the training; return TrainingSucceeded or TrainingBroke."""
        draft = self._run_of(effect).answer.result()
        self._runs.pop(effect.id, None)
        return draft

    def stop(self, effect_id: str) -> None:
        """End a training that nobody waits for any longer; its process is killed."""
        run = self._runs.pop(effect_id, None)
        if run is not None:
            run.stop()

    def close(self) -> None:
        """Let nothing go on: what was not answered is begun again by the next process."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._processes.kill_all()
        self._pool.shutdown(wait=True)

    def _run_of(self, effect: Effect) -> "_Run":
        run = self._runs.get(effect.id)
        if run is None:
            run = self._runs[effect.id] = _Run()
            run.answer = self._pool.submit(self._train, run, effect.payload)
        return run

    def _train(self, run: "_Run", asked: Any) -> Draft:  # noqa: ANN401 - the payload of an effect
        if run.is_stopped:
            return self._work.fact(asked, STOPPED)
        process = self._processes.take()
        try:
            run.work(process)
            return self._converse(process, asked)
        finally:
            self._processes.forget(process)

    def _converse(self, process: "_Process", asked: Any) -> Draft:  # noqa: ANN401 - as above
        """Hand over the request, read lines until the end."""
        limit_s = self._wall_limit_s * self._work.times(asked)
        watch = threading.Timer(limit_s, process.kill_late)
        watch.start()
        answer: Message = {}
        about, kept = self._work.about(asked), self._work.kept(asked)
        try:
            process.say(json.dumps(asdict(self._work.request(asked))))
            for line in process.lines():
                message = _parse(line)
                if "progress" in message:
                    said = message["progress"]
                    self._tell(f"{about}: {in_words(said)}")
                    if kept:
                        kept.keep(said)
                else:
                    answer = answer or message
            status = process.wait()
        finally:
            watch.cancel()
            if kept:
                kept.finish()
        return self._work.fact(asked, answer or _silence(process, status, limit_s))


class _Run:
    """A training under way; it may be stopped before its process is there."""

    answer: "Future[Draft]"

    def __init__(self) -> None:
        self.is_stopped = False
        self._process: _Process | None = None

    def work(self, process: "_Process") -> None:
        """Take note of the process; either of two threads sees what the other has done."""
        self._process = process
        if self.is_stopped:
            process.kill()

    def stop(self) -> None:
        """End it."""
        self.is_stopped = True
        if self._process:
            self._process.kill()


class _Process:
    """One training process; its words to people go to a file, so that it never waits for us."""

    def __init__(self, command: Sequence[str]) -> None:
        self._complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `end`
        self._popen = subprocess.Popen(  # noqa: S603 - our own module, no input from outside
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            env=os.environ | ONE_THREAD,
            text=True,
            # An interrupt at the terminal is for the parent to handle. No session of its own:
            # Linux weighs sessions alike (autogroup), however little what is in them wants.
            process_group=0,
        )
        self.was_late = False

    def say(self, line: str) -> None:
        """Hand over one line; a process that is gone is noticed where its answer is missed."""
        assert self._popen.stdin, "it was opened with a pipe"
        try:
            self._popen.stdin.write(line + "\n")
            self._popen.stdin.flush()
        except BrokenPipeError:
            return

    def lines(self) -> IO[str]:
        """Return what it says, line by line, until it ends."""
        assert self._popen.stdout, "it was opened with a pipe"
        return self._popen.stdout

    def wait(self) -> int:
        """Return its status once it is gone."""
        return self._popen.wait()

    def is_gone(self) -> bool:
        """Tell whether it has ended."""
        return self._popen.poll() is not None

    def kill_late(self) -> None:
        """End a process that took too long."""
        self.was_late = True
        self.kill()

    def kill(self) -> None:
        """End it; whoever reads its lines comes to their end."""
        self._popen.kill()

    def end(self) -> None:
        """Leave nothing behind."""
        self._popen.kill()
        self._popen.wait()
        self._complaints.close()
        for pipe in (self._popen.stdin, self._popen.stdout):
            if pipe:
                _close(pipe)

    def last_words(self) -> str:
        """Return the end of what it complained about, on one line."""
        self._complaints.seek(0)
        words = self._complaints.read().decode(errors="replace").split()
        return " ".join(words)[-LAST_WORDS_MAX:]


class _Processes:
    """Processes at work, and those that wait for work with their imports done."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._numbers = count()
        self._lock = threading.Lock()
        self._at_work: list[_Process] = []
        self._spares: list[_Process] = []
        self._closed = False

    def take(self) -> _Process:
        """Return a process that waits for a request."""
        with self._lock:
            while self._spares and self._spares[-1].is_gone():  # killed while it waited
                self._spares.pop().end()
            process = self._spares.pop() if self._spares else self._start()
            self._at_work.append(process)
            return process

    def forget(self, process: _Process) -> None:
        """Let go of one that has answered; another gets ready for the next night."""
        with self._lock:
            self._at_work.remove(process)
            if not self._closed and len(self._spares) < TOGETHER_MAX:
                self._spares.append(self._start())
        process.end()

    def kill_all(self) -> None:
        """End every process, at work or not."""
        with self._lock:
            self._closed = True
            spares, self._spares = self._spares, []
            for process in self._at_work:
                process.kill()
        for process in spares:
            process.end()

    def _start(self) -> _Process:
        """Start one more, on the next processor."""
        return _Process([*self._command, str(next(self._numbers))])


def _parse(line: str) -> Message:
    """Return a line as a message; whatever else a library prints is progress."""
    try:
        message = json.loads(line)
    except ValueError:
        message = None
    return message if isinstance(message, dict) else {"progress": line.strip()}


def _silence(process: _Process, status: int, wall_limit_s: float) -> Message:
    if process.was_late:
        return {"reason": f"no result within {wall_limit_s:g} s: killed", "permanent": False}
    reason = f"the process ended with status {status}. {process.last_words()}".strip()
    return {"reason": reason, "permanent": False}


def fact_of(name: str, **fields: Any) -> Draft:  # noqa: ANN401 - of any fact of the learners
    """Return a fact as bytes."""
    message = message_class(PACKAGE, name)(**fields)
    return Draft(f"{PACKAGE}.{name}", message.SerializeToString(deterministic=True))


def _close(pipe: IO[str]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return
