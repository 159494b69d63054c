"""The whole life of a service on one lane, without I/O: data in, records to append out.

    host = Host(service, writer, incarnation)
    for record in own_lane:                      # 1. replay: fold what was decided; what was
        host.replay(record)                      #    consumed is never decided again
    host.rebuild(inputs_of(host.remembered))     #    the window is not recorded, its inputs are
    host.take_over(release)                      # 2. take over: open a term on the tip just read
    while True:
        log.append(lane, host.ready()) or leave  #    fenced or unclear: leave, restart, replay
        steps = host.advance()                   # 3. live: now they count, effects may start
        for item in next_inputs:                 #    in any order: it is recorded
            if host.consume(item):
                answers = {}
                while questions := host.ask(answers):
                    answers |= models.answer(questions)
                host.decide(answers)

A restart is this program again. Nothing else is remembered anywhere.
"""

import hashlib
import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import chain

from kingmaker.kernel import consumption, snapshot
from kingmaker.kernel.consumption import Consumption
from kingmaker.kernel.lane import STARTED, Chain, Draft, Lane, Pen, Position, Record, frame
from kingmaker.kernel.service import (
    CLOCK,
    Answers,
    Consumed,
    Input,
    Question,
    Run,
    Service,
    Skip,
    Step,
    Tick,
    UndecodableError,
)

ADVANCED = "km.Advanced"  # inputs were consumed and decided nothing
SNAPSHOT_TAKEN = "km.SnapshotTaken"  # the state so far has these bytes
INPUT_REFUSED = "km.InputRefused"  # a command or a fact whose bytes are not what they claim
INPUT_SKIPPED = "km.InputSkipped"  # an event that nobody could read, passed over by a person's word
PROCESS_KINDS = frozenset((STARTED, ADVANCED, SNAPSHOT_TAKEN))  # they tell of the process
HOST_KINDS = PROCESS_KINDS | {INPUT_REFUSED, INPUT_SKIPPED}
SILENT_INPUTS_MAX = 256
ROUNDS_MAX = 9


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A host at one position of its lane, as bytes. A cache: it may be lost at any time."""

    content: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the content, as announced in the lane."""
        return snapshot.digest(self.content)


@dataclass(frozen=True, slots=True)
class _Frozen:
    """What a snapshot holds beside the state."""

    shape: str  # of the state's type: another release may see the state otherwise
    state: bytes
    positions: dict[str, tuple[str, int, int, str]]
    remembered: bytes
    time_ms: int


@dataclass(slots=True)
class Host[S, W, M, E]:
    """One service on one lane. It owns the state; it is dropped when an append is not accepted."""

    service: Service[S, W, M, E]
    writer: str
    incarnation: str = ""
    state: S = field(init=False)
    window: W = field(init=False)
    time_ms: int = field(default=0, init=False)  # the latest logical time consumed
    consumption: Consumption = field(default_factory=Consumption, init=False)
    remembered: deque[Consumed] = field(default_factory=deque, init=False)
    term: int = field(default=-1, init=False)
    _skips: dict[tuple[Lane, int, str], bytes] = field(default_factory=dict, init=False)
    _chain: Chain = field(init=False)
    _tip: Position = field(init=False)  # the end of the lane once all of `_steps` is accepted
    _steps: list[Step[E]] = field(default_factory=list, init=False)
    _silent: int = field(default=0, init=False)  # inputs that decided nothing and wait for a step
    _remembered: int = field(default=0, init=False)  # inputs that `remembered` stands for
    _message: M | None = field(default=None, init=False)
    _refused: tuple[Draft, ...] = field(default=(), init=False)

    def __post_init__(self) -> None:
        """Know nothing yet."""
        self.state, self.window = self.service.initial, self.service.window()
        self._chain = Chain(self.lane, self.incarnation)
        self._tip = self._chain.tip

    @property
    def lane(self) -> Lane:
        """The lane it writes."""
        return self.service.lane

    @property
    def tip(self) -> Position:
        """The end of what was accepted."""
        return self._chain.tip

    @property
    def state_hash(self) -> str:
        """SHA-256 of the state's canonical bytes."""
        return snapshot.digest(snapshot.encode(self.state))

    # 1. replay

    def replay(self, record: Record, snapshots: Mapping[str, bytes] | None = None) -> bool:
        """Fold the next record of our own lane, if it counts.

        With `snapshots` (bytes by digest) records are chained, not folded, until one announces a
        snapshot: then its state is restored and True returned. From there on give none.
        """
        restored = False
        for accepted in self._chain.feed(record):
            if accepted.kind == INPUT_SKIPPED:
                self.learn_skip(accepted.value)
            if snapshots is None:
                self._fold(accepted)
            elif accepted.kind == SNAPSHOT_TAKEN:
                content = snapshots.get(str(json.loads(accepted.value)["digest"]))
                if content is not None:
                    self._restore(content)
                    restored = True
        return restored

    def _fold(self, accepted: Record) -> None:
        if accepted.consumed:
            topics = self.service.window_topics if self.service.window_inputs else ()
            self._remember(self.consumption.fold(accepted.consumed, topics))
        self.time_ms = accepted.time_ms
        if accepted.kind not in HOST_KINDS:
            self.state = self.service.evolve(self.state, self._decode_own(accepted))

    def rebuild(self, inputs: Iterable[Input]) -> None:
        """Show the window the inputs of `remembered`, in order."""
        for item in deque(inputs, maxlen=self.service.window_inputs):
            message = self._understand(item)
            if message is not None:
                self.window = self.service.observe(self.window, message)
        self._refused = ()  # said when it was consumed

    def fits(self, content: bytes) -> bool:
        """Tell whether a snapshot is of states as this service has them."""
        try:
            row = json.loads(content)  # its own fields in order, after its name
        except ValueError:
            return False
        return len(row) == len(fields(_Frozen)) + 1 and row[1] == self._shape

    @property
    def _shape(self) -> str:
        return snapshot.shape(type(self.service.initial))

    def allow(self, skip: Skip) -> None:
        """Pass over one event, should it come and be undecodable; say so then."""
        content = {
            "topic": skip.lane.topic,
            "lane": skip.lane.index,
            "seq": skip.seq,
            "hash": skip.hash,
            "actor": skip.actor,
            "reason": skip.reason,
            "command_id": skip.command_id,
            "key_id": skip.key_id,
            "payload": skip.payload.hex(),
            "signature": skip.signature.hex(),
        }
        self.learn_skip(json.dumps(content, sort_keys=True).encode())

    def learn_skip(self, content: bytes) -> None:
        """Learn what may be passed over from a record that says so."""
        row = json.loads(content)
        place = (Lane(row["topic"], row["lane"]), row["seq"], row["hash"])
        self._skips.setdefault(place, content)

    # 2. take over

    def take_over(self, release: str) -> None:
        """Open a term: once that is accepted, and nowhere before, this release decides."""
        self.term = self._chain.term + 1
        self._tip = self._chain.tip
        content = {"release": release, "incarnation": self.incarnation, "format": 1}
        self._queue([Draft(STARTED, json.dumps(content).encode())])

    # 3. live

    def consume(self, item: Input) -> bool:
        """Take one input and observe it; tell whether there is anything to decide."""
        # A step sent beside its start could arrive without it, and every reader would stop.
        assert self._chain.term == self.term, f"{self.lane}: the start is not accepted yet"
        if not self.consumption.is_news(item):
            return False
        self._message = self._understand(item)
        self.consumption.note(item)
        self._silent += self._is_worth_a_step(item)
        self.time_ms = max(self.time_ms, item.time_ms)
        if self._message is not None:
            self.window = self.service.observe(self.window, self._message)
            return True
        if self._refused:
            self._queue(self._refused)
            self._refused = ()
        self._flush_many()
        return False

    def ask(self, answers: Answers) -> Sequence[Question]:
        """Return what is still to be asked of models about the input just consumed."""
        assert self._message is not None, "nothing was consumed"
        return self.service.ask(self.state, self.window, self._message, answers)

    def decide(self, answers: Answers) -> Sequence[E]:
        """Decide on the input just consumed, evolve, and queue a step if anything was decided."""
        assert self._message is not None, "nothing was consumed"
        decided = self.service.decide(self.state, self.window, self._message, answers)
        self._message = None
        for event in decided:
            self.state = self.service.evolve(self.state, event)
        if decided:
            self._queue([self.service.events.encode(event) for event in decided], tuple(decided))
        self._flush_many()
        return decided

    def flush(self) -> None:
        """Record inputs that decided nothing, so that no later release decides them."""
        if self._silent:
            self._queue([Draft(ADVANCED, b"{}")])

    def take_snapshot(self) -> Snapshot:
        """Announce the bytes of the present state, and return them."""
        waiting = self.consumption.waiting
        positions = {
            str(lane): (lane.topic, lane.index, place.seq, place.hash)
            for lane, place in self.consumption.positions.items()
        }
        content = snapshot.encode(
            _Frozen(
                self._shape,
                snapshot.encode(self.state),
                positions,
                consumption.encode(chain(self.remembered, self._for_window(waiting))),
                self.time_ms,
            )
        )
        taken = Snapshot(content)
        self._queue([Draft(SNAPSHOT_TAKEN, json.dumps({"digest": taken.digest}).encode())])
        return taken

    def ready(self) -> tuple[Record, ...]:
        """Return what is to be appended: whole steps, chained to one another."""
        if not self._steps:
            return ()
        return tuple([record for step in self._steps for record in step.records])

    def advance(self) -> Sequence[Step[E]]:
        """Learn that all of `ready` was accepted; return it: its effects may start."""
        for step in self._steps:
            for record in step.records:
                self._chain.feed(record)
        assert self._chain.tip == self._tip, f"{self.lane}: the rule refuses our own steps"
        accepted, self._steps = self._steps, []
        return accepted

    def _restore(self, content: bytes) -> None:
        frozen: _Frozen = snapshot.decode(_Frozen, content)
        self.state = snapshot.decode(type(self.service.initial), frozen.state)
        self.time_ms = frozen.time_ms
        self.consumption = Consumption(
            {Lane(topic, i): Position(seq, h) for topic, i, seq, h in frozen.positions.values()}
        )
        self.remembered.clear()
        self._remembered = 0
        self._remember(consumption.decode(frozen.remembered))

    def _understand(self, item: Input) -> M | None:
        """Decode an input; bytes of an event lane that cannot be read stop this lane."""
        try:
            return self._decode(item)
        except UndecodableError as error:
            if item.hash:
                self._pass_over(item, error)
                return None
            fingerprint = hashlib.sha256(item.value).hexdigest()
            reason = {"lane": str(item.lane), "digest": fingerprint, "reason": str(error)}
            self._refused = (Draft(INPUT_REFUSED, json.dumps(reason, sort_keys=True).encode()),)
            return None

    def _pass_over(self, item: Input, error: UndecodableError) -> None:
        """Say that this event is left undecided, if a person signed for that."""
        content = self._skips.get((item.lane, item.number, item.hash))
        if content is None:
            raise UndecodableError(
                f"{item.lane}: record {item.number}: {error} {self.lane} stops here. Start the"
                f" release that wrote the record; if none can read it, an admin may sign for"
                f" passing over it: kingmaker lane skip {self.service.name} {item.lane}"
                f" {item.number} --reason ..."
            ) from error
        self._refused = (Draft(INPUT_SKIPPED, content),)

    def _decode(self, item: Input) -> M | None:
        if item.lane.topic == CLOCK.topic:
            return Tick(item.number)  # type: ignore[return-value] # M of a clocked service has Tick
        if not (item.hash or self.service.may_carry(item.lane.topic, item.kind)):
            raise UndecodableError(f"{item.kind} does not belong in {item.lane.topic}")
        return self.service.messages.decode(item.kind, item.value)

    def _is_worth_a_step(self, item: Input) -> bool:
        """Tell hosts' own words and ticks from the rest."""
        # Two services that read each other would answer silence with silence for ever.
        return item.kind not in PROCESS_KINDS and item.lane.topic != CLOCK.topic

    def _flush_many(self) -> None:
        if self._silent >= SILENT_INPUTS_MAX:
            self.flush()

    def _remember(self, consumed: Iterable[Consumed]) -> None:
        """Keep what the window may need, and no more than that."""
        if not self.service.window_inputs:
            return
        for item in self._for_window(consumed):
            self.remembered.append(item)
            self._remembered += _inputs_in(item)
        excess = self._remembered - self.service.window_inputs
        while self.remembered and _inputs_in(self.remembered[0]) <= excess:
            dropped = _inputs_in(self.remembered.popleft())
            excess -= dropped
            self._remembered -= dropped

    def _for_window(self, consumed: Iterable[Consumed]) -> Iterator[Consumed]:
        topics = self.service.window_topics
        return (item for item in consumed if item.lane.topic in topics)

    def _queue(self, drafts: Sequence[Draft], events: tuple[E, ...] = ()) -> None:
        consumed = self.consumption.take()
        self._silent = 0
        self._remember(consumed)
        km_in = consumption.encode(consumed)
        pen = Pen(self.term, self.writer, self.time_ms)
        records = frame(self._tip, pen, drafts, km_in)
        self._tip = records[-1].position
        self._steps.append(Step(consumed, events, records))

    def _decode_own(self, record: Record) -> E:
        try:
            event = self.service.events.decode(record.kind, record.value)
        except UndecodableError as error:
            raise UndecodableError(f"{self.lane}: record {record.seq}: {error}") from error
        if event is None:
            raise UndecodableError(
                f"{self.lane}: record {record.seq} is a {record.kind}, which this release does not"
                f" know. Start the release that wrote it, or a newer one."
            )
        return event


def _inputs_in(item: Consumed) -> int:
    return item.last - item.first + 1 if isinstance(item, Run) else 1
