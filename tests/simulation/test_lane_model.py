"""The rule against every behaviour of its writers: an exhaustive search over the real `lane.py`.

Writers read, take over, send steps of two records and wait; they may pause and die anywhere; what
they sent arrives late, in part or not at all. After every move the promises in `check` must hold.
Two writers in CI; three by `make test-model` (KINGMAKER_MODEL_WRITERS=3), which takes minutes.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import pytest

from kingmaker.kernel.lane import (
    STARTED,
    Chain,
    Draft,
    Lane,
    LaneDamagedError,
    Pen,
    Position,
    Record,
    frame,
)

LANE = Lane("km.model.v1")
GENESIS = LANE.genesis("model")
WRITERS = int(os.environ.get("KINGMAKER_MODEL_WRITERS", "2"))
STEPS_MAX = 2
MUTANT_WORLDS_MAX = 20_000  # mutants must fail where the rule does not
type Log = tuple[Record, ...]
type Steps = tuple[Log, ...]


@dataclass(frozen=True, slots=True)
class Writer:
    """What one process knows: the tip it writes on, and the records it waits to see accepted."""

    phase: str = "new"
    term: int = 0
    tip: Position = GENESIS
    steps: int = 0
    awaited: Log = ()


@dataclass(frozen=True, slots=True)
class World:
    """The log, what is in flight to it (one FIFO a writer), the writers, what was acknowledged."""

    writers: tuple[Writer, ...]
    in_flight: tuple[Log, ...]
    log: Log = ()
    acknowledged: frozenset[str] = frozenset()

    def put(self, i: int, writer: Writer | None = None, flight: Log | None = None) -> "World":
        """Return the world with one writer or its channel changed."""
        writers, flights = list(self.writers), list(self.in_flight)
        writers[i] = writer or writers[i]
        flights[i] = flights[i] if flight is None else flight
        return replace(self, writers=tuple(writers), in_flight=tuple(flights))


def start_of(tip: Position, term: int, writer: str) -> Log:
    return frame(tip, Pen(term, writer), [Draft(STARTED, b"")])


def step_of_two(tip: Position, term: int, writer: str, number: int) -> Log:
    """Return a step that may be torn and that says which input it consumed."""
    drafts = [Draft("A", b""), Draft("B", b"")]
    return frame(tip, Pen(term, writer), drafts, b"%d" % number)


class Model:
    """All moves, for one rule.

    Faults: `loss` of single records on their way; `trusting` writers, who do not read back what
    they sent; `hasty` ones, who send before their start was read back.
    """

    def __init__(
        self,
        rule: Callable[[Lane, str], Chain] = Chain,
        *,
        writers: int = 2,
        in_flight_max: int = 1,
        faults: frozenset[str] = frozenset({"loss"}),
    ) -> None:
        self.rule = rule
        self.first = World((Writer(),) * writers, ((),) * writers)
        self.in_flight_max, self.faults = in_flight_max, faults
        self.fold = cache(self._fold)

    def _fold(self, log: Log) -> tuple[Chain, Steps]:
        chain = self.rule(LANE, "model")
        return chain, tuple(tuple(step) for step in map(chain.feed, log) if step)

    def moves(self, world: World) -> Iterator[World]:
        for i, writer in enumerate(world.writers):
            if writer.phase == "new":
                yield self._take_over(world, i)
            if writer.phase == "live":
                yield world.put(i, replace(writer, phase="dead", awaited=()))
                yield from self._send(world, i, writer)
                yield from self._read_back(world, i, writer)
            yield from self._transport(world, i)

    def _take_over(self, world: World, i: int) -> World:
        chain, steps = self.fold(world.log)
        start = start_of(chain.tip, chain.term + 1, f"w{i}")
        done = sum(step[0].kind != STARTED for step in steps)
        writer = Writer("live", chain.term + 1, start[0].position, done, start)
        return world.put(i, writer, world.in_flight[i] + start)

    def _send(self, world: World, i: int, writer: Writer) -> Iterator[World]:
        """Send a step, but none before the start was read back: it could arrive without it."""
        starting = (
            any(record.kind == STARTED for record in writer.awaited) and "hasty" not in self.faults
        )
        full = len(writer.awaited) >= self.in_flight_max or writer.steps == STEPS_MAX
        if not (starting or full):
            step = step_of_two(writer.tip, writer.term, f"w{i}", writer.steps)
            awaited = (*writer.awaited, step[-1])
            sent = replace(writer, tip=step[-1].position, steps=writer.steps + 1, awaited=awaited)
            yield world.put(i, sent, world.in_flight[i] + step)

    def _read_back(self, world: World, i: int, writer: Writer) -> Iterator[World]:
        """Acknowledge the oldest step if it counts; a writer that finds it ignored leaves."""
        if not writer.awaited:
            return
        first, *others = writer.awaited
        if "trusting" in self.faults or (first in world.log and self._counts(first, world.log)):
            acknowledged = world.acknowledged | {first.hash}
            alive = replace(writer, awaited=tuple(others))
            yield replace(world.put(i, alive), acknowledged=acknowledged)
        elif first in world.log:
            yield world.put(i, replace(writer, phase="dead", awaited=()))

    def _counts(self, record: Record, log: Log) -> bool:
        _, steps = self.fold(log[: log.index(record) + 1])
        return any(record in step for step in steps)

    def _transport(self, world: World, i: int) -> Iterator[World]:
        """Let the oldest record arrive; let any one be lost, or all that a dead writer sent."""
        flight = world.in_flight[i]
        if flight:
            yield replace(world.put(i, flight=flight[1:]), log=(*world.log, flight[0]))
        if "loss" in self.faults:
            for k in range(len(flight)):
                yield world.put(i, flight=flight[:k] + flight[k + 1 :])
        elif flight and world.writers[i].phase == "dead":
            yield world.put(i, flight=())

    def check(self, world: World) -> None:
        chain, steps = self.fold(world.log)
        accepted = [record.hash for step in steps for record in step]
        assert len(accepted) == len(set(accepted)), "a record was accepted twice"
        assert world.acknowledged <= set(accepted), "an acknowledged step does not count"
        assert all(len(step) == step[0].of for step in steps), "a torn step was accepted"
        inputs = [step[0].consumed for step in steps if step[0].kind != STARTED]
        assert inputs == [b"%d" % n for n in range(len(inputs))], "an input was not consumed once"
        if world.log:
            _, before = self.fold(world.log[:-1])
            assert steps[: len(before)] == before, "accepted history changed"
        start = start_of(chain.tip, chain.term + 1, "fresh")
        step = step_of_two(start[0].position, chain.term + 1, "fresh", len(inputs))
        _, after = self.fold((*world.log, *start, *step))
        assert after[-2:] == (start, step), "nobody can take over"

    def explore(self, worlds_max: int | None = None) -> int:
        """Visit every reachable world, nearest first; return how many were found."""
        seen, queue = {self.first}, deque([self.first])
        while queue and (worlds_max is None or len(seen) < worlds_max):
            world = queue.popleft()
            self.check(world)
            for successor in self.moves(world):
                if successor not in seen:
                    seen.add(successor)
                    queue.append(successor)
        return len(seen)


def test_the_rule_keeps_its_promises_in_every_reachable_world() -> None:
    assert Model().explore() > 5_000


def test_the_rule_keeps_its_promises_with_two_steps_in_flight() -> None:
    Model(in_flight_max=2).explore(MUTANT_WORLDS_MAX)


@pytest.mark.skipif(WRITERS < 3, reason="minutes; run `make test-model`")
def test_the_rule_keeps_its_promises_with_more_writers() -> None:
    assert Model(writers=WRITERS, faults=frozenset()).explore() > 100_000


class AcceptsTornSteps(Chain):
    def _hold(self, record: Record) -> Sequence[Record]:
        return self._accept((record,))


class AcceptsGaps(Chain):
    def _extends(self, record: Record) -> bool:
        return record.n == len(self._held)


class ComparesNumbersAlone(Chain):
    """Believes whoever takes the next number, as a primary key does."""

    def _extends(self, record: Record) -> bool:
        return record.seq == self._last.seq + 1

    def _meet_stranger(self, record: Record) -> Sequence[Record]:
        return self._hold(record) if self._extends(record) else ()


class AcceptsEveryStart(Chain):
    def _take_over(self, start: Record) -> Sequence[Record]:
        self.term, self.writer = start.term, start.writer
        return self._accept((start,))


class KeepsWhatIsHeldAtTakeOver(Chain):
    def _take_over(self, start: Record) -> Sequence[Record]:
        held = list(self._held)
        accepted = Chain._take_over(self, start)
        self._held.extend(held)
        return accepted


class ForgetsThatATermBroke(Chain):
    """Goes on with what a failed send left behind."""

    def _void_term(self) -> Sequence[Record]:
        self._held.clear()
        return ()

    def _extends(self, record: Record) -> bool:
        return record.seq > self._last.seq and record.n == len(self._held)


class StopsAtEveryGap(Chain):
    def _void_term(self) -> Sequence[Record]:
        raise self._damage("a gap", self.tip.seq + 1)


class StopsAtEveryStranger(Chain):
    def _meet_stranger(self, record: Record) -> Sequence[Record]:
        raise self._damage(f"record {record.seq} is of term {record.term}", record.seq - 1)


UNSAFE = [
    AcceptsTornSteps,
    AcceptsGaps,
    ComparesNumbersAlone,
    AcceptsEveryStart,
    ForgetsThatATermBroke,
]
STUCK = [KeepsWhatIsHeldAtTakeOver, StopsAtEveryGap, StopsAtEveryStranger]


@pytest.mark.parametrize("mutant", UNSAFE + STUCK)
def test_a_weaker_rule_is_caught(mutant: type[Chain]) -> None:
    with pytest.raises((AssertionError, LaneDamagedError)):
        Model(mutant, in_flight_max=2).explore(MUTANT_WORLDS_MAX)


def test_a_writer_that_does_not_read_back_is_caught() -> None:
    with pytest.raises(AssertionError, match="an acknowledged step does not count"):
        Model(faults=frozenset({"trusting"})).explore()


def test_a_writer_that_sends_before_its_start_is_read_back_is_caught() -> None:
    with pytest.raises(LaneDamagedError, match="is of term"):
        Model(in_flight_max=2, faults=frozenset({"hasty"})).explore()
