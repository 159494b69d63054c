"""Decides a lane once more from what it recorded as consumed, and compares bit by bit."""

import math
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from kingmaker.kernel import consumption
from kingmaker.kernel.consumption import Consumption
from kingmaker.kernel.host import INPUT_SKIPPED, PROCESS_KINDS, Host
from kingmaker.kernel.lane import Draft, Lane, LaneDamagedError, Record
from kingmaker.kernel.service import (
    CLOCK,
    Answer,
    Answers,
    Consumed,
    Input,
    Question,
    Run,
    Tick,
)
from kingmaker.runtime.engine import AnyService, Ask, answer_rounds, ask_nobody
from kingmaker.runtime.history import accepted, message_of
from kingmaker.runtime.log import Log, Tail

RECOMPUTED = "audit"

CHEAPER = 7 / 8  # folding an event costs about an eighth of deciding it


@dataclass(slots=True)
class Rehearsal(Host[Any, Any, Any, Any]):
    """A host that says what it decides and never appends: nothing is framed, hashed and chained."""

    said: list[Draft] = field(default_factory=list, init=False)

    def take_over(self, _release: str) -> None:
        """Go on in the term that was folded last: no other is opened."""
        self.term = self._chain.term

    def fork(self) -> "Rehearsal":
        """Return another that has folded the same; neither hears of what the other does."""
        assert not self._chain.holding, "amid a step"
        other = Rehearsal(self.service, self.writer, self.incarnation)
        other.state, other.time_ms = self.state, self.time_ms
        other.consumption = Consumption(dict(self.consumption.positions))
        other.remembered, other._remembered = deque(self.remembered), self._remembered
        other._skips = dict(self._skips)
        other._chain = deepcopy(self._chain)
        return other

    def hear(self) -> list[Draft]:
        """Return what was decided since this was last asked, without words of the process."""
        said, self.said = self.said, []
        return [draft for draft in said if draft.kind not in PROCESS_KINDS]

    def _queue(self, drafts: Sequence[Draft], _events: tuple[Any, ...] = ()) -> None:
        self.consumption.take()
        self._silent = 0
        self.said.extend(drafts)


@dataclass(frozen=True, slots=True)
class Share:
    """One of several parts of a stretch: what lies before it is folded, what behind is left out.

    All parts together decide every step of the stretch, each step once, whatever their number is.
    """

    number: int = 0
    of: int = 1

    def limits(self, first: int, last: int) -> tuple[int, int]:
        """Return from which record on and before which one this part of `first` to `last` lies.

        Later parts are shorter: they fold what the earlier ones decide.
        """
        events, whole = last + 1 - first, 1.0 - CHEAPER**self.of
        begin, end = (
            first + round(events * (1.0 - CHEAPER**number) / whole)
            for number in (self.number, self.number + 1)
        )
        return begin, end


ALL = Share()


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place where the recorded and the recomputed part."""

    lane: Lane
    seq: int
    recorded: Draft | None
    recomputed: Draft | None

    def __str__(self) -> str:
        """Name the place and both sides."""
        return (
            f"{self.lane} record {self.seq}: recorded {_told(self.recorded)},"
            f" recomputed {_told(self.recomputed)}"
        )


@dataclass(slots=True)
class Redecision:
    """One service on one lane, decided anew by this release's code.

    Steps before market time `begin_ms` are folded as they were recorded, like at any start; from
    the first step of that time on every step is decided anew, or those of one `share`.
    """

    service: AnyService
    log: Log
    answer: Ask = ask_nobody
    begin_ms: int = 0
    share: Share = ALL  # of what lies between the first step of that time and `until_seq`
    folded: Rehearsal | None = None  # up to where deciding begins, if somebody did that already
    began: int = -1  # the first record decided anew
    steps: int = 0
    events: int = 0
    _readers: dict[Lane, Iterator[Record]] = field(default_factory=dict)
    _limits: tuple[float, float] | None = None

    def run(
        self, until_seq: int | None = None, progress: Callable[[int], None] = lambda _seq: None
    ) -> Difference | None:
        """Return the first difference up to `until_seq`; None if every bit is the same."""
        host = self.folded or Rehearsal(self.service, RECOMPUTED, self.log.incarnation)
        for step in _steps(self.log, self.service.lane):
            if until_seq is not None and step[0].seq > until_seq:
                break
            progress(step[-1].seq)
            begin, end = self._limits_at(step[0], until_seq)
            if step[0].seq >= end:
                break
            if step[0].seq < begin:
                for record in () if self.folded else step:
                    host.replay(record)
                continue
            if self.began < 0:
                self._begin(host, step[0])
            difference = self._compare(host, step)
            if difference:
                return difference
            self.steps += 1
            self.events += len(step)
        return None

    def _limits_at(self, record: Record, until_seq: int | None) -> tuple[float, float]:
        """Return where our part begins and ends, as far as that is known at a record."""
        if self._limits is None and record.time_ms >= self.begin_ms:
            if self.share.of > 1:
                assert until_seq is not None, "a stretch without an end has no parts"
                self._limits = self.share.limits(record.seq, until_seq)
            else:
                self._limits = record.seq, math.inf
        return self._limits or (math.inf, math.inf)

    def _begin(self, host: Rehearsal, first: Record) -> None:
        """Bring back what is not recorded, the window and the latest tick; then take over."""
        self.began = first.seq
        host.rebuild(self._inputs(tuple(host.remembered)))
        tick = host.consumption.position(CLOCK).seq
        if self.service.clocked and tick >= 0:
            host.window = self.service.observe(host.window, Tick(tick))
        host.take_over(RECOMPUTED)

    def _compare(self, host: Rehearsal, step: Sequence[Record]) -> Difference | None:
        for record in step:
            if record.kind == INPUT_SKIPPED:
                host.learn_skip(record.value)
        answer = self._as_recorded(step)
        for item in self._inputs(consumption.decode(step[0].consumed)):
            if host.consume(item):
                host.decide(answer_rounds(host, answer))
        recomputed = host.hear()
        recorded = [record for record in step if record.kind not in PROCESS_KINDS]
        for at in range(max(len(recorded), len(recomputed))):
            ours = recomputed[at] if at < len(recomputed) else None
            theirs = Draft(recorded[at].kind, recorded[at].value) if at < len(recorded) else None
            if ours != theirs:
                seq = recorded[at].seq if at < len(recorded) else step[-1].seq
                return Difference(self.service.lane, seq, theirs, ours)
        return None

    def _as_recorded(self, step: Sequence[Record]) -> Ask:
        """Return who answers: in the time that the step recorded, whatever it takes here."""
        recorded: dict[str, int] = {}
        for record in step:
            read = self.service.timed.get(record.kind)
            if read is not None:
                recorded |= read(message_of(record))
        return partial(_timed, self.answer, recorded) if recorded else self.answer

    def _inputs(self, consumed: Sequence[Consumed]) -> Iterator[Input]:
        for item in consumed:
            match item:
                case Input():
                    yield item
                case Run(lane, first, last, fingerprint):
                    yield from self._run(lane, first, last, fingerprint)

    def _run(self, lane: Lane, first: int, last: int, fingerprint: str) -> Iterator[Input]:
        """Yield the events that a run points to; refuse them if the witness disagrees."""
        reader = self._readers.get(lane)
        if reader is None:
            reader = self._readers[lane] = _from(self.log, lane, first)
        for record in reader:
            if record.seq >= first:
                yield Input.of_event(lane, record)
            if record.seq < last:
                continue
            if record.hash != fingerprint:
                raise LaneDamagedError(
                    f"{lane}: record {last} is not the one that {self.service.lane} consumed: it"
                    f" was {fingerprint[:12]}, it is {record.hash[:12]}."
                )
            return
        raise LaneDamagedError(f"{lane}: ends before record {last}, which was consumed.")


def _timed(ask: Ask, recorded: Mapping[str, int], questions: Sequence[Question]) -> Answers:
    """Answer, and say of each answer how long it took when it was recorded."""
    return {
        key: replace(answer, latency_us=recorded.get(key, 0))
        if isinstance(answer, Answer)
        else answer
        for key, answer in ask(questions).items()
    }


def _from(log: Log, lane: Lane, first: int) -> Iterator[Record]:
    """Yield accepted records from `first` on, or from some before it; the chain level read all."""
    tail = Tail(log, lane)
    tail.skip_to(first)
    while news := tail.poll():
        yield from news


def _steps(log: Log, lane: Lane) -> Iterator[list[Record]]:
    """Yield whole steps in order."""
    step: list[Record] = []
    for record in accepted(log, lane):
        step.append(record)
        if record.n == record.of - 1:
            yield step
            step = []


def _told(draft: Draft | None) -> str:
    return f"{draft.kind} {draft.value.hex()[:64]}" if draft else "nothing"
