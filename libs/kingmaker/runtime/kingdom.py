"""All services of a home in one process, on one log: the laptop's engine."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Protocol, Self

from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import Draft, Lane, Position
from kingmaker.kernel.service import Input
from kingmaker.runtime import first_inputs, passing_over
from kingmaker.runtime.anchors import Anchors
from kingmaker.runtime.clock import Clock, Reactor, Show
from kingmaker.runtime.engine import Ask, Engine
from kingmaker.runtime.first_inputs import PolicyOf, facts_of
from kingmaker.runtime.history import decided
from kingmaker.runtime.home import Home, Lock
from kingmaker.runtime.inbox import Inbox
from kingmaker.runtime.kill_file import KillFile
from kingmaker.runtime.log import Log
from kingmaker.runtime.release import RELEASE
from kingmaker.runtime.services import build_services
from kingmaker.runtime.snapshots import Snapshots
from kingmaker.runtime.sqlite_log import SqliteLog

SNAPSHOT_EVERY_TIMES = 20_000  # market times between two snapshots of every service
KEY_TRUSTED = "kingmaker.governance.v1.KeyTrusted"


class Row(Protocol):
    """One bar from a source: known at `close_ms`, the `number`-th (from 0) of its desk."""

    @property
    def close_ms(self) -> int:
        """When the bar is known."""
        ...

    @property
    def desk(self) -> int:
        """Whose it is, by lane."""
        ...

    @property
    def number(self) -> int:
        """Its place among the desk's rows."""
        ...

    @property
    def bar(self) -> Draft:
        """The fact for the feed."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """What a kingdom consists of."""

    desks: tuple[Desk, ...]
    policy_of: PolicyOf
    bootstrap: tuple[Draft, ...] = ()  # registry commands, offered at every start
    keys: Draft | None = None  # the public keys that the home trusts
    actor: str = ""  # whose settings they are


@dataclass
class Kingdom:
    """Opens a home, takes over every lane, lets time run; use it in a `with` block."""

    home: Home
    plan: Plan
    answer: Ask
    load: Callable[[str], None]
    reactors: Mapping[str, Reactor]
    show: Show = lambda _lane, _step: None
    idle: Callable[[], None] = lambda: None  # called now and then while the clock waits
    engines: list[Engine] = field(default_factory=list, init=False)
    _keys_given: bool = field(default=False, init=False)
    _commands: deque[Input] = field(default_factory=deque, init=False)  # taken, not handed out

    def __enter__(self) -> Self:
        """Lock the home, check the log against its anchors, replay, take over."""
        incarnation = self.home.begin()
        self._lock = Lock(self.home)
        self._lock.__enter__()
        self._log = SqliteLog(self.home.log, incarnation)
        self._inbox = Inbox(self.home.inbox)
        self._anchors = Anchors(self.home.anchors)
        self._snapshots = Snapshots(self.home.snapshots, RELEASE)
        try:
            self._anchors.check(self._log)
            self._start()
        except BaseException:
            self._let_go()
            raise
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Leave snapshots and anchors behind; whatever was interrupted is left as it was durable.

        An interrupt strikes anywhere, between consuming and deciding too: to record anything after
        it would record an input that was never decided.
        """
        try:
            if kind is None:
                self._take_snapshots()
                self._drop_anchors(at_once=True)
        finally:
            self._let_go()

    @property
    def now_ms(self) -> int:
        """The market time in progress."""
        return self.clock.now_ms

    def positions(self) -> list[int]:
        """Return the number of the last row consumed, a desk each; -1 before the first."""
        return [
            engine.host.consumption.position(facts_of(engine)).seq
            for engine in self.engines
            if engine.service.name == "feed"
        ]

    def begin(self, time_ms: int) -> None:
        """Hand out keys, settings and shipped models; go on with the market time in progress.

        Whoever waits in the inbox is heard before the next bar: a kill, above all.
        """
        now = max(self.now_ms, time_ms)
        given = [*self._keys(now), *self._policies(now), *self._bootstraps(now)]
        inputs = [*self._losses(now), *given]
        self.clock.move_to(now, inputs)
        self.clock.commit()
        self.deliver()

    def play(self, rows: Iterable[Row]) -> Iterator[int]:
        """Let time run over `rows`; yield each market time once everything is settled."""
        feeds = [engine for engine in self.engines if engine.service.name == "feed"]
        for count, (close_ms, group) in enumerate(groupby(rows, key=lambda row: row.close_ms), 1):
            self._run_effects_before(close_ms)
            self.clock.move_to(close_ms, [_bar(feeds[row.desk], row) for row in group])
            self.deliver()
            if count % SNAPSHOT_EVERY_TIMES == 0:
                self._take_snapshots()
            self._drop_anchors()
            yield close_ms
        self.clock.commit()

    def send(self, lane: Lane, command: Draft) -> None:
        """Put a command into the inbox, as another process would."""
        self._inbox.put(lane, command)

    def deliver(self) -> None:
        """Look for the file KILL, then hand out commands until the inbox is empty."""
        self._look_for_kill(self.clock.hand)
        while self._command(self.clock.hand):
            pass

    def _meanwhile(self) -> bool:
        """Hear people while the clock waits for a training, one command at a time."""
        self.idle()
        return self._look_for_kill(self.clock.give) or self._command(self.clock.give)

    def _look_for_kill(self, give: Callable[[Engine, Input], None]) -> bool:
        facts = [(engine, fact) for engine in self._risks for fact in self._kill_file.take(engine)]
        for engine, fact in facts:
            give(engine, fact)
        return bool(facts)

    def _command(self, give: Callable[[Engine, Input], None]) -> bool:
        """Hand out the next command of the inbox; tell whether there was one."""
        if not self._commands:
            self._commands.extend(self._inbox.take(self.now_ms))
        if not self._commands:
            return False
        for engine, keys in self._keys(self.now_ms):  # before anybody's signature is judged
            give(engine, keys)
        command = self._commands.popleft()
        service = command.lane.topic.split(".")[1]
        for engine in self.engines:
            if (engine.service.name, engine.lane.index) == (service, command.lane.index):
                give(engine, command)
        passing_over.tell(self.engines)
        return True

    def history_digest(self) -> str:
        """Return the digest of everything that was decided, without what tells of processes."""
        return history_digest(self._log, [engine.lane for engine in self.engines])

    def _start(self) -> None:
        self.engines = [
            Engine(service, self._log, self.answer) for service in build_services(self.plan.desks)
        ]
        self._risks = [engine for engine in self.engines if engine.service.name == "risk"]
        self._kill_file = KillFile(self.home.path)
        for engine in self.engines:
            engine.start(RELEASE, self._snapshots.newest(engine.lane))
        self.clock = Clock(self.engines, self._log, self.reactors, show=self.show)
        self.clock.meanwhile = self._meanwhile
        self._hear_of_exceptions()

    def _hear_of_exceptions(self) -> None:
        """Let promotion judge what people signed for before anybody meets what it is about."""
        for engine in self.engines:
            if engine.service.name == "promotion":
                commands = passing_over.waiting(engine, self.home.inbox, self.now_ms)
                for judge, keys in self._keys(self.now_ms) if commands else ():
                    self.clock.give(judge, keys)
                for command in commands:
                    self.clock.give(engine, command)
        passing_over.tell(self.engines)

    def _losses(self, time_ms: int) -> Iterator[tuple[Engine, Input]]:
        """Load what every state serves with; tell a service which of its models is lost."""
        for engine in self.engines:
            for item in first_inputs.losses(engine, self.load, time_ms):
                yield engine, item

    def _run_effects_before(self, time_ms: int) -> None:
        """Let time stop wherever an effect is due before the next bar."""
        while (due := self.clock.next_due_ms) is not None and due < time_ms:
            self.clock.move_to(max(due, self.now_ms))

    def _policies(self, time_ms: int) -> Iterator[tuple[Engine, Input]]:
        said = first_inputs.Said(self.plan.desks, self.plan.policy_of, self.plan.actor)
        for engine in self.engines:
            yield engine, first_inputs.policy(engine, said, time_ms)

    def _keys(self, time_ms: int) -> list[tuple[Engine, Input]]:
        """Return, once in this life, whom promotion may trust."""
        if self._keys_given or self.plan.keys is None:
            return []
        self._keys_given = True
        return [
            (engine, first_inputs.keys(engine, self.plan.keys, time_ms))
            for engine in self.engines
            if engine.service.name == "promotion"
        ]

    def _bootstraps(self, time_ms: int) -> Iterator[tuple[Engine, Input]]:
        registry = next(engine for engine in self.engines if engine.service.name == "registry")
        for item in first_inputs.bootstrap(registry, self.plan.bootstrap, time_ms):
            yield registry, item

    def _take_snapshots(self) -> None:
        taken = [(engine, engine.host.take_snapshot()) for engine in self.engines]
        self.clock.commit()
        for engine, snapshot in taken:
            self._snapshots.keep(engine.lane, snapshot)

    def _drop_anchors(self, *, at_once: bool = False) -> None:
        """Anchor what is durable, and nothing else."""
        if at_once or self._anchors.are_due():
            self.clock.commit()
            self._anchors.drop(self._tips())

    def _tips(self) -> dict[Lane, Position]:
        return {engine.lane: engine.host.tip for engine in self.engines}

    def _let_go(self) -> None:
        self._inbox.close()
        self._log.close()
        self._lock.__exit__()


def history_digest(log: Log, lanes: Sequence[Lane]) -> str:
    """Return SHA-256 over every decided event, in order per lane; lanes by name.

    Keys that are trusted are left out: they are random and of the home, as its incarnation is.
    """
    total = hashlib.sha256()
    for lane in sorted(lanes):
        sha = hashlib.sha256()
        for record in decided(log, lane):
            if record.kind == KEY_TRUSTED:
                continue
            sha.update(b"%d %d " % (len(record.kind), len(record.value)))
            sha.update(record.kind.encode() + record.value)
        total.update(f"{lane} {sha.hexdigest()}\n".encode())
    return total.hexdigest()


def _bar(feed: Engine, row: Row) -> tuple[Engine, Input]:
    lane = facts_of(feed)
    return feed, Input(lane, row.number, row.bar.kind, row.bar.value, time_ms=row.close_ms)
