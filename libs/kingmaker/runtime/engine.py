"""Joins a host to a log: starts it, feeds it, appends what it decides, leaves when refused."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from kingmaker.kernel.host import ROUNDS_MAX, Host
from kingmaker.kernel.lane import Lane, Record
from kingmaker.kernel.service import (
    Answer,
    Answers,
    Effect,
    Fault,
    Input,
    Question,
    Run,
    Service,
    Step,
)
from kingmaker.runtime.log import Log, NotAcceptedError, Tail, Verdict

BULK_INPUTS_MAX = 64  # then urgent lanes are looked at again

type Ask = Callable[[Sequence[Question]], Answers]
type AnyService = Service[Any, Any, Any, Any]


class TooManyRoundsError(Exception):
    """A service goes on asking models about one input."""


def ask_nobody(questions: Sequence[Question]) -> Answers:
    """Answer for services that ask nothing."""
    assert not questions, f"nobody is there to answer {questions[0].key}"
    return {}


def answer_rounds(host: Host[Any, Any, Any, Any], answer: Ask) -> Answers:
    """Ask and answer until the input just consumed raises no more questions."""
    answers: dict[str, Answer | Fault] = {}
    for _ in range(ROUNDS_MAX):
        questions = host.ask(answers)
        if not questions:
            return answers
        answers.update(answer(questions))
    raise TooManyRoundsError(f"{host.lane}: still asks models after {ROUNDS_MAX} rounds")


class Engine:
    """One host on one log."""

    def __init__(self, service: AnyService, log: Log, answer: Ask = ask_nobody) -> None:
        """Prepare; nothing is read before `start`."""
        self.service = service
        self.host = Host(service, service.name, log.incarnation)
        self.lane = service.lane
        self.accepted: list[Step[Any]] = []  # since somebody last took them
        self._log, self._answer = log, answer
        self._tails = [Tail(log, lane) for lane in service.reads]
        self._unread: dict[Lane, deque[Record]] = {lane: deque() for lane in service.reads}

    def start(self, release: str, snapshots: Mapping[str, bytes] | None = None) -> None:
        """Replay, rebuild the window, take over.

        `snapshots` are bytes by digest; one that is missing or damaged costs time, never truth.
        """
        self.replay(snapshots or {})
        history = {tail.lane: self._catch_up(tail) for tail in self._tails}
        self.host.rebuild(_inputs(self.host.remembered, history))
        self.host.take_over(release)
        self.stage()

    def replay(self, snapshots: Mapping[str, bytes]) -> None:
        """Fold our own lane, from a snapshot if it announces one; nothing is written."""
        usable = {name: content for name, content in snapshots.items() if self.host.fits(content)}
        if usable and self._replay_from(usable):
            return
        self.host = Host(self.service, self.service.name, self._log.incarnation)
        self._replay_from({})

    def offer(self, item: Input) -> bool:
        """Consume one input, its questions answered first; tell whether it decided anything."""
        if not self.host.consume(item):
            return False
        return bool(self.host.decide(answer_rounds(self.host, self._answer)))

    def drain(self) -> bool:
        """Consume news of the most urgent lane until something is decided; tell whether any was.

        It stops at every decision, so that what comes next depends on what is in the lanes and
        never on when this process was started.
        """
        consumed = 0
        for tail in self._tails:
            unread = self._unread[tail.lane]
            # What was read at the start may be old: a lane is left at its end, and not before.
            while consumed < BULK_INPUTS_MAX and (unread or self._poll(tail)):
                consumed += 1
                if self.offer(Input.of_event(tail.lane, unread.popleft())):
                    return True
        return consumed > 0

    def stage(self) -> bool:
        """Append what was decided; tell whether there was anything."""
        records = self.host.ready()
        if not records:
            return False
        verdict = self._log.append(self.lane, records)
        if verdict is not Verdict.ACCEPTED:
            raise NotAcceptedError(
                f"{self.lane}: the append of records from {records[0].seq} is {verdict.name}."
                f" Another process writes here, or the store failed: start again."
            )
        self.accepted.extend(self.host.advance())
        return True

    def open_effects(self) -> Sequence[Effect]:
        """Return what the state still waits for."""
        return self.service.effects(self.host.state)

    def unread(self) -> Mapping[Lane, int]:
        """Return how many events of each lane were read and not consumed yet."""
        return {lane: len(records) for lane, records in self._unread.items()}

    def _poll(self, tail: Tail) -> deque[Record]:
        unread = self._unread[tail.lane]
        unread.extend(tail.poll())
        return unread

    def _replay_from(self, snapshots: Mapping[str, bytes]) -> bool:
        """Fold our own lane, from the snapshot that it announces; tell whether it did."""
        found, place = False, 0
        while (page := self._log.read(self.lane, place))[0]:
            records, place = page
            for record in records:
                found |= self.host.replay(record, None if found or not snapshots else snapshots)
        return found

    def _catch_up(self, tail: Tail) -> list[Record]:
        """Read up to what was consumed, prove that it is the same; return what the window needs."""
        lane, consumed = tail.lane, self.host.consumption.position(tail.lane)
        first = _first_remembered(self.host.remembered, lane, consumed.seq + 1)
        tail.skip_to(min(first, consumed.seq))
        history: list[Record] = []
        while tail.chain.tip.seq < consumed.seq and (news := tail.poll()):
            for record in news:
                if record.seq > consumed.seq:
                    self._unread[lane].append(record)
                elif record.seq >= first or record.seq == consumed.seq:
                    history.append(record)
        self.host.consumption.require(lane, tail.chain.tip)
        if history:
            self.host.consumption.bear_witness(lane, history[-1].position)
        return history


def _first_remembered(remembered: deque[Any], lane: Lane, otherwise: int) -> int:
    runs = (item.first for item in remembered if isinstance(item, Run) and item.lane == lane)
    return min(runs, default=otherwise)


def _inputs(remembered: deque[Any], history: Mapping[Lane, list[Record]]) -> Iterator[Input]:
    """Yield the remembered inputs in the order they were consumed."""
    for consumed in remembered:
        match consumed:
            case Run(lane, first, last):
                records = history[lane]
                offset = records[0].seq if records else 0
                for record in records[first - offset : last + 1 - offset]:
                    yield Input.of_event(lane, record)
            case Input():
                yield consumed
